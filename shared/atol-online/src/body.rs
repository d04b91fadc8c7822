//! A document as the text that is sent. The text is the intent: it is kept and sent again unchanged.

use secrecy::ExposeSecret as _;
use serde::Serialize;
use wire::Personal;

use crate::check::Problem;
use crate::decimal::{Money, Quantity};
use crate::document::{Buyer, Company, Document, Receipt};
use crate::item::Item;
use crate::operation::Version;
use crate::time::{BaseDate, MoscowTime};
use crate::vat::Vat;

impl Document {
    /// The exact body for [`Client::register`](crate::Client::register). Refuses what [`Document::check`] does not
    /// allow. Holds the buyer's contacts.
    pub fn to_body(&self, version: Version) -> Result<String, Vec<Problem>> {
        self.check(version)?;
        let content = Content::of(self, version);
        let (receipt, correction) = if self.correction.is_some() {
            (None, Some(content))
        } else {
            (Some(content), None)
        };
        let envelope = Envelope {
            timestamp: self.timestamp,
            external_id: &self.external_id,
            service: self.callback_url.as_ref().map(|url| Service {
                callback_url: url.expose_secret(),
            }),
            receipt,
            correction,
            ism_optional: self.ism_optional.filter(|_| version == Version::V5),
        };
        serde_json::to_string(&envelope).map_err(|error| vec![Problem::new("document", error.to_string())])
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    timestamp: MoscowTime,
    external_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ism_optional: Option<bool>,
}

#[derive(Serialize)]
struct Service<'a> {
    callback_url: &'a str,
}

/// A receipt or a correction.
#[derive(Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<BuyerText<'a>>,
    company: CompanyText<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction_info: Option<InfoText<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemText<'a>>,
    payments: Vec<PaymentText>,
    #[serde(skip_serializing_if = "<[Vat]>::is_empty")]
    vats: &'a [Vat],
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cashier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cashier_inn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_check_props: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_user_props: Option<PropsText<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_number: Option<&'a str>,
}

#[derive(Serialize)]
struct BuyerText<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inn: Option<&'a str>,
}

#[derive(Serialize)]
struct CompanyText<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sno: Option<&'a str>,
    inn: &'a str,
    payment_address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

#[derive(Serialize)]
struct InfoText<'a> {
    r#type: &'static str,
    base_date: BaseDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_number: Option<&'a str>,
}

#[derive(Serialize)]
struct ItemText<'a> {
    name: &'a str,
    price: Money,
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<u8>,
    sum: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    measurement_unit: Option<&'a str>,
    payment_method: &'static str,
    payment_object: ObjectText,
    vat: &'a Vat,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ObjectText {
    Word(Option<&'static str>),
    Code(Option<u8>),
}

#[derive(Serialize)]
struct PaymentText {
    r#type: u8,
    sum: Money,
}

#[derive(Serialize)]
struct PropsText<'a> {
    name: &'a str,
    value: &'a str,
}

fn exposed(value: Option<&Personal>) -> Option<&str> {
    value.map(Personal::expose)
}

impl<'a> Content<'a> {
    fn of(document: &'a Document, version: Version) -> Self {
        let receipt = &document.receipt;
        let payments = receipt.payments.iter().map(|payment| PaymentText {
            r#type: payment.kind.code(),
            sum: payment.sum,
        });
        let content = Self {
            client: None,
            company: CompanyText::of(&receipt.company),
            correction_info: document.correction.as_ref().map(|info| InfoText {
                r#type: info.kind.as_str(),
                base_date: info.base_date,
                base_number: info.base_number.as_deref(),
            }),
            items: Vec::new(),
            payments: payments.collect(),
            vats: &receipt.vats,
            total: None,
            cashier: exposed(receipt.cashier.as_ref()),
            cashier_inn: None,
            additional_check_props: None,
            additional_user_props: None,
            device_number: receipt.device_number.as_deref(),
        };
        match (version, &document.correction) {
            (Version::V4, Some(_)) => Self {
                // v4's correction has no place for it.
                company: CompanyText {
                    email: None,
                    ..content.company
                },
                ..content
            },
            (Version::V4, None) | (Version::V5, _) => content.whole(receipt, version),
        }
    }

    /// All of it, for what is not a correction of v4.
    fn whole(self, receipt: &'a Receipt, version: Version) -> Self {
        Self {
            client: BuyerText::of(&receipt.client),
            items: receipt.items.iter().map(|item| ItemText::of(item, version)).collect(),
            total: Some(receipt.total),
            cashier_inn: exposed(receipt.cashier_inn.as_ref()).filter(|_| version == Version::V5),
            additional_check_props: receipt.additional_check_props.as_deref(),
            additional_user_props: receipt.additional_user_props.as_ref().map(|props| PropsText {
                name: &props.name,
                value: props.value.expose(),
            }),
            ..self
        }
    }
}

impl<'a> BuyerText<'a> {
    /// None for a buyer of whom nothing is known.
    fn of(buyer: &'a Buyer) -> Option<Self> {
        let text = Self {
            email: exposed(buyer.email.as_ref()),
            phone: exposed(buyer.phone.as_ref()),
            name: exposed(buyer.name.as_ref()),
            inn: exposed(buyer.inn.as_ref()),
        };
        let known = [text.email, text.phone, text.name, text.inn];
        known.iter().any(Option::is_some).then_some(text)
    }
}

impl<'a> CompanyText<'a> {
    fn of(company: &'a Company) -> Self {
        Self {
            email: Some(&company.email),
            sno: company.sno.as_ref().map(|sno| sno.as_str()),
            inn: &company.inn,
            payment_address: &company.payment_address,
            location: company.location.as_deref(),
        }
    }
}

impl<'a> ItemText<'a> {
    fn of(item: &'a Item, version: Version) -> Self {
        let (measure, measurement_unit, payment_object) = match version {
            Version::V4 => (
                None,
                Some(item.unit.v4()).filter(|unit| !unit.is_empty()),
                ObjectText::Word(item.payment_object.v4()),
            ),
            Version::V5 => (Some(item.unit.v5()), None, ObjectText::Code(item.payment_object.v5())),
        };
        Self {
            name: &item.name,
            price: item.price,
            quantity: item.quantity,
            measure,
            sum: item.sum,
            measurement_unit,
            payment_method: item.payment_method.as_str(),
            payment_object,
            vat: &item.vat,
        }
    }
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
