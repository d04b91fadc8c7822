//! Taxes, payment and numbers in words.

use domain::document::Presence;

use super::{Fact, is_refund};
use crate::amount;
use crate::language::Language;
use crate::moment;
use crate::one_line::one_line;
use crate::paper::Paper;

/// The form of payment, by the name under which it is registered (`PAYFORMNM`).
const CARD: &str = "Банківська картка";

pub(super) fn taxes(paper: &Paper, language: Language) -> Vec<Fact> {
    let mut facts = Vec::new();
    for row in &paper.content.taxes {
        let (letter, rate) = (row.letter, amount::rate(row.rate, language));
        let taxable = amount::money(row.taxable, language);
        facts.push(Fact::new(
            match language {
                Language::Uk => format!("ПДВ {letter} {rate} від {taxable}"),
                Language::En => format!("ПДВ (VAT) {letter} {rate} of {taxable}"),
            },
            amount::money(row.tax, language),
        ));
        if row.turnover != row.taxable {
            facts.push(Fact::new(
                match language {
                    Language::Uk => format!("Обіг {letter} без знижок"),
                    Language::En => format!("Turnover {letter} before discounts"),
                },
                amount::money(row.turnover, language),
            ));
        }
    }
    facts
}

pub(super) fn payment(paper: &Paper, language: Language) -> Vec<Fact> {
    let form = match language {
        Language::Uk => CARD.to_owned(),
        Language::En => format!("Bank card ({CARD})"),
    };
    let mut facts = vec![Fact::new(form, amount::money(paper.content.total(), language))];
    let means = &paper.content.means;
    facts.extend(known([
        (
            language.say("Платіжна система", "Payment system"),
            means.system.as_deref(),
        ),
        (language.say("ЕПЗ", "Card (ЕПЗ)"), means.masked_card.as_deref()),
        (
            language.say("Код авторизації", "Authorisation code"),
            means.auth_code.as_deref(),
        ),
        (
            language.say("Код транзакції", "Transaction code"),
            means.transaction_id.as_deref(),
        ),
    ]));
    facts
}

pub(super) fn numbers(paper: &Paper, language: Language) -> Vec<Fact> {
    let local = paper.local_number.map(|number| number.to_string());
    let moment = paper.registered_at.as_deref().map(moment::shown);
    let sale = paper.sale.as_deref().filter(|_| is_refund(paper.kind));
    known([
        (
            language.say("ЧЕК ФН", "Receipt no. (ЧЕК ФН)"),
            Some(paper.fiscal_number.as_str()),
        ),
        (language.say("ВН", "Local no. (ВН)"), local.as_deref()),
        (
            language.say("ПРРО ФН", "Cash register no. (ПРРО ФН)"),
            Some(paper.register_number.as_str()),
        ),
        (language.say("Дата і час", "Date and time"), moment.as_deref()),
        (language.say("Режим", "Mode"), Some(presence(paper.presence, language))),
        (
            language.say("Контрольне число", "Control number"),
            paper.control_number.as_deref(),
        ),
        (language.say("За чеком ФН", "Gives back receipt no."), sale),
        (language.say("Касир", "Cashier"), paper.cashier.as_deref()),
        (language.say("Замовлення", "Order"), Some(paper.order.as_str())),
        (
            language.say("Зареєстровано", "Registered by"),
            paper
                .by_gateway
                .then(|| language.say("платіжною системою", "the payment system")),
        ),
    ])
}

const fn presence(presence: Presence, language: Language) -> &'static str {
    match presence {
        Presence::Online => language.say("онлайн", "онлайн (online)"),
        Presence::Offline => language.say("офлайн", "офлайн (offline)"),
        Presence::Delivered => language.say("офлайн, передано до ДПС", "офлайн (offline), delivered since"),
    }
}

/// The facts that have a value.
fn known<const N: usize>(facts: [(&str, Option<&str>); N]) -> Vec<Fact> {
    facts
        .into_iter()
        .filter_map(|(label, value)| Some(Fact::new(label, one_line(value?))))
        .filter(|fact| !fact.value.is_empty())
        .collect()
}
