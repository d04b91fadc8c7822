//! What a check must satisfy (sheet §11.5 and §11.10.11). Changes nothing.

use super::register::Register;
use super::totals::{kopecks, whole};
use super::wire::{Check, Decimal, DocSubType, DocType, Refusal, line_cost, money};

mod fields;

/// A check that passed.
pub(super) struct Valid {
    pub kind: DocSubType,
    /// What the document's sum is; 0 for a storno.
    pub sum_kopecks: i64,
    /// The position of the check that a storno cancels.
    pub storno_of: Option<usize>,
}

/// Validates a check against itself and against the register's tape. Runs with the shift open.
pub(super) fn check(register: &Register, check: &Check, storned: Option<&Check>) -> Result<Valid, Refusal> {
    let kind = kind(check)?;
    fields::check(check)?;
    let testing = check.checkhead.as_ref().and_then(|head| head.testing).unwrap_or(false);
    if register.open_shift().is_some_and(|shift| shift.testing != testing) {
        return Err(Refusal::invalid("Ознака тестування чека не відповідає зміні"));
    }
    match kind {
        DocSubType::CheckGoods | DocSubType::CheckReturn => settlement(check)?,
        DocSubType::ServiceDeposit | DocSubType::AdditionalDeposit | DocSubType::ServiceIssue => {
            positive_sum(check)?;
        }
        DocSubType::CheckStorno => {
            let storno_of = storno_target(register, check, storned)?;
            return Ok(Valid {
                kind,
                sum_kopecks: 0,
                storno_of: Some(storno_of),
            });
        }
    }
    Ok(Valid {
        kind,
        sum_kopecks: check.sum().unwrap_or(0),
        storno_of: None,
    })
}

fn kind(check: &Check) -> Result<DocSubType, Refusal> {
    let head = check
        .checkhead
        .as_ref()
        .ok_or_else(|| Refusal::invalid("Відсутній елемент CHECKHEAD"))?;
    let doc_type = head
        .doctype
        .ok_or_else(|| Refusal::invalid("Відсутній елемент DOCTYPE"))?;
    if doc_type != DocType::SaleGoods {
        return Err(Refusal::invalid(format!(
            "Тип документа {} не підтримується",
            doc_type.name()
        )));
    }
    head.docsubtype
        .ok_or_else(|| Refusal::invalid("Відсутній елемент DOCSUBTYPE"))
}

fn positive_sum(check: &Check) -> Result<i64, Refusal> {
    check
        .sum()
        .filter(|sum| *sum > 0)
        .ok_or_else(|| Refusal::invalid("CHECKTOTAL.SUM має бути більше нуля"))
}

fn settlement(check: &Check) -> Result<(), Refusal> {
    let sum = positive_sum(check)?;
    let lines = check.checkbody.as_deref().unwrap_or_default();
    if lines.is_empty() {
        return Err(Refusal::invalid("CHECKBODY не містить жодного рядка"));
    }
    let mut costs = 0;
    let mut discounts = 0;
    for (index, line) in lines.iter().enumerate() {
        let amount = line.amount.and_then(Decimal::thousandths).unwrap_or(0);
        let cost = kopecks(line.cost);
        let expected = line_cost(amount, kopecks(line.price)).unwrap_or(i64::MAX);
        if amount <= 0 || cost < 0 || (cost - expected).abs() > 1 {
            let (cost, expected) = (money(cost), money(expected));
            return Err(Refusal::invalid(format!(
                "Рядок {}: вартість {cost} не дорівнює {expected}",
                index + 1
            )));
        }
        costs += cost;
        discounts += kopecks(line.discountsum);
    }
    letters(check)?;
    let added: i64 = check
        .checktax
        .iter()
        .flatten()
        .filter(|tax| tax.sign == Some(true))
        .map(|tax| kopecks(tax.sum))
        .sum();
    let discount = check
        .checktotal
        .as_ref()
        .and_then(|total| total.discountsum)
        .and_then(Decimal::kopecks);
    let expected = costs - discount.unwrap_or(discounts) + added;
    totals(check, sum, expected)?;
    payments(check)
}

/// The total rule: E is what the lines, the discounts and the added taxes come to.
fn totals(check: &Check, sum: i64, expected: i64) -> Result<(), Refusal> {
    let in_parts = check
        .checktotal
        .as_ref()
        .is_some_and(|total| total.partpaytype.is_some());
    let (before, rounding) = (check.before_rounding(), check.rounding());
    let rounded = before.is_some() || rounding.is_some();
    let paid = check
        .paid()
        .filter(|paid| *paid > 0)
        .ok_or_else(|| Refusal::invalid("PARTPAYSUM має бути більше нуля"))?;
    if in_parts || !rounded {
        equal("Загальна сума", sum, expected)?;
    }
    if !rounded {
        return Ok(());
    }
    let before = before.unwrap_or(if in_parts { paid } else { expected });
    if !in_parts {
        equal("NORNDSUM", before, expected)?;
    }
    equal("RNDSUM", rounding.unwrap_or(0), before - paid)
}

fn payments(check: &Check) -> Result<(), Refusal> {
    let pays = check.checkpay.as_deref().unwrap_or_default();
    if pays
        .iter()
        .any(|pay| kopecks(pay.sum) <= 0 || pay.payformcd.and_then(whole).is_none())
    {
        return Err(Refusal::invalid("CHECKPAY: потрібні PAYFORMCD і сума більше нуля"));
    }
    let paid = pays.iter().map(|pay| kopecks(pay.sum)).sum();
    equal("Сума оплат", paid, check.paid().unwrap_or(0))
}

fn letters(check: &Check) -> Result<(), Refusal> {
    let taxes = check.checktax.as_deref().unwrap_or_default();
    if taxes.is_empty() {
        return Ok(());
    }
    let known = |letter: char| {
        taxes
            .iter()
            .any(|tax| tax.letter.as_deref().is_some_and(|known| known.contains(letter)))
    };
    let used = check
        .checkbody
        .iter()
        .flatten()
        .filter_map(|line| line.letters.as_deref());
    match used.flat_map(str::chars).find(|letter| !known(*letter)) {
        Some(letter) => Err(Refusal::invalid(format!("Літера {letter} відсутня в CHECKTAX"))),
        None => Ok(()),
    }
}

fn equal(what: &str, said: i64, expected: i64) -> Result<(), Refusal> {
    if said == expected {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "{what} {} не дорівнює обчисленій {}",
        money(said),
        money(expected)
    )))
}

/// The check a storno cancels: only the register's last document, in the open shift, and only once.
fn storno_target(register: &Register, check: &Check, storned: Option<&Check>) -> Result<usize, Refusal> {
    let last_only = || Refusal::invalid("Сторнувати можна лише останній документ");
    let named = check.checkhead.as_ref().and_then(|head| head.orderstornum.as_deref());
    let last = register.last_document();
    let position = match (named, storned) {
        (Some(number), _) => register.by_number.get(number).copied(),
        (None, Some(_)) => last,
        (None, None) => return Err(Refusal::invalid("Відсутній елемент ORDERSTORNUM")),
    };
    let position = position
        .filter(|position| Some(*position) == last)
        .ok_or_else(last_only)?;
    let target = register.documents.get(position).ok_or_else(last_only)?;
    let in_open_shift = register
        .open_shift()
        .is_some_and(|shift| target.shift_id == Some(shift.id));
    let fits = target.doc_type == Some(DocType::SaleGoods) && !target.is(DocSubType::CheckStorno) && !target.storned;
    if !fits || !in_open_shift {
        return Err(last_only());
    }
    match storned {
        Some(original) => {
            equal("Сума StornedCheck", original.sum().unwrap_or(0), target.sum_kopecks).map(|()| position)
        }
        None => Ok(position),
    }
}
