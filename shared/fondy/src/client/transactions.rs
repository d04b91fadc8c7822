//! `/transaction_list` (fondy.md §8.5).

use serde_json::json;
use serde_json::value::RawValue;

use super::{Client, answer};
use crate::decimal;
use crate::envelope::read_object;
use crate::error::Error;
use crate::fields::Fields;
use crate::signature::sign_v1;
use crate::status::TranType;

/// One movement of an order's money. The list is not signed: good for telling movements apart, never as
/// proof that money moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The gateway's id of the movement.
    pub id: String,
    /// What it did.
    pub tran_type: TranType,
    /// `approved` and others, as received.
    pub status: String,
    /// How much, in minor units of the money really moved (major units on the wire); none if not told.
    pub amount: Option<u64>,
}

impl Client {
    /// What moved an order's money, oldest first. An order the gateway does not know has an empty list. Only
    /// reads, so repeating is safe.
    pub async fn transactions(&self, order_id: &str) -> Result<Vec<Transaction>, Error> {
        let merchant_id = self.credentials.merchant_id.to_string();
        let signature = sign_v1(
            &self.credentials.key,
            [("order_id", order_id), ("merchant_id", &merchant_id)],
        );
        let request = json!({ "request": {
            "order_id": order_id,
            "merchant_id": self.credentials.merchant_id,
            "signature": signature,
        }});
        let (http_status, body) = self.post("transaction_list", &request).await?;
        read(http_status, &body, order_id)
    }
}

fn read(http_status: u16, body: &[u8], order_id: &str) -> Result<Vec<Transaction>, Error> {
    let items = answer::list(http_status, body)?;
    let mut found = Vec::with_capacity(items.len());
    for item in &items {
        let fields = object(http_status, item)?;
        if fields.text("order_id").is_some_and(|named| named != order_id) {
            return Err(Error::OtherOrder);
        }
        let Some(id) = fields.text("id") else { continue };
        found.push(Transaction {
            id: id.to_owned(),
            tran_type: TranType::from_wire(fields.text("tran_type").unwrap_or_default()),
            status: fields.text("transaction_status").unwrap_or_default().to_owned(),
            amount: amount(&fields, "actual_amount").or_else(|| amount(&fields, "amount")),
        });
    }
    Ok(found)
}

pub(super) fn object<'a>(http_status: u16, raw: &'a RawValue) -> Result<Fields<'a>, Error> {
    read_object(raw.get()).map_err(|error| Error::BadAnswer {
        http_status,
        source: Some(error),
    })
}

fn amount(fields: &Fields<'_>, name: &str) -> Option<u64> {
    let scaled = decimal::parse(fields.text(name)?, 2)?;
    (!scaled.negative).then_some(scaled.magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_whatever_their_literal() {
        let body = r#"{"response":[
            {"id":1,"order_id":"a","tran_type":"purchase","transaction_status":"approved","amount":267.5,"actual_amount":267.5},
            {"id":"2","order_id":"a","tran_type":"reverse","transaction_status":"approved","amount":0.07,"actual_amount":null},
            {"id":3,"order_id":"a","tran_type":"capture","transaction_status":"created","actual_amount":20.0},
            {"order_id":"a","tran_type":"reverse"}]}"#;
        let found = read(200, body.as_bytes(), "a").unwrap();
        let short: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.amount)).collect();
        assert_eq!(short, [("1", Some(26_750)), ("2", Some(7)), ("3", Some(2_000))]);
        assert_eq!(found[1].tran_type, TranType::Reverse);
        assert_eq!(read(200, br#"{"response":[]}"#, "a").unwrap(), []);
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        for (status, body) in [
            (
                200,
                "{\"response\":{\"response_status\":\"failure\",\"error_code\":1014}}",
            ),
            (200, "{}"),
            (200, "<html>"),
            (502, "{\"response\":[]}"),
            (200, "{\"response\":[{\"id\":1,\"order_id\":\"b\"}]}"),
            (200, "{\"response\":[7]}"),
        ] {
            assert!(read(status, body.as_bytes(), "a").is_err(), "{status} {body}");
        }
    }
}
