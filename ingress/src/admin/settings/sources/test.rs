//! `POST /settings/sources/{id}/test`: does a callback arrive?

use axum::extract::State;
use axum::response::Html;
use ledger::settings::{Source, SourceKind};
use maud::{Markup, html};

use super::super::super::error::PageError;
use super::super::super::language::Language;
use super::super::super::parts::{Tone, badge};
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::reach::{self, Named};
use super::form::{Choice, Typed};
use super::page::{Page, full_url};
use super::ping::{Outcome, ping};
use crate::AppState;

pub async fn send(State(app): State<AppState>, visitor: Visitor, path: Named) -> Result<Html<String>, PageError> {
    let source = reach::source(&app, &visitor, path).await?;
    let outcome = ping(&full_url(&app, &source), &source).await;
    let page = Page {
        visitor: &visitor,
        registers: &Choice::of(&app, &source.merchant).await?.registers,
        known: Some(&source),
        secret: app.ledger.source_secret_info(&source.id).await?,
        typed: &Typed::of(&source),
        problems: &Problems::default(),
        said: said(visitor.language, &source, &outcome),
        now: app.ledger.now(),
    };
    Ok(page.show(&app))
}

fn said(l: Language, source: &Source, outcome: &Outcome) -> Markup {
    let (tone, title, text) = words(l, source.kind, outcome);
    let class = match tone {
        Tone::Good | Tone::Busy | Tone::Quiet => "card",
        Tone::Warn => "card warn",
        Tone::Bad => "card bad",
    };
    html! {
        section class=(class) role="status" {
            p { (badge(tone, title)) " " (text) }
            @if let Outcome::Accepted { .. } = outcome {
                p.hint {
                    (l.say("Серед замовлень його видно як ", "Among the orders it shows as "))
                    code { (super::ping::order_id(source)) }
                    (l.say(", без чеків.", ", without receipts."))
                }
            }
        }
    }
}

fn words(l: Language, kind: SourceKind, outcome: &Outcome) -> (Tone, String, String) {
    let bad = |title: &str, text: &str| (Tone::Bad, title.to_owned(), text.to_owned());
    match outcome {
        Outcome::Accepted { millis } => (
            Tone::Good,
            l.say("Дійшло", "Arrived").to_owned(),
            match l {
                Language::Uk => format!("Відповідь 200 за {millis} мс: адреса доступна, підпис правильний."),
                Language::En => format!("Answered 200 in {millis} ms: it can be reached and the signature fits."),
            },
        ),
        Outcome::Reached { millis } => (
            Tone::Good,
            l.say("Дійшло", "Arrived").to_owned(),
            reached(l, kind, *millis),
        ),
        Outcome::Redirected { status } => bad(
            &format!("{} {status}", l.say("Переадресація", "Redirected")),
            l.say(
                "Платіжні системи за переадресаціями не йдуть. Вкажіть у KASYR_PUBLIC_URL кінцеву адресу, зазвичай з https://.",
                "Payment systems do not follow redirects. Set KASYR_PUBLIC_URL to the final address, usually with https://.",
            ),
        ),
        Outcome::Refused { status } => bad(&format!("{} {status}", l.say("Відмова", "Refused")), refused(l, *status)),
        Outcome::Silent => bad(
            l.say("Без відповіді", "No answer"),
            l.say(
                "За 10 секунд ніхто не відповів. Перевірте проксі перед Kasyr і чи пропускає його мережевий екран.",
                "Nobody answered within 10 seconds. Check the proxy in front of Kasyr and the firewall.",
            ),
        ),
        Outcome::NotReached { said } => {
            let text = l.say(
                "З’єднатися не вдалося. Перевірте KASYR_PUBLIC_URL, DNS і сертифікат TLS. Дослівно: ",
                "No connection. Check KASYR_PUBLIC_URL, DNS and the TLS certificate. Its own words: ",
            );
            (
                Tone::Bad,
                l.say("Недоступно", "Not reached").to_owned(),
                format!("{text}{said}"),
            )
        }
    }
}

fn reached(l: Language, kind: SourceKind, millis: u128) -> String {
    match (l, kind.is_payment()) {
        (Language::Uk, true) => {
            format!("Адреса доступна ({millis} мс). Підпис перевіримо, щойно банк надішле вебхук.")
        }
        (Language::En, true) => {
            format!("It can be reached ({millis} ms). The signature is checked once the bank sends a webhook.")
        }
        (Language::Uk, false) => format!("Адреса доступна ({millis} мс), секрет правильний."),
        (Language::En, false) => format!("It can be reached ({millis} ms) and the secret fits."),
    }
}

fn refused(l: Language, status: u16) -> &'static str {
    match status {
        400 => l.say(
            "Kasyr за цією адресою не прийняв підпису. Мабуть, там інший екземпляр або інший ключ.",
            "The Kasyr at this address did not accept the signature. It is probably another one, or it has another key.",
        ),
        401 | 403 => l.say(
            "Сповіщення не пустив проксі, або Kasyr у робочому режимі (тестовий продавець), або адреси самого Kasyr немає серед дозволених. Відкрийте /callbacks/ без пароля.",
            "The proxy did not let it through, or Kasyr runs in production (test merchant), or Kasyr's own address is not among those allowed. Open /callbacks/ without a password.",
        ),
        404 | 405 => l.say(
            "За цією адресою такого джерела немає. Звірте KASYR_PUBLIC_URL: він має вести на публічну адресу цього Kasyr.",
            "There is no such source at this address. Compare KASYR_PUBLIC_URL: it must lead to this Kasyr's public address.",
        ),
        413 | 429 => l.say(
            "Проксі або обмеження частоти не пропустили його. Спробуйте за хвилину.",
            "The proxy or a rate limit did not let it through. Try again in a minute.",
        ),
        500..=599 => l.say(
            "Сервер не впорався: Kasyr не працює за цим проксі або база даних не відповідає. Спробуйте за хвилину.",
            "The server failed: Kasyr does not run behind this proxy, or the database does not answer. Try again in a minute.",
        ),
        _ => l.say(
            "Так Kasyr не відповідає: за цією адресою хтось інший. Перевірте KASYR_PUBLIC_URL.",
            "Kasyr does not answer so: somebody else is at this address. Check KASYR_PUBLIC_URL.",
        ),
    }
}
