//! `CHECKPAY` (sheet §6.3).

use serde::{Deserialize, Serialize};

use crate::decimal::Money;

/// Codes of forms of payment. The set is open; anything but [`CASH`](pay_form::CASH) is cashless.
pub mod pay_form {
    /// «ГОТІВКА»
    pub const CASH: u32 = 0;
    /// A bank card or another electronic means; also for online gateways.
    pub const CARD: u32 = 1;
    /// A prepayment or gift certificate.
    pub const PREPAYMENT: u32 = 2;
    /// On credit.
    pub const CREDIT: u32 = 3;
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckPay {
    /// `PAYFORMCD`, see [`pay_form`].
    #[serde(rename = "PAYFORMCD")]
    pub form_code: u32,
    /// `PAYFORMNM`: the form's name on the receipt, at most 128 characters.
    #[serde(rename = "PAYFORMNM")]
    pub form_name: String,
    /// `SUM`
    #[serde(rename = "SUM")]
    pub sum: Money,
    /// `PROVIDED`: cash handed over.
    #[serde(rename = "PROVIDED", default, skip_serializing_if = "Option::is_none")]
    pub provided: Option<Money>,
    /// `REMAINS`: change.
    #[serde(rename = "REMAINS", default, skip_serializing_if = "Option::is_none")]
    pub remains: Option<Money>,
    /// `PAYSYS`: card details.
    #[serde(rename = "PAYSYS", default, skip_serializing_if = "Vec::is_empty")]
    pub pay_sys: Vec<PaySys>,
}

impl CheckPay {
    /// A payment without details.
    pub fn new(form_code: u32, form_name: impl Into<String>, sum: Money) -> Self {
        Self {
            form_code,
            form_name: form_name.into(),
            sum,
            provided: None,
            remains: None,
            pay_sys: Vec::new(),
        }
    }
}

/// Details of a card payment. Only masked card data belongs here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaySys {
    /// `TAXNUM`: the payment system's tax number.
    #[serde(rename = "TAXNUM", skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
    /// `NAME`: the payment system or gateway.
    #[serde(rename = "NAME", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `ACQUIREID`
    #[serde(rename = "ACQUIREID", skip_serializing_if = "Option::is_none")]
    pub acquirer_id: Option<String>,
    /// `ACQUIREPN`: the acquirer's tax number.
    #[serde(rename = "ACQUIREPN", skip_serializing_if = "Option::is_none")]
    pub acquirer_tax_number: Option<String>,
    /// `ACQUIRENM`: the acquirer's name.
    #[serde(rename = "ACQUIRENM", skip_serializing_if = "Option::is_none")]
    pub acquirer_name: Option<String>,
    /// `ACQUIRETRANSID`: the transaction.
    #[serde(rename = "ACQUIRETRANSID", skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// `POSTRANSDATE`: `ddmmyyyyhhmmss`.
    #[serde(rename = "POSTRANSDATE", skip_serializing_if = "Option::is_none")]
    pub transaction_date: Option<String>,
    /// `POSTRANSNUM`: the terminal's receipt number.
    #[serde(rename = "POSTRANSNUM", skip_serializing_if = "Option::is_none")]
    pub transaction_number: Option<String>,
    /// `DEVICEID`: the terminal or payment id.
    #[serde(rename = "DEVICEID", skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// `EPZDETAILS`: the masked card.
    #[serde(rename = "EPZDETAILS", skip_serializing_if = "Option::is_none")]
    pub masked_card: Option<String>,
    /// `AUTHCD`: the authorisation code, at most 64 characters.
    #[serde(rename = "AUTHCD", skip_serializing_if = "Option::is_none")]
    pub auth_code: Option<String>,
    /// `CLIENTINFO`
    #[serde(rename = "CLIENTINFO", skip_serializing_if = "Option::is_none")]
    pub client_info: Option<String>,
    /// `SUM`
    #[serde(rename = "SUM", skip_serializing_if = "Option::is_none")]
    pub sum: Option<Money>,
    /// `COMMISSION`
    #[serde(rename = "COMMISSION", skip_serializing_if = "Option::is_none")]
    pub commission: Option<Money>,
}
