//! What a shop's endpoint is told: the receipt JSON (see [`hooks::receipt`]), or the same in an event's envelope.

use domain::document::Presence;
use domain::money::Kopecks;
use domain::tax::Rate;
use hooks::receipt::{Base64, CheckData, CheckType, Null, Payment, Product, Receipt, Tax};
use hooks::{Amount, Event, EventKind, Money};
use jiff::Timestamp;
use ledger::gateway::MadeBy;
use ledger::sheet::Sheet;
use receipts::language::Language;
use receipts::{pdf, qr, text};
use serde::Serialize;

use crate::kyiv;

/// The payment form's code: anything but zero is cashless.
const CASHLESS: u32 = 1;
const COLUMNS: usize = 42;
const PIXELS: u32 = 4;

/// The shop's own names beside the receipt.
#[derive(Serialize)]
pub(super) struct Data {
    order_id: String,
    document_id: String,
    /// None: the payment system's own register made it.
    register_id: Option<String>,
    /// `kasyr`, `gateway`.
    made_by: &'static str,
    /// `sale`, `storno`, `return`.
    kind: &'static str,
    /// `online`, `offline`, `delivered`.
    presence: &'static str,
    /// The fiscal number of the sale that is given back.
    sale_number: Option<String>,
    receipt: Receipt,
}

/// The envelope. Its time is the receipt's, so every try says the same.
pub(super) fn event(kind: EventKind, sheet: &Sheet, page: &str) -> Event<Data> {
    Event {
        kind,
        timestamp: Timestamp::from_millisecond(sheet.done_at.0).unwrap_or(Timestamp::UNIX_EPOCH),
        data: Data {
            order_id: sheet.paper.order.clone(),
            document_id: sheet.document.to_string(),
            register_id: sheet.register.as_ref().map(ToString::to_string),
            made_by: match sheet.paper.by_gateway {
                true => MadeBy::Gateway.as_str(),
                false => MadeBy::Kasyr.as_str(),
            },
            kind: sheet.kind.as_str(),
            presence: sheet.paper.presence.as_str(),
            sale_number: sheet.paper.sale.clone(),
            receipt: receipt(sheet, page),
        },
    }
}

/// The receipt's shape.
pub(super) fn receipt(sheet: &Sheet, page: &str) -> Receipt {
    let paper = &sheet.paper;
    let offline = paper.presence == Presence::Offline;
    let at = paper
        .registered_at
        .as_deref()
        .and_then(kyiv::read)
        .unwrap_or(sheet.done_at);
    let local = kyiv::local(at);
    let link = paper.link.clone().unwrap_or_default();
    let png = (!link.is_empty()).then(|| qr::Qr::of(&link).and_then(|code| code.png(PIXELS)));
    Receipt {
        num_fiscal: paper.register_number.clone(),
        check_type: if sheet.kind.is_refund() {
            CheckType::Return
        } else {
            CheckType::Sale
        },
        hash: paper.control_number.clone().unwrap_or_default(),
        order_num: paper.fiscal_number.clone(),
        order_date: local.date(),
        order_time: local.time(),
        is_offline: offline,
        check_data: check_data(sheet),
        qr: Base64(png.and_then(Result::ok).unwrap_or_default()),
        qr_data: link,
        link: page.to_owned(),
        // A receipt that cannot be drawn is told of all the same; its page says what it says.
        pdf: Base64(pdf::pdf(paper, Language::Uk, pdf::Form::Roll80).unwrap_or_default()),
        text_print: Base64(text::print(paper, COLUMNS).into_bytes()),
        uuid: sheet.document.to_string(),
        local_number: paper.local_number,
        cash_in_box: Money::from_kopecks(0),
    }
}

fn check_data(sheet: &Sheet) -> CheckData {
    let paper = &sheet.paper;
    let total = money(paper.content.total());
    let offline_id = (paper.presence != Presence::Online).then(|| paper.fiscal_number.clone());
    CheckData {
        total_sum: total,
        payments: vec![Payment {
            code: CASHLESS,
            name: "КАРТКА".to_owned(),
            sum: total,
            sum_provided: total,
            sum_remains: Money::from_kopecks(0),
            pay_terminal: Null,
        }],
        tax: taxes(sheet),
        products: paper.content.basket.lines().iter().map(product).collect(),
        offline_id,
        date: None,
        local_number: paper.local_number,
        footer: Some(format!("Замовлення {}", paper.order)),
        round_sum: Money::from_kopecks(0),
        global_discount: Money::from_kopecks(0),
    }
}

fn taxes(sheet: &Sheet) -> Vec<Tax> {
    let content = &sheet.paper.content;
    if content.taxes.is_empty() {
        return vec![tax("БЕЗ ПДВ", None, 0, content.total(), Kopecks::ZERO)];
    }
    content
        .taxes
        .iter()
        .map(|row| {
            tax(
                "ПДВ",
                Some(row.letter.to_string()),
                percent(row.rate),
                row.taxable,
                row.tax,
            )
        })
        .collect()
}

fn tax(name: &str, letter: Option<String>, prc: u32, turnover: Kopecks, sum: Kopecks) -> Tax {
    Tax {
        name: name.to_owned(),
        letter,
        prc,
        turnover: money(turnover),
        sum: money(sum),
        excise_prc: Null,
        excise_sum: Null,
        excise_letter: Null,
        excise_turnover: Null,
    }
}

/// In whole percents, as the shape has it; Ukrainian rates are.
const fn percent(rate: Rate) -> u32 {
    rate.basis_points() / 100
}

fn product(line: &domain::basket::Line) -> Product {
    Product {
        code: line.code.clone(),
        uktzed: line.uktzed.clone(),
        unit_code: Some(line.unit.code.to_string()),
        unit_name: Some(line.unit.name.clone()),
        amount: Amount::from_thousandths(line.quantity.thousandths()),
        name: line.name.clone(),
        price: money(line.price),
        letters: line.letter.map(|letter| letter.to_string()).unwrap_or_default(),
        cost: money(line.cost),
        sum_discount: money(line.discount),
        bar_code: None,
        excise_barcode: None,
        excise_letter: String::new(),
    }
}

fn money(amount: Kopecks) -> Money {
    // Kopecks::MAX fits by far.
    Money::from_kopecks(i64::try_from(amount.minor()).unwrap_or(i64::MAX))
}
