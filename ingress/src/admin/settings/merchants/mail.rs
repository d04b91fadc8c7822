//! `GET` and `POST /settings/merchants/{id}/mail`: how a merchant writes to buyers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use ledger::settings::{Merchant, Settings};
use ledger::sheet::MailSettings;
use mailer::{Address, AddressError};
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::super::notice::Notice;
use super::super::super::parts::{self, Field};
use super::super::super::visitor::Visitor;
use super::super::super::{deliveries, page};
use super::super::problems::Problems;
use super::super::reach::{self, Named};
use super::super::save;
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, path: Named) -> Result<Html<String>, PageError> {
    let merchant = find(&app, &visitor, path).await?;
    let kept = app.ledger.mail_settings(&merchant.id).await?;
    Ok(view(&visitor, &merchant, &kept, &Problems::default()))
}

pub async fn save(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Named,
    form: Form,
) -> Result<Response, PageError> {
    let merchant = find(&app, &visitor, path).await?;
    let typed = MailSettings {
        mail_buyers: form.ticked("mail_buyers"),
        phone_buyers: form.ticked("phone_buyers"),
        from: form.filled("from").map(str::to_owned),
        reply_to: form.filled("reply_to").map(str::to_owned),
        report_to: form.filled("report_to").map(str::to_owned),
        report_locale: form.ticked("report_in_english").then(|| "en".to_owned()),
    };
    let mut problems = Problems::default();
    let addresses = [
        ("from", &typed.from),
        ("reply_to", &typed.reply_to),
        ("report_to", &typed.report_to),
    ];
    for (field, address) in addresses {
        if let Some(text) = address {
            problems.keep(
                field,
                Address::parse(text).map_err(|error| wrong(visitor.language, error)),
            );
        }
    }
    if !problems.is_empty() {
        let page = view(&visitor, &merchant, &typed, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let settings = Settings {
        mail: vec![(merchant.id, typed)],
        ..Settings::default()
    };
    save::save(&app, &visitor, settings).await?;
    Ok(Notice::Saved.at("/settings"))
}

async fn find(app: &AppState, visitor: &Visitor, path: Named) -> Result<Merchant, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    reach::merchant(app, visitor, &id).await
}

fn wrong(l: Language, error: AddressError) -> &'static str {
    match error {
        AddressError::ControlCharacter | AddressError::NotAnAddress => l.say(
            "Це не адреса. Пишіть так: shop@example.com або Квіти <shop@example.com>.",
            "This is not an address. Write it like shop@example.com or Flowers <shop@example.com>.",
        ),
        AddressError::NotAscii => l.say(
            "Перед @ мають бути лише латинські літери й цифри.",
            "Only latin letters and digits may stand before the @.",
        ),
        AddressError::TooLong => l.say("Задовга адреса.", "The address is too long."),
    }
}

fn view(visitor: &Visitor, merchant: &Merchant, mail: &MailSettings, problems: &Problems) -> Html<String> {
    let l = visitor.language;
    let title = format!(
        "{} {}",
        l.say("Повідомлення покупцям", "Messages to buyers of"),
        merchant.id
    );
    let address = |label, name, value: &'_ Option<String>, hint| {
        let field = Field {
            hint,
            problem: problems.at(name),
            ..Field::text(label, name, value.as_deref().unwrap_or_default())
        };
        html! { (field) }
    };
    let form = html! {
        (parts::tick(
            l.say("Надсилати чеки листом", "Send receipts by e-mail"), "mail_buyers", mail.mail_buyers,
            l.say(
                "Після продажу і повернення, якщо магазин передав e-mail покупця. Потрібен поштовий сервер: KASYR_SMTP_URL.",
                "After a sale and a refund, if the shop gave the buyer's e-mail. It needs a mail server: KASYR_SMTP_URL.",
            ),
        ))
        (address(
            l.say("Відправник", "Sender"), "from", &mail.from,
            l.say(
                "Наприклад: Квіти <checks@example.com>. Сервер має дозволяти писати з цієї адреси. Порожнє: адреса служби з назвою продавця.",
                "Such as: Flowers <receipts@example.com>. The mail server must allow it. Empty: the service's address under the merchant's name.",
            ),
        ))
        (address(
            l.say("Адреса для відповіді", "Reply address"), "reply_to", &mail.reply_to,
            l.say("Куди підуть відповіді покупців. Порожнє: відправникові.", "Where buyers' answers go. Empty: to the sender."),
        ))
        (parts::tick(
            l.say("Надсилати чеки на телефон", "Send receipts to the phone"), "phone_buyers", mail.phone_buyers,
            deliveries::costly(l),
        ))
        (address(
            l.say("Ранковий звіт", "Morning report"), "report_to", &mail.report_to,
            l.say(
                "Ваша адреса: щоранку — чи всі оплати мають чеки, або перелік розбіжностей. Порожнє: листа немає.",
                "Your own address: every morning whether all payments have their receipts, or the list. Empty: no letter.",
            ),
        ))
        (parts::tick(
            l.say("Звіт англійською", "The report in English"), "report_in_english",
            mail.report_locale.as_deref() == Some("en"), "",
        ))
        button.main type="submit" { (l.say("Зберегти", "Save")) }
    };
    let body = html! {
        (parts::heading(&title, html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } }))
        section.card {
            p.soft { (l.say(
                "Мову листа вказує магазин у замовленні (buyer.locale); без неї лист український.",
                "The shop says the language with the order (buyer.locale); without it the e-mail is Ukrainian.",
            )) }
            (parts::form(visitor, &format!("/settings/merchants/{}/mail", merchant.id), form))
        }
    };
    page::of(visitor, &title, &body)
}
