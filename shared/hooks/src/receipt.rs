//! The body of CashDesk's receipt webhook (cashdesk.md §8 and §11), so that software written for that understands ours.
//! Names and JSON types are the vendor's; where its table and its own sample disagree, the sample is followed, for that
//! is what software was tried with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::{Date, Time};
use serde::{Serialize, Serializer};

use crate::number::{Amount, Money};

/// One document of a register. Sums are in hryvnias, times in Kyiv's time.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    /// The register's fiscal number. A string, as in the vendor's sample; its table says integer.
    pub num_fiscal: String,
    /// What kind of document it is.
    pub check_type: CheckType,
    /// The document's hash, which is `mac` in `qr_data`.
    pub hash: String,
    /// The document's fiscal number.
    #[serde(rename = "ORDERNUM")]
    pub order_num: String,
    /// The document's date.
    #[serde(rename = "ORDERDATE", serialize_with = "date")]
    pub order_date: Date,
    /// The document's time; what is less than a second is left out.
    #[serde(rename = "ORDERTIME", serialize_with = "time")]
    pub order_time: Time,
    /// Was it made offline?
    pub is_offline: bool,
    /// What was sold and paid.
    pub check_data: CheckData,
    /// The QR code as a PNG.
    pub qr: Base64,
    /// What the QR code says: the tax service's address of the document.
    pub qr_data: String,
    /// The receipt's page.
    pub link: String,
    /// The receipt as a PDF.
    pub pdf: Base64,
    /// The receipt as text in UTF-8.
    pub text_print: Base64,
    /// Our id of the document; the same in every attempt.
    pub uuid: String,
    /// The register's own number of the document.
    pub local_number: Option<u64>,
    /// The cash in the register now.
    pub cash_in_box: Money,
}

/// The kinds of documents that are seen in the wild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CheckType {
    /// A sale.
    #[serde(rename = "Z_SALE")]
    Sale,
    /// A return; a storno too, for CashDesk has no other word.
    #[serde(rename = "Z_RETURN")]
    Return,
    /// Cash put in.
    #[serde(rename = "SERVICE_INPUT")]
    ServiceInput,
    /// Cash taken out.
    #[serde(rename = "SERVICE_OUTPUT")]
    ServiceOutput,
}

/// What was sold and paid.
#[derive(Clone, Debug, Serialize)]
pub struct CheckData {
    /// The total after cash is rounded.
    pub total_sum: Money,
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// The taxes; their turnover is before cash is rounded.
    pub tax: Vec<Tax>,
    /// The lines.
    pub products: Vec<Product>,
    /// The number it was given offline.
    pub offline_id: Option<String>,
    /// Nothing in the vendor's sample.
    pub date: Option<String>,
    /// The same as in [`Receipt`].
    pub local_number: Option<u64>,
    /// Text under the receipt.
    pub footer: Option<String>,
    /// The rounded total less the exact one.
    pub round_sum: Money,
    /// The discount on the whole receipt.
    pub global_discount: Money,
}

/// One way in which was paid.
#[derive(Clone, Debug, Serialize)]
pub struct Payment {
    /// 0 is cash, anything else is not.
    pub code: u32,
    /// `ГОТІВКА`, `КАРТКА`.
    pub name: String,
    /// What was paid.
    pub sum: Money,
    /// What was handed over.
    pub sum_provided: Money,
    /// The change.
    pub sum_remains: Money,
    /// The terminal. What is in it is documented nowhere, so it is always nothing.
    pub pay_terminal: Null,
}

/// One tax. Excise is nothing, as in the vendor's sample; the table's types for it make no sense.
#[derive(Clone, Debug, Serialize)]
pub struct Tax {
    /// `ПДВ`, `БЕЗ ПДВ`.
    pub name: String,
    /// The letter under which the register knows the tax.
    pub letter: Option<String>,
    /// The rate in whole percents.
    pub prc: u32,
    /// What is taxed, before cash is rounded.
    pub turnover: Money,
    /// The tax.
    pub sum: Money,
    /// Nothing.
    pub excise_prc: Null,
    /// Nothing.
    pub excise_sum: Null,
    /// Nothing.
    pub excise_letter: Null,
    /// Nothing.
    pub excise_turnover: Null,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Product {
    /// The shop's code.
    pub code: Option<String>,
    /// The customs code.
    pub uktzed: Option<String>,
    /// The unit's code in the state's list; a piece is `2009`.
    pub unit_code: Option<String>,
    /// The unit.
    pub unit_name: Option<String>,
    /// How much.
    pub amount: Amount,
    /// What.
    pub name: String,
    /// The price of a unit.
    pub price: Money,
    /// The tax letter; empty without tax.
    pub letters: String,
    /// Price by amount.
    pub cost: Money,
    /// The discount on the line.
    pub sum_discount: Money,
    /// The bar code.
    pub bar_code: Option<String>,
    /// The excise stamp.
    pub excise_barcode: Option<String>,
    /// The excise letter; empty without excise.
    pub excise_letter: String,
}

/// `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Null;

/// Bytes, in JSON as Base64; an empty string if there are none.
#[derive(Clone, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl std::fmt::Debug for Base64 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

fn date<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

fn time<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    serializer.collect_str(&format_args!("{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests;
