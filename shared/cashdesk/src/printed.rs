//! The text and the QR picture of a check by its id (sheet §7). Whether they come bare or in JSON is unknown.

use serde::Deserialize;

use crate::answer::object;
use crate::error::Flaw;
use crate::lenient::{self, Raw};
use crate::view::{bytes_of, decode};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    text_print: Raw<'a>,
    text: Raw<'a>,
    qr: Raw<'a>,
}

/// A check's text: bare, or in JSON, in base64 or not.
pub(crate) fn read_text(body: &[u8]) -> Result<String, Flaw> {
    let raw = |text: String| match decode(&text).map(String::from_utf8) {
        Some(Ok(decoded)) => decoded,
        Some(Err(_)) | None => text,
    };
    let text = match body.trim_ascii_start().first() {
        Some(b'{') => {
            let wire: Wire<'_> = object(body)?;
            lenient::text_of(wire.text_print.or(wire.text)).map(raw)
        }
        Some(b'"') => serde_json::from_slice(body).ok().map(raw),
        Some(b'<') => return Err(Flaw::Shape("text")),
        Some(_) | None => std::str::from_utf8(body).ok().map(str::to_owned),
    };
    text.filter(|text| !text.trim().is_empty()).ok_or(Flaw::Missing("text"))
}

/// A check's QR picture, PNG or JPEG: bare, or in base64, in JSON or not.
pub(crate) fn read_qr(body: &[u8]) -> Result<Vec<u8>, Flaw> {
    let bytes = match body.trim_ascii_start().first() {
        Some(b'{') => bytes_of(object::<Wire<'_>>(body)?.qr),
        Some(b'"') => serde_json::from_slice::<String>(body)
            .ok()
            .and_then(|text| decode(&text)),
        _ if is_picture(body) => Some(body.to_vec()),
        _ => std::str::from_utf8(body).ok().and_then(decode),
    };
    bytes.filter(|bytes| is_picture(bytes)).ok_or(Flaw::Missing("qr"))
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_bare_and_in_json() {
        for body in [
            "ЧЕК 7",
            r#""ЧЕК 7""#,
            r#"{"text_print":"0KfQldCaIDc="}"#,
            r#"{"text":"ЧЕК 7"}"#,
        ] {
            assert_eq!(read_text(body.as_bytes()).as_deref(), Ok("ЧЕК 7"), "{body}");
        }
        for body in ["", " \n", "<html>", "{}", r#"{"text_print":null}"#, "{"] {
            assert!(read_text(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_picture_is_read_bare_and_in_base64() {
        let png = b"\x89PNG\r\n\x1a\n";
        for body in [
            &png[..],
            b"iVBORw0KGgo=",
            br#""iVBORw0KGgo=""#,
            br#"{"qr":"iVBORw0KGgo="}"#,
        ] {
            assert_eq!(read_qr(body).as_deref(), Ok(&png[..]), "{body:?}");
        }
        for body in [&b""[..], b"<svg/>", b"{}", b"QUJD", br#"{"qr":""}"#] {
            assert!(read_qr(body).is_err(), "{body:?}");
        }
    }
}
