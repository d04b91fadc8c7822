//! Questions to the bank.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;
use wire::{AskError, Asked, Fields, Meaning};

use crate::pubkey::PublicKey;
use crate::snapshot::{self, Snapshot};

/// Asks about one merchant's invoices. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api_url: Url,
    token: SecretString,
    timeout: Duration,
}

impl Client {
    /// `api_url` is the bank's address, `https://api.monobank.ua`; `token` the merchant's `X-Token`.
    /// `timeout` bounds each call from connecting to the last byte.
    pub fn new(http: reqwest::Client, api_url: Url, token: SecretString, timeout: Duration) -> Self {
        Self {
            http,
            api_url,
            token,
            timeout,
        }
    }

    /// What the bank says about one of the merchant's invoices now. The answer has no signature: it
    /// is believed because we asked, over TLS. Only reads, so repeating is safe.
    pub async fn status(&self, invoice_id: &str) -> Result<Snapshot, AskError> {
        let mut url = self.endpoint("api/merchant/invoice/status");
        url.query_pairs_mut().append_pair("invoiceId", invoice_id);
        let asked = self.get(url).await?;
        let fields = read(&asked)?;
        let snapshot = snapshot::read(&fields, false).map_err(|error| asked.bad(Some(error)))?;
        if snapshot.invoice_id != invoice_id {
            return Err(AskError::OtherOrder);
        }
        Ok(snapshot)
    }

    /// The key that webhooks are signed with. The bank asks not to fetch it for each of them; see
    /// [`Keys`](crate::Keys).
    pub async fn public_key(&self) -> Result<PublicKey, AskError> {
        let asked = self.get(self.endpoint("api/merchant/pubkey")).await?;
        let fields = read(&asked)?;
        let key = fields.required("key").map_err(|error| asked.bad(Some(error)))?;
        PublicKey::parse(key).map_err(|_| asked.bad(Some(wire::CallbackError::BadField("key"))))
    }

    async fn get(&self, url: Url) -> Result<Asked, AskError> {
        let request = self.http.get(url).header("x-token", self.token.expose_secret());
        wire::ask(request, self.timeout).await
    }

    fn endpoint(&self, path: &str) -> Url {
        let mut url = self.api_url.clone();
        let path = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

/// The fields of a good answer; a refusal says so by its HTTP status.
fn read(asked: &Asked) -> Result<Fields<'_>, AskError> {
    let meaning = match asked.http_status {
        404 => Some(Meaning::UnknownOrder),
        400 | 403 => Some(Meaning::Ours),
        429 => Some(Meaning::Trouble),
        _ => None,
    };
    if let Some(meaning) = meaning {
        return Err(AskError::refused(&asked.http_status.to_string(), meaning));
    }
    wire::read_object(asked.text()?).map_err(|error| asked.bad(Some(error.into())))
}

#[cfg(test)]
pub(crate) mod peer;
#[cfg(test)]
mod tests;
