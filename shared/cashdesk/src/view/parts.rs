use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::Keep;
use crate::lenient::{Raw, scalar};

/// What comes in base64, decoded. What is missing was not asked for, not sent, or not base64: a picture is never worth
/// losing a registered check's answer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The QR code's picture.
    pub qr: Option<Vec<u8>>,
    /// The PDF.
    pub pdf: Option<Vec<u8>>,
    /// The text form.
    pub text: Option<String>,
}

impl Parts {
    pub(crate) fn read(keep: Keep, qr: Raw<'_>, pdf: Raw<'_>, text_print: Raw<'_>) -> Self {
        let bytes = |wanted: bool, raw: Raw<'_>| raw.filter(|_| wanted).and_then(|raw| bytes_of(Some(raw)));
        Self {
            qr: bytes(keep.qr, qr),
            pdf: bytes(keep.pdf, pdf),
            text: bytes(keep.text, text_print).and_then(|text| String::from_utf8(text).ok()),
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("qr_bytes", &self.qr.as_ref().map(Vec::len))
            .field("pdf_bytes", &self.pdf.as_ref().map(Vec::len))
            .field("text_bytes", &self.text.as_ref().map(String::len))
            .finish()
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64, wrapped or not, padded or not. None for anything else and for nothing.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(text).ok().filter(|bytes| !bytes.is_empty())
}

pub(crate) fn bytes_of(raw: Raw<'_>) -> Option<Vec<u8>> {
    decode(&scalar(raw)?)
}
