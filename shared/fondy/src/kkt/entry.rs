//! One entry: the document as the gateway sent it (names of the tax service), and the tax service's answer.

use super::{KktCode, KktEntry, KktLine, KktPayment};
use crate::CallbackError;
use crate::decimal;
use crate::fields::{Fields, Value};
use crate::status::TranType;
use crate::transactions::is_true;
use wire::{read_items, read_object};

/// Reads a transaction's value: an entry, or a list of attempts.
pub(super) fn read(id: &str, value: &Value<'_>) -> Result<Vec<KktEntry>, CallbackError> {
    let raw = value.nested().ok_or(CallbackError::NotAnObject)?;
    if raw.starts_with('[') {
        return read_items(raw)?.into_iter().map(|raw| one(id, raw.get())).collect();
    }
    Ok(vec![one(id, raw)?])
}

fn one(id: &str, raw: &str) -> Result<KktEntry, CallbackError> {
    let fields = read_object(raw)?;
    let kind = fields.text("type").ok_or(CallbackError::MissingField("type"))?;
    let request = object(&fields, "request")?.ok_or(CallbackError::MissingField("request"))?;
    let head = object(&request, "CHECKHEAD")?.unwrap_or_default();
    let total = object(&request, "CHECKTOTAL")?.unwrap_or_default();
    // Before the tax service answered there may be nothing, `null`, or an empty list.
    let answer = object(&fields, "response")?.unwrap_or_default();
    let payments = each(&request, "CHECKPAY", payment)?;
    let lines = each(&request, "CHECKBODY", line)?;
    let own = |name| text(&head, name);
    let code = match answer.text("ERRORCODE").map(str::trim) {
        None => KktCode::Absent,
        Some("0") => KktCode::Accepted,
        Some(code) => KktCode::Refused(short(code)),
    };
    Ok(KktEntry {
        transaction_id: id.to_owned(),
        kind: TranType::from_wire(kind),
        uid: text(&answer, "UID").or_else(|| own("UID")),
        total: match kopecks(&total, "SUM")? {
            Some(sum) => sum,
            None => sum_of(payments.iter().map(|payment| payment.sum))?,
        },
        lines,
        payments,
        register_number: own("CASHREGISTERNUM"),
        local_number: number(&answer, "ORDERNUM").or_else(|| number(&head, "ORDERNUM")),
        registered_at: moment(&answer).or_else(|| moment(&head)),
        offline: is_true(head.get("OFFLINE")),
        cashier: own("CASHIER"),
        seller: own("ORGNM"),
        tin: own("TIN"),
        unit: own("POINTNM"),
        address: own("POINTADDR"),
        code,
        fiscal_number: text(&answer, "ORDERTAXNUM").filter(|number| number != "0"),
    })
}

fn payment(fields: &Fields<'_>) -> Result<KktPayment, CallbackError> {
    let systems = each(fields, "PAYSYS", |system| {
        Ok([
            text(system, "NAME"),
            text(system, "EPZDETAILS"),
            text(system, "AUTHCD"),
            text(system, "ACQUIRETRANSID"),
        ])
    })?;
    let [system, masked_card, auth_code, rrn] = systems.into_iter().next().unwrap_or_default();
    Ok(KktPayment {
        form: text(fields, "PAYFORMCD"),
        sum: kopecks(fields, "SUM")?.ok_or(CallbackError::MissingField("SUM"))?,
        system: system.or_else(|| text(fields, "PAYFORMNM")),
        masked_card,
        auth_code,
        rrn,
    })
}

fn line(fields: &Fields<'_>) -> Result<KktLine, CallbackError> {
    let cost = kopecks(fields, "COST")?;
    let quantity = match fields.text("AMOUNT") {
        None => 1000,
        Some(text) => decimal::parse(text.trim(), 3)
            .filter(|quantity| !quantity.negative)
            .map(|quantity| quantity.magnitude)
            .ok_or(CallbackError::BadField { name: "AMOUNT" })?,
    };
    let price = kopecks(fields, "PRICE")?;
    let cost = cost.or(price).ok_or(CallbackError::MissingField("COST"))?;
    Ok(KktLine {
        code: text(fields, "CODE"),
        name: text(fields, "NAME").unwrap_or_default(),
        description: text(fields, "DESCRIPTION"),
        unit: text(fields, "UNITNM"),
        quantity_thousandths: quantity,
        price: price.unwrap_or(cost),
        cost,
    })
}

/// An object among the fields. Nothing where `null`, an empty text or an empty list stands for it.
fn object<'a>(fields: &Fields<'a>, name: &'static str) -> Result<Option<Fields<'a>>, CallbackError> {
    match fields.get(name) {
        None => Ok(None),
        Some(value) => match value.nested() {
            Some(raw) if raw.starts_with('{') => Ok(Some(read_object(raw)?)),
            Some(raw) if raw.starts_with('[') && read_items(raw)?.is_empty() => Ok(None),
            Some(_) => Err(CallbackError::BadField { name }),
            None if value.scalar() == Some("") => Ok(None),
            None => Err(CallbackError::BadField { name }),
        },
    }
}

/// A list of objects among the fields; one that is not there is empty.
fn each<T>(
    fields: &Fields<'_>,
    name: &'static str,
    read: impl Fn(&Fields<'_>) -> Result<T, CallbackError>,
) -> Result<Vec<T>, CallbackError> {
    let Some(raw) = fields.get(name).and_then(Value::nested) else {
        return Ok(Vec::new());
    };
    if !raw.starts_with('[') {
        return Err(CallbackError::BadField { name });
    }
    read_items(raw)?
        .into_iter()
        .map(|raw| read(&read_object(raw.get())?))
        .collect()
}

/// A text as a person reads it: without what no database likes, and of bounded length.
fn text(fields: &Fields<'_>, name: &str) -> Option<String> {
    let clean: String = fields
        .text(name)?
        .chars()
        .filter(|character| !character.is_control())
        .take(1024)
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

fn kopecks(fields: &Fields<'_>, name: &'static str) -> Result<Option<u64>, CallbackError> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    decimal::parse(text.trim(), 2)
        .filter(|amount| !amount.negative)
        .map(|amount| Some(amount.magnitude))
        .ok_or(CallbackError::BadField { name })
}

fn sum_of(amounts: impl Iterator<Item = u64>) -> Result<u64, CallbackError> {
    let mut any = false;
    let mut total = 0_u64;
    for amount in amounts {
        any = true;
        total = total
            .checked_add(amount)
            .ok_or(CallbackError::BadField { name: "SUM" })?;
    }
    if any {
        Ok(total)
    } else {
        Err(CallbackError::MissingField("SUM"))
    }
}

fn number(fields: &Fields<'_>, name: &str) -> Option<u64> {
    fields.text(name)?.trim().parse().ok()
}

/// `DDMMYYYY` and `hhmmss` as `YYYY-MM-DDThh:mm:ss`; leading zeros may be lost where a number stands.
fn moment(fields: &Fields<'_>) -> Option<String> {
    let date = padded(fields.text("ORDERDATE")?, 8)?;
    let time = padded(fields.text("ORDERTIME")?, 6)?;
    let part = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let (day, month, year) = (part(&date, 0, 2)?, part(&date, 2, 4)?, part(&date, 4, 8)?);
    let (hour, minute, second) = (part(&time, 0, 2)?, part(&time, 2, 4)?, part(&time, 4, 6)?);
    let within =
        |text: &str, least: u32, most: u32| text.parse().is_ok_and(|number: u32| (least..=most).contains(&number));
    let real = within(&day, 1, 31)
        && within(&month, 1, 12)
        && within(&year, 2000, 9999)
        && within(&hour, 0, 23)
        && within(&minute, 0, 59)
        && within(&second, 0, 59);
    real.then(|| format!("{year}-{month}-{day}T{hour}:{minute}:{second}"))
}

fn padded(text: &str, length: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= length && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("{text:0>length$}"))
}

/// A code as received, of bounded length.
fn short(code: &str) -> String {
    code.chars().filter(|c| !c.is_control()).take(64).collect()
}
