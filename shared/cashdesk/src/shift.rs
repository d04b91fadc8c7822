//! Shifts: opening, the Z-report that closes, and the words that keep one alive (sheet §5.3, §5.7).

use serde::{Deserialize, Serialize};

use crate::answer::object;
use crate::check::is_false;
use crate::decimal::Money;
use crate::error::Flaw;
use crate::lenient::{self, Raw};
use crate::view::{Keep, Parts};

/// Opens a shift. Refused with [`Class::ShiftAlreadyOpen`](crate::Class) if one is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "action_type", rename = "OPEN_SHIFT")]
pub struct OpenShift {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    no_pdf: bool,
    no_text_print: bool,
}

impl OpenShift {
    /// Asks for none of the printed forms.
    pub const fn new(num_fiscal: u64) -> Self {
        Self {
            num_fiscal,
            no_pdf: true,
            no_text_print: true,
        }
    }
}

/// Makes the Z-report, which closes the shift. `CLOSE_SHIFT`, which circulates as the action's name, is not sent: no
/// source that could be read has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "action_type", rename = "Z_REPORT")]
pub struct ZReport {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// Characters in a line of the text form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_width: Option<u32>,
    /// Leave the PDF out of the answer.
    #[serde(skip_serializing_if = "is_false")]
    pub no_pdf: bool,
    /// Leave the text form out of the answer.
    #[serde(skip_serializing_if = "is_false")]
    pub no_text_print: bool,
}

impl ZReport {
    /// Asks for none of the printed forms.
    pub const fn new(num_fiscal: u64) -> Self {
        Self {
            num_fiscal,
            print_width: None,
            no_pdf: true,
            no_text_print: true,
        }
    }

    pub(crate) const fn keep(&self) -> Keep {
        Keep {
            qr: false,
            pdf: !self.no_pdf,
            text: !self.no_text_print,
        }
    }
}

/// The document that opened or closed a shift. Only `uuid` was seen; the other names are those of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftDocument {
    /// CashDesk's id.
    pub uuid: Option<String>,
    /// The fiscal number.
    pub order_num: Option<String>,
    /// The cash in the box; of a Z-report what is there after it.
    pub cash_in_box: Option<Money>,
    /// The printed forms, where they were asked for.
    pub parts: Parts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    uuid: Raw<'a>,
    #[serde(rename = "ORDERNUM")]
    order_num: Raw<'a>,
    cash_in_box: Raw<'a>,
    qr: Raw<'a>,
    pdf: Raw<'a>,
    text_print: Raw<'a>,
}

impl ShiftDocument {
    pub(crate) fn read(body: &[u8], keep: Keep) -> Result<Self, Flaw> {
        let wire: Wire<'_> = object(body)?;
        let document = Self {
            uuid: lenient::text_of(wire.uuid),
            order_num: lenient::text_of(wire.order_num),
            cash_in_box: lenient::money_of(wire.cash_in_box),
            parts: Parts::read(keep, wire.qr, wire.pdf, wire.text_print),
        };
        if document.uuid.is_none() && document.order_num.is_none() {
            return Err(Flaw::Missing("uuid"));
        }
        Ok(document)
    }
}

/// What a ping says. That it is answered is what matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ping {
    /// Whose key signs, as CashDesk's id of the user.
    pub user_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PingWire {
    #[serde(deserialize_with = "lenient::block")]
    user_signature: SignatureWire,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignatureWire {
    #[serde(deserialize_with = "lenient::text")]
    user_id: Option<String>,
}

impl Ping {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Flaw> {
        let wire: PingWire = object(body)?;
        Ok(Self {
            user_id: wire.user_signature.user_id,
        })
    }
}
