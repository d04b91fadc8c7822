//! `/reverse/order_id` (fondy.md §8.3): money goes back.

use serde_json::{Value, json};

use super::{Client, MAX_ANSWER_BYTES, answer};
use crate::error::Error;
use crate::fields::Fields;
use crate::signature::sign_v1;

/// Carries the idempotency key; 1.0 does not know it.
const VERSION: &str = "1.0.1";
const WORDS: usize = 200;

/// What is to be given back.
#[derive(Clone, Copy, Debug)]
pub struct ReverseRequest<'a> {
    /// The shop's order id.
    pub order_id: &'a str,
    /// Minor units of the money really charged.
    pub amount: u64,
    /// Its currency, such as `UAH`.
    pub currency: &'a str,
    /// For the gateway's own books, at most 1024 characters.
    pub comment: Option<&'a str>,
    /// Idempotency key, at most 50 characters: the same key with the same amount gives back once.
    pub reverse_id: Option<&'a str>,
}

/// What the gateway says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// Done, accepted, refused.
    pub status: ReverseStatus,
    /// Why it was refused: a code of fondy.md §11.
    pub code: Option<u32>,
    /// The gateway's words, shortened.
    pub words: String,
}

/// `reverse_status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReverseStatus {
    /// The money went back.
    Approved,
    /// Accepted, not done yet.
    Accepted,
    /// Refused.
    Declined,
    /// A word this crate does not know, as received.
    Other(String),
}

impl Client {
    /// Gives money back. On [`Error::is_not_done`] nothing happened. On any other error it may have: ask
    /// [`Client::status`] and [`Client::transaction_list`]; only the same request with the same `reverse_id` and
    /// amount may be sent again. The receipt follows from the reversal's own message, not from this answer.
    pub async fn reverse(&self, wanted: &ReverseRequest<'_>) -> Result<Reversal, Error> {
        let request = self.reverse_request(wanted);
        let (http_status, body) = self.post("reverse/order_id", &request, MAX_ANSWER_BYTES).await?;
        read(&answer::signed(http_status, &body, &self.credentials)?, wanted.order_id)
    }

    fn reverse_request(&self, wanted: &ReverseRequest<'_>) -> Value {
        let merchant_id = self.credentials.merchant_id.to_string();
        let amount = wanted.amount.to_string();
        let (comment, reverse_id) = (wanted.comment.unwrap_or(""), wanted.reverse_id.unwrap_or(""));
        // A plain reversal goes as the first protocol has it.
        let version = match wanted.reverse_id {
            Some(_) => VERSION,
            None => "",
        };
        let fields = [
            ("order_id", wanted.order_id),
            ("merchant_id", &merchant_id),
            ("amount", &amount),
            ("currency", wanted.currency),
            ("comment", comment),
            ("reverse_id", reverse_id),
            ("version", version),
        ];
        let signature = sign_v1(&self.credentials.key, fields);
        let mut request = serde_json::Map::new();
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            request.insert((*name).to_owned(), Value::from(*value));
        }
        request.insert("merchant_id".to_owned(), self.credentials.merchant_id.into());
        request.insert("signature".to_owned(), signature.into());
        json!({ "request": request })
    }
}

fn read(fields: &Fields<'_>, order_id: &str) -> Result<Reversal, Error> {
    if fields.text("order_id") != Some(order_id) {
        return Err(Error::OtherOrder);
    }
    // One table of the documentation misspells the name.
    let word = fields.text("reverse_status").or(fields.text("revers_status"));
    let status = match word {
        Some("approved") => ReverseStatus::Approved,
        Some("created" | "processing") => ReverseStatus::Accepted,
        Some("declined") => ReverseStatus::Declined,
        other => ReverseStatus::Other(other.unwrap_or_default().chars().take(WORDS).collect()),
    };
    Ok(Reversal {
        status,
        code: fields.text("response_code").and_then(|code| code.parse().ok()),
        words: fields
            .text("response_description")
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(WORDS)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::callback::messages::test_credentials;
    use crate::envelope::read_object;

    fn signature(wanted: &ReverseRequest<'_>) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let api = Url::parse("http://127.0.0.1:9").unwrap();
        let client = Client::new(http, api, test_credentials(), Duration::from_secs(1));
        let request = client.reverse_request(wanted);
        request["request"]["signature"].as_str().unwrap().to_owned()
    }

    #[test]
    fn both_vectors_of_the_sheet_are_signed_as_written() {
        let full = ReverseRequest {
            order_id: "shop-1001",
            amount: 26_750,
            currency: "UAH",
            comment: None,
            reverse_id: None,
        };
        assert_eq!(signature(&full), "c3734295860a28a419bb4d16fd32001e7c6227a6");
        let part = ReverseRequest {
            amount: 12_750,
            comment: Some("Повернення: кеш\u{2019}ю"),
            reverse_id: Some("rf-1"),
            ..full
        };
        assert_eq!(signature(&part), "ae6b5914e2294fda98b768792e82620a3c8cbffd");
    }

    #[test]
    fn every_status_is_told_apart() {
        let status = |body: &str| read(&read_object(body).unwrap(), "a").map(|told| (told.status, told.code));
        let table = [
            (
                r#"{"order_id":"a","reverse_status":"approved"}"#,
                ReverseStatus::Approved,
                None,
            ),
            (
                r#"{"order_id":"a","reverse_status":"created"}"#,
                ReverseStatus::Accepted,
                None,
            ),
            (
                r#"{"order_id":"a","reverse_status":"processing"}"#,
                ReverseStatus::Accepted,
                None,
            ),
            (
                r#"{"order_id":"a","reverse_status":"declined","response_code":1069}"#,
                ReverseStatus::Declined,
                Some(1069),
            ),
            (r#"{"order_id":"a"}"#, ReverseStatus::Other(String::new()), None),
        ];
        for (body, expected, code) in table {
            assert_eq!(status(body).unwrap(), (expected, code), "{body}");
        }
        assert!(status(r#"{"order_id":"b","reverse_status":"approved"}"#).is_err());
    }
}
