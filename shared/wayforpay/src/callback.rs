//! The way in: the body in any of its shapes, the signature, then the fields.

use wire::{CallbackError, Fields, Malformed};

use crate::credentials::Credentials;
use crate::signature::fits;
use crate::snapshot::{self, Snapshot};

/// What a signature covers, in this order.
const SIGNED: [&str; 8] = [
    "merchantAccount",
    "orderReference",
    "amount",
    "currency",
    "authCode",
    "cardPan",
    "transactionStatus",
    "reasonCode",
];

/// Opens a callback's body: checks the signature over the fields as received and only then reads
/// them. Takes JSON, a form whose only name is that JSON, and a form of plain fields, under any
/// content type. A replayed body opens again: the caller's rules must be safe to repeat.
pub fn open_callback(body: &[u8], credentials: &Credentials) -> Result<Snapshot, CallbackError> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with(['{', '[']) {
        // Unencoded JSON of a form arrives with the form's sign behind it.
        return open_object(text.trim_end_matches('='), credentials);
    }
    if text.starts_with("%7B") || text.starts_with("%7b") {
        let json = wire::decode_form_text(text.trim_end_matches('='))?;
        return open_object(&json, credentials);
    }
    open(&wire::read_form(text)?, credentials).map(Snapshot::without_goods)
}

fn open_object(json: &str, credentials: &Credentials) -> Result<Snapshot, CallbackError> {
    let fields = wire::read_object(json)?;
    // Goods are not signed, so a callback's are not believed.
    open(&fields, credentials).map(Snapshot::without_goods)
}

/// Checks a message's signature and reads it.
pub(crate) fn open(fields: &Fields<'_>, credentials: &Credentials) -> Result<Snapshot, CallbackError> {
    let given = fields
        .text("merchantSignature")
        .ok_or(CallbackError::MissingSignature)?;
    let mut values = [""; SIGNED.len()];
    for (value, name) in values.iter_mut().zip(SIGNED) {
        *value = fields.optional(name)?.unwrap_or_default();
    }
    let mut fit = fits(&credentials.key, &values, given);
    if !fit {
        let [_, _, amount, ..] = &mut values;
        let shorter = shortest(amount);
        if shorter != *amount {
            *amount = shorter;
            fit = fits(&credentials.key, &values, given);
        }
    }
    if !fit {
        return Err(CallbackError::WrongSignature);
    }
    if fields.required("merchantAccount")? != credentials.account {
        return Err(CallbackError::WrongMerchant);
    }
    snapshot::read(fields)
}

/// The same amount without zeros behind the point, as PHP would write it.
fn shortest(amount: &str) -> &str {
    if amount.contains('.') {
        amount.trim_end_matches('0').trim_end_matches('.')
    } else {
        amount
    }
}

#[cfg(test)]
pub(crate) mod messages;
#[cfg(test)]
mod tests;
