//! Registering a check: a sale, return, storno or cash movement (sheet §4.6).

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::{RegisteredDocument, RegistrarNumber, Request, uid};
use crate::answer::{Answer, wire};
use crate::check::Check;
use crate::error::Flaw;
use crate::image::Image;
use crate::lenient;

/// Makes one fiscal document, or two with an automatic opening. **Never repeat it after
/// [`Class::Unknown`](crate::Class::Unknown)** without asking: the provider gives the repeat the next number.
#[derive(Clone, Debug)]
pub struct RegisterCheck {
    /// Which register.
    pub registrar: RegistrarNumber,
    /// The document.
    pub check: Check,
    /// Open the shift first if it is closed; that document takes a local number of its own.
    pub auto_open_shift: bool,
    /// Ask for the QR picture with this side in pixels; 256–2048 were seen in use.
    pub qr_size: Option<u16>,
    /// Ask for a printable form.
    pub visualization: Option<Rendering>,
    /// For a storno: the check it cancels, exactly as it was registered.
    pub storned_check: Option<Check>,
    /// A correlation id only (sheet §2.1).
    pub uid: Option<Uuid>,
}

/// How a document should be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// Plain text.
    Text,
    /// HTML.
    Html,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wire<'a> {
    num_fiscal: RegistrarNumber,
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    uid: Option<Uuid>,
    auto_open_shift: bool,
    get_qr_code: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_size: Option<u16>,
    visualization: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vis_as_html: Option<bool>,
    check: &'a Check,
    #[serde(skip_serializing_if = "Option::is_none")]
    storned_check: Option<&'a Check>,
}

impl Serialize for RegisterCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            num_fiscal: self.registrar,
            uid: self.uid,
            auto_open_shift: self.auto_open_shift,
            get_qr_code: self.qr_size.is_some(),
            qr_size: self.qr_size,
            visualization: self.visualization.is_some(),
            vis_as_html: (self.visualization == Some(Rendering::Html)).then_some(true),
            check: &self.check,
            storned_check: self.storned_check.as_ref(),
        }
        .serialize(serializer)
    }
}

/// A registered check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredCheck {
    /// Numbers, time and rendering.
    pub document: RegisteredDocument,
    /// The receipt's page at the tax service. May be missing, above all offline; keep it as it is (sheet §7).
    pub url: Option<String>,
    /// The QR picture, where asked for and sent; it can always be drawn from `url` instead.
    pub qr_code: Option<Image>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct LinkWire {
    #[serde(deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient::image")]
    qr_code: Option<Image>,
}

impl Request for RegisterCheck {
    const COMMAND: &'static str = "RegisterCheck";
    type Answer = RegisteredCheck;
}

impl Answer for RegisteredCheck {
    fn read(json: &str) -> Result<Self, Flaw> {
        let document = RegisteredDocument::read(json)?;
        let link: LinkWire = wire(json)?;
        Ok(Self {
            document,
            url: link.url,
            qr_code: link.qr_code,
        })
    }
}
