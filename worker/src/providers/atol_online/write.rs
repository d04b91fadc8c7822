//! A document in ATOL Online's words.

use ::atol_online::{
    Buyer, Document, Item, Money, MoscowTime, Operation, Payment, PaymentType, Problem, Receipt, VatTable,
};
use domain::basket::Line;
use domain::hold::HoldReason;
use domain::receipt;
use wire::Personal;

use super::envelope::Envelope;
use super::line;
use super::setup::Setup;
use crate::compose::Stop;
use crate::providers::{Draft, What};

/// So many problems are told; the rest is like them.
const TOLD: usize = 5;

/// Writes a document.
pub(super) fn write(setup: &Setup, draft: &Draft<'_>) -> Result<String, Stop> {
    let (operation, receipt) = match draft.what {
        What::Sale(receipt) => (Operation::Sell, receipt),
        What::Return(receipt, _) => (Operation::SellRefund, receipt),
        What::Storno(_) => {
            return Err(refused(
                "ATOL Online cancels no receipt; it gives money back".to_owned(),
            ));
        }
        What::Cash(..) => return Err(refused("ATOL Online moves no cash".to_owned())),
    };
    // The reference grows with each sending: an accepted document that failed keeps its id for ever, and a doubt is
    // settled with the kept text, which has the id of its sending.
    let external_id = format!("{}-{}", draft.document.token, draft.document.attempts.saturating_add(1));
    let items: Vec<Item> = receipt
        .basket
        .lines()
        .iter()
        .enumerate()
        .map(|(index, line)| item(setup, receipt, index, line))
        .collect::<Result<_, Stop>>()?;
    let total = Money::from_kopecks(receipt.total().minor());
    let timestamp = MoscowTime::from_unix(draft.at.0.div_euclid(1000));
    let document = Document {
        operation,
        timestamp: timestamp.ok_or_else(|| refused("the clock shows a time that cannot be".to_owned()))?,
        external_id: external_id.clone(),
        // Set when it is sent: its path holds a secret, and this text is kept.
        callback_url: None,
        ism_optional: None,
        correction: None,
        receipt: Receipt {
            client: client(setup, draft)?,
            company: setup.company.clone(),
            items,
            // What is paid to a payment system is paid by card, or as good as.
            payments: vec![Payment {
                kind: PaymentType::Cashless,
                sum: total,
            }],
            // Each line has its own: sums of both kinds would count only here.
            vats: Vec::new(),
            total,
            cashier: None,
            cashier_inn: None,
            additional_check_props: None,
            additional_user_props: None,
            device_number: None,
        },
    };
    let body = document.to_body(setup.version).map_err(|found| unusable(&found))?;
    Ok(Envelope::new(setup, operation, external_id, body).write())
}

fn item(setup: &Setup, receipt: &receipt::Receipt, index: usize, line: &Line) -> Result<Item, Stop> {
    let kind = match line.letter {
        None => VatTable::default().get("none").ok(),
        Some(letter) => {
            let row = receipt.taxes.iter().find(|row| row.letter == letter);
            row.and_then(|row| setup.vat_type(letter, row.rate))
        }
    };
    let Some(kind) = kind else {
        return Err(Stop {
            reason: HoldReason::UnknownVatLetter,
            text: format!(
                "line {}: its VAT letter has no type at ATOL Online (option vat_types)",
                index + 1
            ),
        });
    };
    Ok(line::item(line, kind, setup.object))
}

/// The buyer's e-mail, else the phone, else what the settings say: with both only the e-mail is written to.
fn client(setup: &Setup, draft: &Draft<'_>) -> Result<Buyer, Stop> {
    let told = |text: Option<&String>| {
        let text = text.map(|text| text.trim()).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let email = told(draft.buyer.and_then(|buyer| buyer.email.as_ref()));
    if let Some(email) = email {
        return Ok(Buyer {
            email: Some(Personal::new(email)),
            ..Buyer::default()
        });
    }
    if let Some(phone) = told(draft.buyer.and_then(|buyer| buyer.phone.as_ref())) {
        let spoken = |letter: &char| matches!(letter, ' ' | '-' | '(' | ')');
        let phone: String = phone.chars().filter(|letter| !spoken(letter)).collect();
        return Ok(Buyer {
            phone: Some(Personal::new(phone)),
            ..Buyer::default()
        });
    }
    if let Some(fallback) = &setup.fallback {
        return Ok(Buyer {
            email: Some(fallback.clone()),
            ..Buyer::default()
        });
    }
    Err(refused(
        "ATOL Online needs the buyer's e-mail or phone, and the order has none: tell the order's buyer, or set the \
         register's option buyer_contact"
            .to_owned(),
    ))
}

fn refused(text: String) -> Stop {
    Stop {
        reason: HoldReason::RefusedByProvider,
        text,
    }
}

/// Problems name places and what is allowed there, never what stands there.
fn unusable(found: &[Problem]) -> Stop {
    let of_basket = |problem: &Problem| {
        let parts = ["items", "total", "payments", "vats"];
        parts.iter().any(|part| problem.place.starts_with(part))
    };
    let reason = if found.iter().any(of_basket) {
        HoldReason::BasketUnusable
    } else {
        HoldReason::RefusedByProvider
    };
    let told: Vec<String> = found.iter().take(TOLD).map(Problem::to_string).collect();
    let more = found.len().saturating_sub(TOLD);
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    Stop {
        reason,
        text: format!("ATOL Online does not take it: {}{rest}", told.join("; ")),
    }
}

#[cfg(test)]
mod tests;
