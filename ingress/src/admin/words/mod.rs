//! What the ledger's stable words are called by people.

mod deeds;
mod deliveries;

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ukrainian;
use ledger::actions::Ask;
use ledger::fiscalization::Fiscalization;
use ledger::people::Role;
use ledger::settings::Provider;
use maud::{Markup, html};

use super::language::Language;
use super::parts::{Tone, badge};

pub(super) use deeds::{deed, deeds};
pub(super) use deliveries::{STATES, channel, delivery_badge, delivery_state, delivery_trouble, delivery_why, news};

/// What a document is.
pub(super) fn kind(l: Language, word: &str) -> String {
    let Some(kind) = Kind::parse(word) else {
        return word.to_owned();
    };
    match kind {
        Kind::Sale => l.say("Чек продажу", "Sale"),
        Kind::Storno => l.say("Сторно", "Storno"),
        Kind::Return => l.say("Чек повернення", "Return"),
        Kind::CashIn => l.say("Службове внесення", "Cash in"),
        Kind::CashOut => l.say("Службова видача", "Cash out"),
        Kind::ZReport => l.say("Z-звіт", "Z-report"),
        Kind::Closing => l.say("Закриття зміни", "Shift closing"),
    }
    .to_owned()
}

/// Where a document stands: its state, and for a registered one whether the tax service has it.
pub(super) fn state(l: Language, state: &str, presence: Option<&str>) -> Markup {
    let (tone, text) = match (state, presence) {
        ("waiting", _) => (Tone::Busy, l.say("чекає на чек продажу", "waits for its sale")),
        ("ready", _) => (Tone::Busy, l.say("у черзі", "queued")),
        ("sending", _) => (Tone::Busy, l.say("надсилається", "being sent")),
        ("in_doubt", _) => (Tone::Warn, l.say("під сумнівом", "in doubt")),
        ("pending", _) => (Tone::Busy, l.say("прийнято, чекаємо номер", "accepted, number to come")),
        ("registered", Some("offline")) => (
            Tone::Warn,
            l.say("офлайн, ще не в податковій", "offline, not delivered yet"),
        ),
        ("registered", Some("delivered")) => (Tone::Good, l.say("офлайн, доставлено", "offline, delivered")),
        ("registered", _) => (Tone::Good, l.say("зареєстровано", "registered")),
        ("closed", _) => (Tone::Quiet, l.say("закрито без чека", "closed without a receipt")),
        ("held", _) => (Tone::Bad, l.say("чекає на людину", "on hold")),
        (other, _) => (Tone::Quiet, other),
    };
    badge(tone, text)
}

/// Why a document waits for a person.
pub(super) fn hold(l: Language, code: &str) -> String {
    let Some(reason) = HoldReason::parse(code) else {
        return code.to_owned();
    };
    match reason {
        HoldReason::BasketMismatch => l.say("Кошик не дорівнює оплаті", "The basket is not worth what was paid"),
        HoldReason::BasketUnusable => l.say(
            "Кошик не можна надрукувати на чеку",
            "The basket cannot be put on a receipt",
        ),
        HoldReason::UnknownVatLetter => l.say("Каса не знає літери ПДВ", "The register does not know a VAT letter"),
        HoldReason::ForeignCurrency => l.say("Оплата не в гривнях", "Paid in another currency"),
        HoldReason::StrangeEvent => l.say(
            "Незвичне повідомлення платіжної системи",
            "The payment system said something unusual",
        ),
        HoldReason::NotConfirmed => l.say(
            "Платіжна система не підтвердила оплату",
            "The payment system does not confirm the payment",
        ),
        HoldReason::SecondPayment => l.say(
            "Друга оплата того самого замовлення",
            "A second payment of the same order",
        ),
        HoldReason::RefundExceedsSale => l.say("Повернення більше за продаж", "More would be given back than was sold"),
        HoldReason::RefundLinesMismatch => l.say(
            "Рядки повернення не з цього продажу",
            "The refund's lines do not fit the sale",
        ),
        HoldReason::RefusedByProvider => l.say("Каса відмовила", "The register refused it"),
        HoldReason::SaleClosed => l.say("Його продаж закрито без чека", "Its sale was closed without a receipt"),
        HoldReason::SplitMismatch => l.say(
            "Частини отримувачів не дорівнюють оплаті",
            "The receivers' parts are not what was paid",
        ),
        HoldReason::SplitTooLate => l.say(
            "Оплату поділено, коли чек уже був",
            "The payment was divided after its receipt",
        ),
        HoldReason::ReceiverUnknown => l.say(
            "Невідомо, чию частину повернуто",
            "It is not known whose part came back",
        ),
        HoldReason::DoubtUnresolved => l.say(
            "Невідомо, чи чек зареєстровано",
            "It is not known whether it was registered",
        ),
    }
    .to_owned()
}

/// Why, in more words; what a provider or a payment system said stays as it is.
pub(super) fn detail(l: Language, english: &str) -> String {
    match l {
        Language::Uk => ukrainian::of(english),
        Language::En => english.to_owned(),
    }
}

/// What to do about it. A basket is corrected on the order's page.
pub(super) fn next_step(l: Language, code: &str) -> &'static str {
    match HoldReason::parse(code) {
        None => "",
        Some(HoldReason::BasketMismatch | HoldReason::BasketUnusable) => l.say(
            "виправте кошик замовлення на його сторінці і надішліть документ ще раз",
            "correct the basket on the order's page, then resend the document",
        ),
        Some(reason) => l.say(reason.next_step_uk(), reason.next_step()),
    }
}

/// A provider by its own name.
pub(super) const fn provider(provider: Provider) -> &'static str {
    provider.name()
}

/// Why a register does not work: words of our own, and a provider's codes as they are.
pub(super) fn trouble(l: Language, word: &str) -> Markup {
    let known = match word {
        "not_sent" => l.say("немає з’єднання з провайдером", "the provider cannot be reached"),
        "no_answer" => l.say("провайдер не відповів", "the provider gave no answer"),
        "bad_base_url" => l.say("хибна адреса сервісу", "the service's address is wrong"),
        "bad_fiscal_number" => l.say("хибний фіскальний номер", "the fiscal number is wrong"),
        "unreadable_check" => l.say("чек не вдалося прочитати", "the receipt could not be read"),
        _ => return html! { code { (word) } },
    };
    html! { span.soft { (known) } }
}

/// How far an order's fiscalization is.
pub(super) fn status(l: Language, status: Fiscalization) -> (Tone, &'static str) {
    match status {
        Fiscalization::Held => (Tone::Bad, l.say("чекає на людину", "on hold")),
        Fiscalization::InDoubt => (Tone::Warn, l.say("під сумнівом", "in doubt")),
        Fiscalization::UnderWay => (Tone::Busy, l.say("у роботі", "under way")),
        Fiscalization::Waiting => (Tone::Busy, l.say("чекає на чек продажу", "waits for its sale")),
        Fiscalization::Offline => (Tone::Warn, l.say("офлайн", "offline")),
        Fiscalization::Refunded => (Tone::Good, l.say("повернено", "refunded")),
        Fiscalization::PartlyRefunded => (Tone::Good, l.say("частково повернено", "partly refunded")),
        Fiscalization::Registered => (Tone::Good, l.say("зареєстровано", "registered")),
        Fiscalization::Closed => (Tone::Quiet, l.say("закрито без чека", "closed without a receipt")),
        Fiscalization::NoPayment => (Tone::Quiet, l.say("без оплати", "no payment")),
    }
}

/// What was asked of a register.
pub(super) fn ask(l: Language, ask: Ask) -> &'static str {
    match ask {
        Ask::Close => l.say("Закрити зміну", "Close the shift"),
        Ask::ZReport => l.say("Зробити Z-звіт", "Make the Z-report"),
        Ask::Totals => l.say("Прочитати підсумки", "Read the totals"),
        Ask::Cleanup => l.say("Вирівняти стан із податковою", "Bring the state in line"),
        Ask::Remove => l.say(
            "Вирівняти, відкинувши офлайн-документи",
            "Bring in line, losing offline documents",
        ),
        Ask::Sync => l.say("Перевірити касу", "Look at the register"),
        Ask::Fetch => l.say(
            "Завантажити документ із податкової",
            "Fetch a document from the tax service",
        ),
    }
}

/// What came of it. The worker writes English; what it usually says is known here in Ukrainian.
pub(super) fn result(l: Language, text: &str) -> String {
    if l == Language::En {
        return text.to_owned();
    }
    let known = match text {
        "the register was looked at" => "касу перевірено",
        "no shift was open" => "зміну не було відкрито",
        "no shift is open, so there is nothing to report" => "зміну не відкрито, тож звітувати нема про що",
        "its document waits for a person: see the alerts" => "документ чекає на людину: див. «Увага»",
        "the provider's view of the register was brought in line" => "стан каси вирівняно з податковою",
        "the register does not tell its totals while the tax service is away" => {
            "поки податкова недоступна, каса не каже своїх підсумків"
        }
        "fetched" => "завантажено",
        "the tax service does not have this document yet" => "податкова ще не має цього документа",
        "no registered document of this register has that id" => "такого зареєстрованого документа на цій касі немає",
        other => {
            return match other
                .strip_prefix("the shift opened ")
                .and_then(|rest| rest.split_once(" is closed, Z-report "))
            {
                Some((opened, number)) => format!("зміну, відкриту {opened}, закрито; Z-звіт {number}"),
                None => other
                    .strip_prefix("Z-report ")
                    .map_or_else(|| other.to_owned(), |number| format!("Z-звіт {number}")),
            };
        }
    };
    known.to_owned()
}

/// What a user may do.
pub(super) fn role(l: Language, role: Role) -> &'static str {
    match role {
        Role::Administrator => l.say("адміністратор", "administrator"),
        Role::Operator => l.say("оператор", "operator"),
        Role::Accountant => l.say("бухгалтер", "accountant"),
    }
}
