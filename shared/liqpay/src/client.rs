//! Questions to LiqPay.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::Url;
use wire::{AskError, Asked, Fields, Meaning};

use crate::credentials::Credentials;
use crate::signature::sign;
use crate::snapshot::{self, Snapshot};

/// The version of questions that works with SHA-1 signatures.
const VERSION: u32 = 3;

/// Asks about one shop's orders. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api_url: Url,
    credentials: Credentials,
    timeout: Duration,
}

impl Client {
    /// `api_url` is LiqPay's address, such as `https://www.liqpay.ua`. `timeout` bounds each call
    /// from connecting to the last byte.
    pub fn new(http: reqwest::Client, api_url: Url, credentials: Credentials, timeout: Duration) -> Self {
        Self {
            http,
            api_url,
            credentials,
            timeout,
        }
    }

    /// What LiqPay says about an order now. The answer has no signature: it is believed because we
    /// asked, over TLS. Only reads, so repeating is safe.
    pub async fn status(&self, order_id: &str) -> Result<Snapshot, AskError> {
        let question = json!({
            "action": "status",
            "version": VERSION,
            "public_key": self.credentials.public_key,
            "order_id": order_id,
        });
        let data = STANDARD.encode(question.to_string());
        let signature = sign(&self.credentials.private_key, &data);
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("data", &data)
            .append_pair("signature", &signature)
            .finish();
        let request = self
            .http
            .post(self.endpoint())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let snapshot = self.read(&wire::ask(request, self.timeout).await?)?;
        if snapshot.order_id != order_id {
            return Err(AskError::OtherOrder);
        }
        Ok(snapshot)
    }

    fn read(&self, asked: &Asked) -> Result<Snapshot, AskError> {
        let fields = wire::read_object(asked.text()?).map_err(|error| asked.bad(Some(error.into())))?;
        if let Some(refused) = refusal(&fields) {
            return Err(refused);
        }
        // The answer need not name the shop; when it does, it must be ours.
        match fields.text("public_key") {
            Some(key) if key != self.credentials.public_key => Err(AskError::OtherOrder),
            Some(_) | None => snapshot::read(&fields).map_err(|error| asked.bad(Some(error))),
        }
    }

    fn endpoint(&self) -> Url {
        let mut url = self.api_url.clone();
        let path = format!("{}/api/request", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

/// An error code without a payment is a refusal of the question; with one it says why the payment
/// failed.
fn refusal(fields: &Fields<'_>) -> Option<AskError> {
    let code = fields.text("err_code").or(fields.text("code"))?;
    if fields.text("payment_id").is_some() {
        return None;
    }
    let meaning = match code {
        "payment_not_found" => Meaning::UnknownOrder,
        "err_cache" | "err_gate" | "try_again" | "err_timeout" => Meaning::Trouble,
        _ => Meaning::Ours,
    };
    Some(AskError::refused(code, meaning))
}

#[cfg(test)]
mod tests;
