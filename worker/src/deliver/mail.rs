//! A receipt as a letter to its buyer.

use domain::time::UnixMillis;
use ledger::deliveries::DueDelivery;
use ledger::sheet::Sheet;
use mailer::{Address, Attachment, Class, Inline, Letter, SendError, Stage};
use receipts::language::Language;
use receipts::letter::{LetterLinks, letter};
use receipts::pdf::{Form, pdf};

use super::outcome::{End, Sent, told};
use crate::config::Post;
use crate::state::WorkerState;

pub(super) async fn send(state: &WorkerState, delivery: &DueDelivery, sheet: &Sheet) -> Sent {
    let Some((post, mailer)) = &state.post else {
        return Sent::skipped("no_mail_server");
    };
    if !sheet.mail.mail_buyers && delivery.copy == 0 {
        return Sent::skipped("switched_off");
    }
    let Some(email) = sheet.buyer.email.as_deref() else {
        return Sent::skipped("no_address");
    };
    let Ok(to) = Address::parse(email) else {
        return told(End::NoSuchAddress, "not_an_address", None, None);
    };
    let (post, public_url) = (post.clone(), state.public_url.clone());
    let (delivery, sheet) = (delivery.clone(), sheet.clone());
    let writing = state.draw(move || write(&post, &public_url, &delivery, &sheet, to));
    let written = match writing.await.unwrap_or(Err("bad_letter")) {
        Ok(written) => written,
        Err(word) => return told(End::Unwritable, word, None, None),
    };
    match mailer.send(&written).await {
        Ok(sent) => told(End::Done, "taken", Some(sent.reply.code), Some(sent.reply.text)),
        Err(error) => failed(&error),
    }
}

fn write(
    post: &Post,
    public_url: &str,
    delivery: &DueDelivery,
    sheet: &Sheet,
    to: Address,
) -> Result<Letter, &'static str> {
    let language = match sheet.buyer.locale.as_deref() {
        Some("en") => Language::En,
        Some(_) | None => Language::Uk,
    };
    let links = LetterLinks {
        receipt_page: format!("{public_url}/r/{}", sheet.token),
    };
    let said = letter(&sheet.paper, language, &links);
    let own = sheet.mail.from.as_deref().map(Address::parse).transpose();
    let from = own
        .map_err(|_| "bad_sender")?
        .map_or_else(|| post.from.clone().named(&sheet.paper.seller.name), Ok)
        .map_err(|_| "bad_sender")?;
    let reply_to = sheet.mail.reply_to.as_deref().map(Address::parse).transpose();
    let bytes = pdf(&sheet.paper, language, Form::A4).map_err(|_| "no_pdf")?;
    let name = match language {
        Language::Uk => format!("чек-{}.pdf", sheet.paper.fiscal_number),
        Language::En => format!("receipt-{}.pdf", sheet.paper.fiscal_number),
    };
    Ok(Letter {
        // The same for every try, so that a mailbox which gets it twice can tell.
        message_id: format!("<{}@{}>", delivery.id, host(from.email())),
        date_ms: made_at(delivery, sheet).0,
        from,
        reply_to: reply_to.map_err(|_| "bad_reply_to")?,
        to,
        subject: said.subject,
        text: said.text,
        html: said.html,
        inline: said.qr.map(picture).into_iter().collect(),
        attachments: vec![Attachment {
            name,
            mime: "application/pdf".to_owned(),
            bytes,
        }],
        language: language.code().to_owned(),
    })
}

/// The receipt's time for the first letter; a copy by hand is of the day it was asked for.
fn made_at(delivery: &DueDelivery, sheet: &Sheet) -> UnixMillis {
    if delivery.copy == 0 {
        sheet.done_at
    } else {
        delivery.due_since
    }
}

fn picture(bytes: Vec<u8>) -> Inline {
    Inline {
        cid: "qr".to_owned(),
        mime: "image/png".to_owned(),
        bytes,
    }
}

fn host(email: &str) -> &str {
    email.rsplit_once('@').map_or("kasyr", |(_, host)| host)
}

fn failed(error: &SendError) -> Sent {
    let status = match error {
        SendError::Refused { reply, .. } => Some(reply.code),
        SendError::Letter(_)
        | SendError::Connect(_)
        | SendError::Tls(_)
        | SendError::NoTls
        | SendError::PasswordInClear
        | SendError::NoSignIn
        | SendError::Lost { .. }
        | SendError::Silent { .. }
        | SendError::Nonsense { .. } => None,
    };
    // A mailbox that is full, or a server that wants to see us again later, is no trouble of the whole server.
    let of_this_one = matches!(
        error,
        SendError::Refused {
            stage: Stage::Recipient | Stage::Data | Stage::Answer,
            ..
        }
    );
    let (end, word) = match error.class() {
        Class::NotSent if of_this_one => (End::Refused, "put_off"),
        Class::NotSent => (End::Lane, "mail_not_sent"),
        Class::BadAddress { .. } => (End::NoSuchAddress, "no_such_address"),
        Class::RefusedForGood { .. } => (End::RefusedForGood, "letter_refused"),
        Class::BadConfiguration => (End::Lane, "mail_settings"),
        Class::BadLetter => (End::Unwritable, "bad_letter"),
        Class::Unknown => (End::LaneUnclear, "mail_unclear"),
    };
    told(end, word, status, Some(telemetry::chain(error)))
}
