//! Questions to the gateway, and the one thing it is told: how to divide a payment.

mod answer;
mod reports;
mod reverse;
mod settlement;

use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::credentials::Credentials;
use crate::error::Error;
use crate::kkt::{KktLogs, read_kkt_logs};
use crate::link::{FileKind, Link, read_link};
use crate::signature::sign_v1;
use crate::snapshot::Snapshot;
use crate::transactions::{Transaction, read_transactions};

pub use settlement::{MerchantPart, Sent, Settlement};

pub use reports::ReportLine;
pub use reverse::{Reversal, ReverseRequest, ReverseStatus};

/// Asked for by name, because 1.0 answers carry neither capture status nor basket.
const VERSION: &str = "1.0.1";
/// A status answer has at most about 25 KB of text fields; this leaves room for escapes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// A fiscal document with a basket of 10,000 characters is some 50 KB, and an order has one per movement of its money.
const MAX_LIST_BYTES: usize = 4 * 1024 * 1024;

/// Asks one merchant's gateway. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api_url: Url,
    credentials: Credentials,
    timeout: Duration,
}

impl Client {
    /// `api_url` is the gateway's address, such as `https://pay.fondy.eu`; one that already ends in
    /// `/api` is taken as it is. `timeout` bounds each call from connecting to the last byte.
    pub fn new(http: reqwest::Client, api_url: Url, credentials: Credentials, timeout: Duration) -> Self {
        Self {
            http,
            api_url,
            credentials,
            timeout,
        }
    }

    /// What the gateway says about an order now (fondy.md §8.2), its signature checked. Only
    /// reads, so repeating is safe. An order the gateway does not know is an [`Error::Api`]; see
    /// [`Error::is_unknown_order`].
    pub async fn status(&self, order_id: &str) -> Result<Snapshot, Error> {
        let merchant_id = self.credentials.merchant_id.to_string();
        let signature = sign_v1(
            &self.credentials.key,
            [
                ("order_id", order_id),
                ("merchant_id", &merchant_id),
                ("version", VERSION),
            ],
        );
        let request = json!({ "request": {
            "order_id": order_id,
            "merchant_id": self.credentials.merchant_id,
            "version": VERSION,
            "signature": signature,
        }});

        let (http_status, body) = self.post("status/order_id", &request, MAX_ANSWER_BYTES).await?;
        let snapshot = answer::read(http_status, &body, &self.credentials)?;
        if snapshot.order_id != order_id {
            return Err(Error::OtherOrder);
        }
        Ok(snapshot)
    }

    /// The movements of an order's money, oldest first as the gateway lists them (fondy.md §8.5); none for an order it
    /// does not know. The answer is not signed: good for finding ids, never as proof of a payment. Only reads, so
    /// repeating is safe.
    pub async fn transaction_list(&self, order_id: &str) -> Result<Vec<Transaction>, Error> {
        let request = self.about_order(order_id);
        let (http_status, body) = self.post("transaction_list", &request, MAX_LIST_BYTES).await?;
        answer::read_unsigned(http_status, &body, read_transactions)
    }

    /// What the gateway's own cash register has made for an order (fondy.md §8.6). The answer is not signed. An order
    /// it does not know is an [`Error::Api`]; see [`Error::is_unknown_order`]. Only reads, so repeating is safe.
    pub async fn kkt_logs(&self, order_id: &str) -> Result<KktLogs, Error> {
        let request = self.about_order(order_id);
        let (http_status, body) = self.post("get_kkt_logs", &request, MAX_LIST_BYTES).await?;
        answer::read_unsigned(http_status, &body, read_kkt_logs)
    }

    /// A link to the PDF of a transaction's receipt, or of the Z-report of its day (fondy.md §8.7). `path` is the
    /// endpoint's path below `/api`, which the gateway's document does not tell. The link ends after a while and is a
    /// secret: whoever has it has the document. Only reads, so repeating is safe.
    pub async fn receipt_link(&self, path: &str, transaction_id: &str, kind: FileKind) -> Result<Link, Error> {
        let merchant_id = self.credentials.merchant_id.to_string();
        let signature = sign_v1(
            &self.credentials.key,
            [
                ("transaction_id", transaction_id),
                ("merchant_id", &merchant_id),
                ("receipt_type", kind.as_str()),
            ],
        );
        let request = json!({ "request": {
            "transaction_id": transaction_id,
            "merchant_id": self.credentials.merchant_id,
            "receipt_type": kind.as_str(),
            "signature": signature,
        }});
        let path = path.trim_matches('/');
        let path = path.strip_prefix("api/").unwrap_or(path);
        let (http_status, body) = self.post(path, &request, MAX_ANSWER_BYTES).await?;
        answer::read_unsigned(http_status, &body, read_link)
    }

    /// A request that names an order and nothing else (vectors K1 and K4).
    fn about_order(&self, order_id: &str) -> serde_json::Value {
        let merchant_id = self.credentials.merchant_id.to_string();
        let signature = sign_v1(
            &self.credentials.key,
            [("order_id", order_id), ("merchant_id", &merchant_id)],
        );
        json!({ "request": {
            "order_id": order_id,
            "merchant_id": self.credentials.merchant_id,
            "signature": signature,
        }})
    }

    async fn post(&self, path: &str, request: &serde_json::Value, limit: usize) -> Result<(u16, Vec<u8>), Error> {
        let mut response = self
            .http
            .post(self.endpoint(path))
            .timeout(self.timeout)
            .json(request)
            .send()
            .await
            .map_err(transport)?;
        let http_status = response.status().as_u16();

        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if body.len() + chunk.len() > limit {
                return Err(Error::TooLong { http_status });
            }
            body.extend_from_slice(&chunk);
        }
        Ok((http_status, body))
    }

    fn endpoint(&self, path: &str) -> Url {
        let base = self.api_url.path().trim_end_matches('/');
        let api = if base.ends_with("/api") { "" } else { "/api" };
        let full = format!("{base}{api}/{path}");
        let mut url = self.api_url.clone();
        url.set_path(&full);
        url
    }
}

/// The address is left out of the source: it says nothing new, and may carry a password.
fn transport(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Error::NotSent(error)
    } else {
        Error::NoAnswer(error)
    }
}

#[cfg(test)]
mod tests;
