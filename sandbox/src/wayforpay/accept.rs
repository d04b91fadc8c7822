//! The shop's answer to a message.

use serde_json::Value;

use super::signature::sign;
use crate::acquirer::Merchant;

/// Whether the shop took the message; why not otherwise.
pub(super) fn check(merchant: &Merchant, order_id: &str, body: &[u8]) -> Result<(), String> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is not JSON".to_owned())?;
    // A number is signed in its digits.
    let text = |name: &str| match answer.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
    };
    if text("status") != "accept" {
        return Err("its status is not accept".to_owned());
    }
    if text("orderReference") != order_id {
        return Err("it is about another order".to_owned());
    }
    let values = ["orderReference", "status", "time"].map(text);
    if sign(&merchant.secret, &values) != text("signature") {
        return Err("its signature does not fit".to_owned());
    }
    Ok(())
}
