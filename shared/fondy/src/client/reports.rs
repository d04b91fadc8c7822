//! `/reports`: a merchant's payments of a time.
//!
//! What is known of it (2026): two of the gateway's own kits call it with `merchant_id`, `date_from`, `date_to`
//! (`dd.mm.yyyy hh:mm:ss`) and the usual signature, and expect a list; shops that use it read `response` as a
//! list of objects with the names and minor units of a callback **[likely]**. Whether the dates mean the order's
//! making or its payment, in which zone they are, and whether there is a limit is **[unknown]**. The gateway's
//! documentation calls it deprecated in favour of reports with an account of their own, so it may be absent
//! ([`Error::is_unsupported`]). The list is not signed: it says which orders to ask about, nothing else.

use serde_json::json;

use wire::read_object;

use super::{Client, answer};
use crate::CallbackError;
use crate::error::Error;
use crate::fields::Fields;
use crate::signature::sign_v1;
use crate::status::OrderStatus;
use crate::transactions::objects;

/// A day of a small shop whole, a minute of a large one.
const MAX_REPORT_BYTES: usize = 8 * 1024 * 1024;

/// One payment of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// The shop's order id.
    pub order_id: String,
    /// Where the order is.
    pub order_status: OrderStatus,
    /// Paid, in minor units; none if not told.
    pub amount: Option<u64>,
    /// The currency of it.
    pub currency: String,
    /// Given back in all, in minor units; none if not told.
    pub reversal_amount: Option<u64>,
}

impl Client {
    /// The payments of a time. `date_from` and `date_to` are `dd.mm.yyyy hh:mm:ss`. Only reads, so repeating is
    /// safe. [`Error::TooLong`]: ask for less time.
    pub async fn reports(&self, date_from: &str, date_to: &str) -> Result<Vec<ReportLine>, Error> {
        let merchant_id = self.credentials.merchant_id.to_string();
        let signature = sign_v1(
            &self.credentials.key,
            [
                ("merchant_id", merchant_id.as_str()),
                ("date_from", date_from),
                ("date_to", date_to),
            ],
        );
        let request = json!({ "request": {
            "merchant_id": self.credentials.merchant_id,
            "date_from": date_from,
            "date_to": date_to,
            "signature": signature,
        }});
        let (http_status, body) = self.post("reports", &request, MAX_REPORT_BYTES).await?;
        read(http_status, &body)
    }
}

fn read(http_status: u16, body: &[u8]) -> Result<Vec<ReportLine>, Error> {
    answer::read_unsigned(http_status, body, lines)
}

fn lines(text: &str) -> Result<Vec<ReportLine>, CallbackError> {
    let items = objects(text)?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let fields = read_object(item.get())?;
        // Without its order nothing can be asked about it.
        if let Some(order_id) = fields.text("order_id") {
            found.push(line(order_id, &fields));
        }
    }
    Ok(found)
}

fn line(order_id: &str, fields: &Fields<'_>) -> ReportLine {
    let number = |name: &str| fields.text(name).and_then(|text| text.parse().ok());
    let actual = number("actual_amount");
    let currency = match actual {
        Some(_) => fields.text("actual_currency"),
        None => fields.text("currency"),
    };
    ReportLine {
        order_id: order_id.to_owned(),
        order_status: OrderStatus::from_wire(fields.text("order_status").unwrap_or_default()),
        amount: actual.or_else(|| number("amount")),
        currency: currency.unwrap_or_default().to_owned(),
        reversal_amount: match fields.text("reversal_amount") {
            None => Some(0),
            Some(text) => text.parse().ok(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_a_callback_would_be() {
        let body = r#"{"response":[
            {"order_id":"a","order_status":"approved","amount":"1000","currency":"USD","actual_amount":"41000","actual_currency":"UAH","reversal_amount":""},
            {"order_id":"b","order_status":"reversed","amount":500,"currency":"UAH","actual_amount":"","reversal_amount":"500"},
            {"order_id":"c","order_status":"approved","reversal_amount":"much"},
            {"order_status":"approved"}]}"#;
        let found = read(200, body.as_bytes()).unwrap();
        let short: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.order_id.as_str(),
                    one.amount,
                    one.currency.as_str(),
                    one.reversal_amount,
                )
            })
            .collect();
        assert_eq!(
            short,
            [
                ("a", Some(41_000), "UAH", Some(0)),
                ("b", Some(500), "UAH", Some(500)),
                ("c", None, "", None),
            ]
        );
    }

    #[test]
    fn a_gateway_without_it_says_so() {
        let unsupported = |status, body: &str| read(status, body.as_bytes()).unwrap_err().is_unsupported();
        assert!(unsupported(404, "<html>"));
        assert!(unsupported(
            200,
            "{\"response\":{\"response_status\":\"failure\",\"error_code\":1100}}"
        ));
        assert!(!unsupported(502, "<html>"));
        assert!(!unsupported(
            200,
            "{\"response\":{\"response_status\":\"failure\",\"error_code\":1002}}"
        ));
    }
}
