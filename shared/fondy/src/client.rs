//! Questions to the gateway.

mod answer;
mod reports;
mod reverse;
mod transactions;

use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::credentials::Credentials;
use crate::error::Error;
use crate::signature::sign_v1;
use crate::snapshot::Snapshot;

pub use reports::ReportLine;
pub use reverse::{Reversal, ReverseRequest, ReverseStatus};
pub use transactions::Transaction;

/// Asked for by name, because 1.0 answers carry neither capture status nor basket.
const VERSION: &str = "1.0.1";
/// A status answer has at most about 25 KB of text fields; this leaves room for escapes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

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

        let (http_status, body) = self.post("status/order_id", &request).await?;
        let snapshot = answer::read(http_status, &body, &self.credentials)?;
        if snapshot.order_id != order_id {
            return Err(Error::OtherOrder);
        }
        Ok(snapshot)
    }

    async fn post(&self, path: &str, request: &serde_json::Value) -> Result<(u16, Vec<u8>), Error> {
        self.post_up_to(path, request, MAX_ANSWER_BYTES).await
    }

    async fn post_up_to(&self, path: &str, request: &serde_json::Value, most: usize) -> Result<(u16, Vec<u8>), Error> {
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
            if body.len() + chunk.len() > most {
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
