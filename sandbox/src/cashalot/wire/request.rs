//! Typed requests. Unknown fields are ignored, nulls count as absent, registrar numbers may be numbers or digits.

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use super::{FetchType, Refusal, WorkMode};

/// Reads a command's own fields from the body.
pub(in crate::cashalot) fn parse<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Refusal> {
    serde_json::from_str(body).map_err(|error| Refusal::parameter(format!("Невірний параметр запиту: {error}")))
}

/// A registrar's fiscal number: a JSON number or a string of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashalot) struct Registrar(pub u64);

impl<'de> Deserialize<'de> for Registrar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let digits = raw.get().trim_matches('"').trim();
        let number = digits
            .parse()
            .map_err(|_| de::Error::custom("a registrar number was expected"))?;
        Ok(Self(number))
    }
}

/// A document's fiscal number: a string, or a number for online ones.
#[derive(Clone, Debug)]
pub(in crate::cashalot) struct DocumentNumber(pub String);

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get().trim_matches('"').trim();
        let shaped = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !shaped {
            return Err(de::Error::custom("a document number was expected"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// What every request may carry.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Envelope {
    pub certificate: Option<String>,
    pub private_key: Option<String>,
    pub password: Option<String>,
    pub use_smart_id: Option<bool>,
    pub key_pin: Option<String>,
}

impl Envelope {
    /// Whether anything of the kind was sent at all.
    pub(in crate::cashalot) fn has_credentials(&self) -> bool {
        let texts = [&self.certificate, &self.private_key, &self.password, &self.key_pin];
        texts.iter().any(|text| text.is_some()) || self.use_smart_id == Some(true)
    }
}

#[derive(Deserialize)]
pub(in crate::cashalot) struct ServerState {}

#[derive(Deserialize)]
pub(in crate::cashalot) struct Objects {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct CertificateInfo {
    pub certificate: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct State {
    pub num_fiscal: Registrar,
    pub include_tax_object: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct OpenShift {
    pub num_fiscal: Registrar,
    pub testing: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct RegisterCheck {
    pub num_fiscal: Registrar,
    pub check: Option<Box<RawValue>>,
    pub check_to_convert: Option<String>,
    pub auto_open_shift: Option<bool>,
    pub get_qr_code: Option<bool>,
    pub qr_size: Option<u32>,
    pub visualization: Option<bool>,
    pub vis_as_html: Option<bool>,
    pub storned_check: Option<Box<RawValue>>,
    pub storned_check_to_convert: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct RegisterZRep {
    pub num_fiscal: Registrar,
    #[serde(rename = "ZRep")]
    pub z_rep: Option<super::ZRep>,
    pub visualization: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct CloseShift {
    pub num_fiscal: Registrar,
    #[serde(rename = "ZRepAuto")]
    pub z_rep_auto: Option<bool>,
    pub visualization: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct LastShiftTotals {
    pub num_fiscal: Registrar,
    pub visualization: Option<bool>,
}

/// `GetCheck` and `GetZRep`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Fetch {
    pub registrar_num_fiscal: Registrar,
    pub num_fiscal: DocumentNumber,
    #[serde(rename = "Type")]
    pub kind: FetchType,
    pub get_qr_code: Option<bool>,
    pub qr_size: Option<u32>,
    pub vis_as_html: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Cleanup {
    pub num_fiscal: Registrar,
    pub remove: Option<bool>,
    pub visualization: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Shifts {
    pub num_fiscal: Registrar,
    pub from: String,
    pub to: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Documents {
    pub num_fiscal: Registrar,
    pub shift_id: Option<u64>,
    pub open_shift_fiscal_num: Option<DocumentNumber>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Setup {
    pub certificate: Option<String>,
    pub private_key: Option<String>,
    pub password: Option<String>,
    pub use_smart_id: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct SetupRegistrar {
    pub num_fiscal: Registrar,
    pub work_mode: WorkMode,
    pub send_to_cabinet: Option<bool>,
}

/// `SendCheckToConsumer`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cashalot) struct Send {
    pub service_type: Option<i64>,
    pub phone_number: String,
    pub registrar_num_fiscal: Registrar,
    pub order_num_fiscal: DocumentNumber,
    pub order_sum: super::Decimal,
    pub order_date_time: String,
}
