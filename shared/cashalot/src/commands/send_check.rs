//! Asking the provider to send a receipt to the buyer's phone (sheet §4.16).

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, Serializer};

use super::{RegistrarNumber, Request};
use crate::decimal::Money;

/// Sends a receipt by the provider's channel, whose kind and price are unknown. Repeating it may send a second message.
/// A convenience: its failure must not fail the receipt.
#[derive(Clone, Debug, Serialize)]
pub struct SendCheckToConsumer {
    /// 0 is the default; other values are unknown.
    #[serde(rename = "ServiceType")]
    pub service_type: i32,
    /// `+380XXXXXXXXX`. Personal data: not in `Debug`, and masked in the record.
    #[serde(rename = "PhoneNumber", serialize_with = "exposed")]
    pub phone_number: SecretString,
    /// Which register.
    #[serde(rename = "RegistrarNumFiscal")]
    pub registrar: RegistrarNumber,
    /// The receipt's fiscal number.
    #[serde(rename = "OrderNumFiscal")]
    pub fiscal_number: String,
    /// The receipt's sum.
    #[serde(rename = "OrderSum")]
    pub sum: Money,
    /// The receipt's time as the provider wrote it.
    #[serde(rename = "OrderDateTime")]
    pub order_date_time: String,
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl Request for SendCheckToConsumer {
    const COMMAND: &'static str = "SendCheckToConsumer";
    type Answer = ();

    fn personal(&self) -> Option<&SecretString> {
        Some(&self.phone_number)
    }
}
