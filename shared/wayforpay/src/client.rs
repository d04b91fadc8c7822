//! Questions to WayForPay.

use std::time::Duration;

use serde_json::json;
use url::Url;
use wire::{AskError, Asked, CallbackError, Fields, Meaning};

use crate::callback::open;
use crate::credentials::Credentials;
use crate::signature::sign;
use crate::snapshot::Snapshot;

/// "Order Not Found".
const ORDER_NOT_FOUND: &str = "1127";
/// Their script failed; too many questions.
const TROUBLE: [&str; 2] = ["1129", "1131"];

/// Asks about one merchant's orders. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api_url: Url,
    credentials: Credentials,
    timeout: Duration,
}

impl Client {
    /// `api_url` is the API's address, such as `https://api.wayforpay.com`; one that already ends in
    /// `/api` is taken as it is. `timeout` bounds each call from connecting to the last byte.
    pub fn new(http: reqwest::Client, api_url: Url, credentials: Credentials, timeout: Duration) -> Self {
        Self {
            http,
            api_url,
            credentials,
            timeout,
        }
    }

    /// What WayForPay says about an order now, its signature checked. Only reads, so repeating is
    /// safe.
    pub async fn status(&self, order_reference: &str) -> Result<Snapshot, AskError> {
        let account = self.credentials.account.as_str();
        let question = json!({
            "transactionType": "CHECK_STATUS",
            "merchantAccount": account,
            "orderReference": order_reference,
            "merchantSignature": sign(&self.credentials.key, &[account, order_reference]),
            "apiVersion": 1,
        });
        let request = self.http.post(self.endpoint()).json(&question);
        let snapshot = self.read(&wire::ask(request, self.timeout).await?)?;
        if snapshot.order_reference != order_reference {
            return Err(AskError::OtherOrder);
        }
        Ok(snapshot)
    }

    fn read(&self, asked: &Asked) -> Result<Snapshot, AskError> {
        let fields = wire::read_object(asked.text()?).map_err(|error| asked.bad(Some(error.into())))?;
        if let Some(refused) = refusal(&fields) {
            return Err(refused);
        }
        open(&fields, &self.credentials).map_err(|error| match error {
            CallbackError::MissingSignature | CallbackError::WrongSignature => AskError::WrongSignature,
            CallbackError::Malformed(_)
            | CallbackError::BrokenBase64(_)
            | CallbackError::MissingField(_)
            | CallbackError::BadField(_)
            | CallbackError::WrongMerchant => asked.bad(Some(error)),
        })
    }

    fn endpoint(&self) -> Url {
        let base = self.api_url.path().trim_end_matches('/');
        let path = if base.ends_with("/api") {
            base.to_owned()
        } else {
            format!("{base}/api")
        };
        let mut url = self.api_url.clone();
        url.set_path(&path);
        url
    }
}

/// A code without a status is a refusal of the question, which comes unsigned; with one it says
/// how the payment went.
fn refusal(fields: &Fields<'_>) -> Option<AskError> {
    let code = fields.text("reasonCode")?;
    let meaning = match code {
        ORDER_NOT_FOUND => Meaning::UnknownOrder,
        _ if fields.text("transactionStatus").is_some() => return None,
        code if TROUBLE.contains(&code) => Meaning::Trouble,
        _ => Meaning::Ours,
    };
    Some(AskError::refused(code, meaning))
}

#[cfg(test)]
mod tests;
