//! Dividing a payment between receivers (fondy.md §8.8), and asking what became of it. Protocol 2.0 only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use super::{Client, MAX_ANSWER_BYTES, answer};
use crate::error::Error;
use crate::signature::sign_v2;
use crate::snapshot::Snapshot;
use crate::status::OrderStatus;

/// "Duplicate order": a settlement with this order id is there already.
const DUPLICATE: u32 = 1013;
/// "Transaction already finished": the payment is divided already.
const FINISHED: u32 = 1086;

/// A payment to be divided. Amounts are minor units; the receivers must add up to `amount`.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Its own order id, new and unique: what makes sending it twice harmless.
    pub order_id: String,
    /// The order id of the payment.
    pub operation_id: String,
    /// What is divided.
    pub amount: u64,
    /// `UAH`.
    pub currency: String,
    /// What it is for.
    pub order_desc: String,
    /// Where its result is posted to.
    pub server_callback_url: Option<String>,
    /// Who gets what, at least one.
    pub receivers: Vec<MerchantPart>,
}

/// What another merchant of the gateway gets.
#[derive(Clone, Debug)]
pub struct MerchantPart {
    /// The gateway's number of the merchant.
    pub merchant_id: u64,
    /// Minor units.
    pub amount: u64,
    /// What the payment is for.
    pub description: String,
    /// What the merchant sold, encoded ([`crate::reservation_data::encode`]); without it the gateway makes no receipt
    /// for the merchant.
    pub reservation_data: Option<String>,
}

/// What came of sending a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The gateway took it; the result follows as a callback, and can be asked for.
    Taken,
    /// The gateway has one with this order id already: it arrived before.
    Duplicate,
    /// The payment is divided already, by this settlement or by another: ask for this one's status.
    AlreadyDivided,
}

/// The order of fields is that of the published example: `data` is signed as written.
#[derive(Serialize)]
struct OrderJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    server_callback_url: Option<&'a str>,
    currency: &'a str,
    amount: u64,
    order_type: &'static str,
    order_id: &'a str,
    operation_id: &'a str,
    order_desc: &'a str,
    merchant_id: u64,
    receiver: Vec<ReceiverJson<'a>>,
}

#[derive(Serialize)]
struct ReceiverJson<'a> {
    requisites: RequisitesJson<'a>,
    r#type: &'static str,
}

#[derive(Serialize)]
struct RequisitesJson<'a> {
    amount: u64,
    settlement_description: &'a str,
    merchant_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_data: Option<&'a str>,
}

impl Settlement {
    /// `data` of the request: base64 of the order, as the gateway's example writes it. Pure.
    pub fn data(&self, merchant_id: u64) -> String {
        let receiver = self
            .receivers
            .iter()
            .map(|part| ReceiverJson {
                requisites: RequisitesJson {
                    amount: part.amount,
                    settlement_description: &part.description,
                    merchant_id: part.merchant_id,
                    reservation_data: part.reservation_data.as_deref(),
                },
                r#type: "merchant",
            })
            .collect();
        let order = OrderJson {
            server_callback_url: self.server_callback_url.as_deref(),
            currency: &self.currency,
            amount: self.amount,
            order_type: "settlement",
            order_id: &self.order_id,
            operation_id: &self.operation_id,
            order_desc: &self.order_desc,
            merchant_id,
            receiver,
        };
        // Plain structs of texts and numbers always serialise.
        let order = serde_json::to_string(&order).unwrap_or_default();
        STANDARD.encode(format!(r#"{{"order":{order}}}"#))
    }
}

impl Client {
    /// Divides a payment. Not to be repeated on a guess: when no trustworthy answer came ([`Error::NoAnswer`] and the
    /// like), ask [`Client::split_status`] of the settlement's own order id; the gateway takes an order id once.
    pub async fn settle(&self, settlement: &Settlement) -> Result<Sent, Error> {
        let data = settlement.data(self.credentials.merchant_id);
        let (http_status, body) = self.post("settlement", &self.envelope(data), MAX_ANSWER_BYTES).await?;
        match answer::order(http_status, &body, &self.credentials) {
            Err(Error::Api { code: DUPLICATE, .. }) => Ok(Sent::Duplicate),
            Err(Error::Api { code: FINISHED, .. }) => Ok(Sent::AlreadyDivided),
            Err(error) => Err(error),
            Ok(order) => {
                let named = order.order_id.as_deref().is_none_or(|id| id == settlement.order_id);
                let declined =
                    order.status.map(|status| OrderStatus::from_wire(&status)) == Some(OrderStatus::Declined);
                match (named, declined) {
                    (false, _) => Err(Error::OtherOrder),
                    (true, true) => Err(Error::Api {
                        code: 0,
                        message: "the settlement was declined".to_owned(),
                    }),
                    (true, false) => Ok(Sent::Taken),
                }
            }
        }
    }

    /// What the gateway says about an order in protocol 2.0, whose answers show receivers (fondy.md §8.8). Only
    /// reads, so repeating is safe.
    pub async fn split_status(&self, order_id: &str) -> Result<Snapshot, Error> {
        let order = json!({ "order": { "order_id": order_id, "merchant_id": self.credentials.merchant_id } });
        let (http_status, body) = self
            .post(
                "status/order_id",
                &self.envelope(STANDARD.encode(order.to_string())),
                MAX_ANSWER_BYTES,
            )
            .await?;
        let snapshot = answer::read(http_status, &body, &self.credentials)?;
        if snapshot.order_id != order_id {
            return Err(Error::OtherOrder);
        }
        Ok(snapshot)
    }

    fn envelope(&self, data: String) -> serde_json::Value {
        let signature = sign_v2(&self.credentials.key, &data);
        json!({ "request": { "version": "2.0", "data": data, "signature": signature } })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    #[test]
    fn the_sheets_settlement_is_written_letter_by_letter() {
        let part = |merchant_id, amount| MerchantPart {
            merchant_id,
            amount,
            description: "Призначення платежу".to_owned(),
            reservation_data: None,
        };
        let settlement = Settlement {
            order_id: "shop-2001_split1".to_owned(),
            operation_id: "shop-2001".to_owned(),
            amount: 1_000_000,
            currency: "UAH".to_owned(),
            order_desc: "test order".to_owned(),
            server_callback_url: Some("https://shop.example/fondy/split-cb".to_owned()),
            receivers: vec![part(500_001, 600_000), part(600_001, 400_000)],
        };
        let data = settlement.data(1_396_424);
        assert_eq!(data, include_str!("s1.txt").trim());
        assert_eq!(
            sign_v2(&SecretString::from("test"), &data),
            "0715a467a40f67b88226ee604fc5e20368f9c68e"
        );
    }

    #[test]
    fn a_receivers_basket_stands_beside_its_merchant() {
        let settlement = Settlement {
            order_id: "a_split1".to_owned(),
            operation_id: "a".to_owned(),
            amount: 1,
            currency: "UAH".to_owned(),
            order_desc: "null".to_owned(),
            server_callback_url: None,
            receivers: vec![MerchantPart {
                merchant_id: 5,
                amount: 1,
                description: String::new(),
                reservation_data: Some("e30=".to_owned()),
            }],
        };
        let text = String::from_utf8(STANDARD.decode(settlement.data(7)).unwrap()).unwrap();
        assert_eq!(
            text,
            r#"{"order":{"currency":"UAH","amount":1,"order_type":"settlement","order_id":"a_split1","operation_id":"a","order_desc":"null","merchant_id":7,"receiver":[{"requisites":{"amount":1,"settlement_description":"","merchant_id":5,"reservation_data":"e30="},"type":"merchant"}]}}"#
        );
    }
}
