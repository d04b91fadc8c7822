//! Findings in plain words: the same on the page, at the command line, in the API and in the letter.

use domain::hold::HoldReason;
use domain::money::Kopecks;
use domain::reconcile::FindingKind;
use receipts::language::Language;

use super::{FindingView, Repair};
use crate::alerts::Words;

/// What is the matter.
pub fn explain(finding: &FindingView) -> Words {
    Words::new(english(finding), ukrainian(finding))
}

fn english(finding: &FindingView) -> String {
    let figures = &finding.figures;
    let sum = |minor| sum(minor, Language::En);
    let (paid, refunded) = (sum(figures.paid), sum(figures.refunded));
    let (sold, returned) = (sum(figures.sold), sum(figures.returned));
    let why = missing(figures.missing.as_deref()).en;
    let (amount, number) = (major(figures.amount, Language::En), number(finding));
    match finding.kind {
        FindingKind::MissedPayment => {
            format!("The payment system has a payment of {paid} that it never told Kasyr of, so there is no receipt.")
        }
        FindingKind::PaidWithoutReceipt => format!("{paid} was paid, and receipts are there for {sold}: {why}."),
        FindingKind::RefundedWithoutReturn => {
            format!("{refunded} went back to the buyer, and return receipts are there for {returned}: {why}.")
        }
        FindingKind::ReceiptWithoutPayment => {
            format!("There is a receipt of {sold}, and the payment system knows no payment of this order.")
        }
        FindingKind::AmountsDiffer => format!(
            "The amounts differ: {paid} was paid and {refunded} given back; receipts say {sold} sold and {returned} \
             returned."
        ),
        FindingKind::DuplicateReceipt => match &figures.twin {
            Some(twin) => format!(
                "Document {number} for {amount} is a second copy of receipt {twin}: one payment has two receipts."
            ),
            None => format!("{paid} was paid once, and several receipts come to {sold}: one of them is too many."),
        },
        FindingKind::ForeignDocument => {
            format!("Document {number} for {amount} is on the register's tape, and Kasyr did not make it.")
        }
    }
}

fn ukrainian(finding: &FindingView) -> String {
    let figures = &finding.figures;
    let sum = |minor| sum(minor, Language::Uk);
    let (paid, refunded) = (sum(figures.paid), sum(figures.refunded));
    let (sold, returned) = (sum(figures.sold), sum(figures.returned));
    let why = missing(figures.missing.as_deref()).uk;
    let (amount, number) = (major(figures.amount, Language::Uk), number(finding));
    match finding.kind {
        FindingKind::MissedPayment => {
            format!("У платіжній системі є оплата {paid}, про яку Kasyr не повідомили, тому чека немає.")
        }
        FindingKind::PaidWithoutReceipt => format!("Сплачено {paid}, а чеків є на {sold}: {why}."),
        FindingKind::RefundedWithoutReturn => {
            format!("Покупцеві повернено {refunded}, а чеків повернення є на {returned}: {why}.")
        }
        FindingKind::ReceiptWithoutPayment => {
            format!("Є чек на {sold}, а платіжна система не знає жодної оплати цього замовлення.")
        }
        FindingKind::AmountsDiffer => format!(
            "Суми не сходяться: сплачено {paid}, повернено {refunded}; за чеками продано {sold}, повернено {returned}."
        ),
        FindingKind::DuplicateReceipt => match &figures.twin {
            Some(twin) => {
                format!("Документ {number} на {amount} — друга копія чека {twin}: на одну оплату два чеки.")
            }
            None => format!("Сплачено {paid} один раз, а чеків кілька, разом на {sold}: один із них зайвий."),
        },
        FindingKind::ForeignDocument => format!("На касі є документ {number} на {amount}, якого Kasyr не робив."),
    }
}

/// What leads out of it.
pub fn next_step(finding: &FindingView) -> Words {
    match (finding.kind, finding.repair) {
        (_, Repair::TakeIn) => Words::new(
            "Take it in: Kasyr asks the payment system once more and makes the receipt.",
            "Прийміть її: Kasyr перепитає платіжну систему і зробить чек.",
        ),
        (_, Repair::Resend) => match finding.figures.missing.as_deref().and_then(HoldReason::parse) {
            Some(reason) => Words::new(
                format!("Make the receipt now. Before that: {}.", reason.next_step()),
                format!("Зробіть чек зараз. Перед тим: {}.", reason.next_step_uk()),
            ),
            None => Words::new("Make the receipt now.", "Зробіть чек зараз."),
        },
        (_, Repair::Link) => Words::new(
            "If it belongs to an order, link it, and it counts there. Otherwise find out who made it, and close this \
             line with a reason.",
            "Якщо він належить до замовлення, прив'яжіть його, і він там рахуватиметься. Інакше з'ясуйте, хто його \
             зробив, і закрийте цей рядок з поясненням.",
        ),
        (FindingKind::DuplicateReceipt, Repair::AskAgain) => Words::new(
            "Make a return of the surplus receipt in the register's cabinet; the line goes by itself once it is \
             there. Otherwise close it with a reason.",
            "Зробіть у кабінеті каси повернення зайвого чека; рядок зникне сам, коли воно там з'явиться. Інакше \
             закрийте його з поясненням.",
        ),
        (FindingKind::ReceiptWithoutPayment, Repair::AskAgain) => Words::new(
            "Look for the payment in the payment system's cabinet and ask again; if there was none, make a return of \
             the receipt and close this line with a reason.",
            "Знайдіть оплату в кабінеті платіжної системи і перепитайте; якщо її не було, зробіть повернення чека і \
             закрийте цей рядок з поясненням.",
        ),
        (FindingKind::AmountsDiffer, Repair::AskAgain) => Words::new(
            "Correct it with a return or one more receipt in the register's cabinet and link that document to the \
             order, or close this line with a reason.",
            "Виправте поверненням або ще одним чеком у кабінеті каси і прив'яжіть той документ до замовлення, або \
             закрийте цей рядок з поясненням.",
        ),
        (
            FindingKind::MissedPayment
            | FindingKind::PaidWithoutReceipt
            | FindingKind::RefundedWithoutReturn
            | FindingKind::ForeignDocument,
            Repair::AskAgain,
        ) => match finding.figures.missing.as_deref().and_then(HoldReason::parse) {
            Some(reason) => Words::new(
                format!("The document waits for a person: {}.", reason.next_step()),
                format!("Документ чекає на людину: {}.", reason.next_step_uk()),
            ),
            None => Words::new(
                "It is being made; ask again in a while, and look at the register's state.",
                "Його роблять; перепитайте згодом і гляньте на стан каси.",
            ),
        },
    }
}

fn missing(why: Option<&str>) -> Words {
    match why {
        Some("under_way") => Words::new(
            "the receipt is on its way for longer than usual",
            "чек у дорозі довше, ніж звичайно",
        ),
        Some(code) if HoldReason::parse(code).is_some() => {
            Words::new("the receipt waits for a person", "чек чекає на людину")
        }
        Some(_) | None => Words::new("nothing was made", "нічого не зроблено"),
    }
}

fn sum(minor: Option<u64>, language: Language) -> String {
    let amount = Kopecks::from_minor(minor.unwrap_or(0)).unwrap_or(Kopecks::MAX);
    format!("{} ₴", receipts::money(amount, language))
}

fn major(minor: Option<i64>, language: Language) -> String {
    match minor.and_then(|minor| u64::try_from(minor).ok()) {
        Some(minor) => sum(Some(minor), language),
        None => "?".to_owned(),
    }
}

fn number(finding: &FindingView) -> &str {
    finding.fiscal_number.as_deref().unwrap_or("?")
}
