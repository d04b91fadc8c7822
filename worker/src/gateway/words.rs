//! The alerts about a payment system's receipts.

use domain::found::Found;
use domain::ids::{MerchantId, SourceId};
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::gateway::{Claim, Totals, alert};

use super::code;

/// The payment system did not make what it should have made.
pub(super) fn missing(
    claim: &Claim,
    severity: Severity,
    expected: Totals,
    found: Totals,
    trouble: Option<&str>,
) -> NewAlert {
    let (en_why, uk_why) = match trouble {
        None => (String::new(), String::new()),
        Some(why) => (
            format!(" At the last look: {why}."),
            format!(" Під час останньої перевірки: {why}."),
        ),
    };
    let order = claim.order.as_str();
    new(
        claim,
        alert::MISSING,
        severity,
        Words::new(
            format!(
                "The payment system has not made all receipts of order {order}: {} of {} sold, {} of {} given back.{en_why}",
                found.sold, expected.sold, found.returned, expected.returned
            ),
            format!(
                "Платіжна система зробила не всі чеки замовлення {order}: продано {} з {}, повернено {} з {}.{uk_why}",
                found.sold, expected.sold, found.returned, expected.returned
            ),
        ),
        Words::new(
            "Look at the order in the payment system's merchant portal: is its cash register on? Have its support make the \
             receipt; this alert closes when it is there.",
            "Перегляньте замовлення в кабінеті платіжної системи: чи ввімкнено її касу? Попросіть підтримку зробити чек; \
             щойно він з’явиться, попередження закриється.",
        ),
    )
}

/// The tax service refused a receipt, or one is not understood.
pub(super) fn refused(claim: &Claim, first: &Found, number: usize) -> NewAlert {
    let order = claim.order.as_str();
    let (what, next_step) = match first {
        Found::Refused { transaction, code } => {
            let (meaning, next_step) = code::words(code);
            let words = Words::new(
                format!("transaction {transaction}, code {code}: {}", meaning.en),
                format!("транзакція {transaction}, код {code}: {}", meaning.uk),
            );
            (words, next_step)
        }
        Found::Unanswered { transaction } => (
            Words::new(
                format!("transaction {transaction}: the tax service has not answered"),
                format!("транзакція {transaction}: податкова не відповіла"),
            ),
            code::words("").1,
        ),
        Found::Unclear { transaction, why } => (
            Words::new(
                format!("transaction {transaction} is not understood: {why}"),
                format!("транзакцію {transaction} не вдалося прочитати: {why}"),
            ),
            code::words("").1,
        ),
        Found::Receipt(receipt) => {
            let text = format!("{}", receipt.fiscal_number);
            (Words::new(text.clone(), text), code::words("").1)
        }
    };
    let more = number.saturating_sub(1);
    let (en_more, uk_more) = if more == 0 {
        (String::new(), String::new())
    } else {
        (format!(" And {more} more."), format!(" І ще {more}."))
    };
    new(
        claim,
        alert::REFUSED,
        Severity::Critical,
        Words::new(
            format!(
                "A receipt of order {order} that the payment system made is not registered: {}.{en_more}",
                what.en
            ),
            format!(
                "Чек замовлення {order}, який робила платіжна система, не зареєстровано: {}.{uk_more}",
                what.uk
            ),
        ),
        next_step,
    )
}

/// The receipts come to another sum than the payment.
pub(super) fn differs(claim: &Claim, expected: Totals, found: Totals) -> NewAlert {
    let order = claim.order.as_str();
    new(
        claim,
        alert::DIFFERS,
        Severity::Critical,
        Words::new(
            format!(
                "The payment system's receipts of order {order} differ from its money: {} of {} sold, {} of {} given back.",
                found.sold, expected.sold, found.returned, expected.returned
            ),
            format!(
                "Чеки платіжної системи для замовлення {order} не сходяться з грошима: продано {} з {}, повернено {} з {}.",
                found.sold, expected.sold, found.returned, expected.returned
            ),
        ),
        Words::new(
            "Compare the order's payments with its receipts in the payment system's merchant portal, and ask its support to \
             correct them.",
            "Порівняйте оплати й чеки замовлення в кабінеті платіжної системи та попросіть її підтримку виправити їх.",
        ),
    )
}

/// Both of us make receipts.
pub(crate) fn double(merchant: &MerchantId, source: &SourceId, order: &str) -> NewAlert {
    NewAlert {
        kind: alert::DOUBLE,
        subject: source.to_string(),
        severity: Severity::Critical,
        merchant: Some(merchant.clone()),
        register: None,
        text: Words::new(
            format!(
                "Payments of {source} get two receipts: the payment system made one for order {order}, and so did we."
            ),
            format!(
                "Оплати {source} отримують по два чеки: для замовлення {order} чек зробила платіжна система, і ми теж."
            ),
        ),
        next_step: Words::new(
            "Decide who makes them: switch the payment system's cash register off in its merchant portal, or choose in this \
             source's settings that the payment system makes the receipts. Then give the doubled receipts back.",
            "Вирішіть, хто робить чеки: вимкніть касу платіжної системи в її кабінеті або оберіть у налаштуваннях цього \
             джерела, що чеки робить платіжна система. Потім оформіть повернення за зайвими чеками.",
        ),
    }
}

fn new(claim: &Claim, kind: &'static str, severity: Severity, text: Words, next_step: Words) -> NewAlert {
    NewAlert {
        kind,
        subject: claim.id.clone(),
        severity,
        merchant: Some(claim.merchant.clone()),
        register: None,
        text,
        next_step,
    }
}
