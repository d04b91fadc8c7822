//! The XML of a document, as `GetCheck` and `GetZRep` with `Type=OriginalXml` return it.

use encoding_rs::WINDOWS_1251;
use sha2::{Digest as _, Sha256};

use super::config::{RegisterSetup, XmlEncoding};
use super::document::RecordedDocument;
use super::totals::kopecks;
use super::wire::{Check, Decimal, DocClass, money};
use super::world::hex;
use crate::kyiv;

mod z_report;

/// The document's XML in the declared encoding.
pub(super) fn bytes(setup: &RegisterSetup, document: &RecordedDocument, encoding: XmlEncoding) -> Vec<u8> {
    let name = match encoding {
        XmlEncoding::Utf8 => "utf-8",
        XmlEncoding::Windows1251 => "windows-1251",
    };
    let content = match document.class {
        DocClass::Check => check(setup, document),
        DocClass::ZRep => z_report::content(setup, document),
    };
    let text = format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\n{content}\n");
    match encoding {
        XmlEncoding::Utf8 => text.into_bytes(),
        XmlEncoding::Windows1251 => WINDOWS_1251.encode(&text).0.into_owned(),
    }
}

/// 64 hex digits of SHA-256 over the document's XML.
pub(super) fn hash(setup: &RegisterSetup, document: &RecordedDocument, encoding: XmlEncoding) -> String {
    hex(&Sha256::digest(bytes(setup, document, encoding)))
}

fn check(setup: &RegisterSetup, document: &RecordedDocument) -> String {
    let sent = document
        .check
        .as_deref()
        .and_then(|text| serde_json::from_str::<Check>(text).ok());
    let mut out = String::from("<CHECK><CHECKHEAD>");
    if let (Some(doc_type), Some(sub_type)) = (document.doc_type, document.doc_sub_type) {
        element(&mut out, "DOCTYPE", &doc_type.number().to_string());
        element(&mut out, "DOCSUBTYPE", &sub_type.number().to_string());
    }
    head(&mut out, setup, document);
    out.push_str("</CHECKHEAD>");
    if document.sum_kopecks != 0 || sent.is_some() {
        out.push_str("<CHECKTOTAL>");
        element(&mut out, "SUM", &money(document.sum_kopecks));
        out.push_str("</CHECKTOTAL>");
    }
    if let Some(sent) = &sent {
        payments(&mut out, sent);
        lines(&mut out, sent);
    }
    out.push_str("</CHECK>");
    out
}

fn head(out: &mut String, setup: &RegisterSetup, document: &RecordedDocument) {
    element(out, "TIN", &setup.tin);
    optional(out, "IPN", setup.ipn.as_deref());
    element(out, "ORGNM", &setup.organisation);
    element(out, "POINTNM", &setup.unit);
    element(out, "POINTADDR", &setup.address);
    element(out, "ORDERDATE", &kyiv::day_first(document.at));
    element(out, "ORDERTIME", &kyiv::time(document.at));
    element(out, "ORDERNUM", &document.num_local.to_string());
    element(out, "CASHDESKNUM", &setup.num_local.to_string());
    element(out, "CASHREGISTERNUM", &setup.num_fiscal.to_string());
    optional(out, "ORDERRETNUM", document.ret_num.as_deref());
    optional(out, "ORDERSTORNUM", document.storno_num.as_deref());
    flag(out, "REVOKELASTONLINEDOC", document.revokes_last_online);
    element(out, "CASHIER", &document.cashier);
    optional(out, "COMMENT", document.comment.as_deref());
    element(out, "VER", "1");
    element(out, "ORDERTAXNUM", &document.num_fiscal);
    flag(out, "REVOKED", document.revoked);
    flag(out, "STORNED", document.storned);
    flag(out, "OFFLINE", document.offline);
    optional(out, "PREVDOCHASH", document.previous_hash.as_deref());
    flag(out, "TESTING", document.testing);
}

fn payments(out: &mut String, sent: &Check) {
    rows(
        out,
        "CHECKPAY",
        sent.checkpay.as_deref().unwrap_or_default(),
        |out, pay| {
            let code = pay.payformcd.and_then(super::totals::whole).unwrap_or(0);
            element(out, "PAYFORMCD", &code.to_string());
            optional(out, "PAYFORMNM", pay.payformnm.as_deref());
            element(out, "SUM", &money(kopecks(pay.sum)));
        },
    );
}

fn lines(out: &mut String, sent: &Check) {
    rows(
        out,
        "CHECKBODY",
        sent.checkbody.as_deref().unwrap_or_default(),
        |out, line| {
            optional(out, "CODE", line.code.as_deref());
            optional(out, "NAME", line.name.as_deref());
            let amount = line.amount.and_then(Decimal::thousandths).unwrap_or(0);
            element(
                out,
                "AMOUNT",
                &format!("{}.{:03}", amount / 1000, amount.unsigned_abs() % 1000),
            );
            element(out, "PRICE", &money(kopecks(line.price)));
            optional(out, "LETTERS", line.letters.as_deref());
            element(out, "COST", &money(kopecks(line.cost)));
        },
    );
}

fn rows<T>(out: &mut String, name: &str, items: &[T], write: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        return;
    }
    out.push_str(&format!("<{name}>"));
    for (index, item) in items.iter().enumerate() {
        out.push_str(&format!("<ROW ROWNUM=\"{}\">", index + 1));
        write(out, item);
        out.push_str("</ROW>");
    }
    out.push_str(&format!("</{name}>"));
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    escape(out, text);
    out.push_str(&format!("</{name}>"));
}

fn optional(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        element(out, name, text);
    }
}

fn flag(out: &mut String, name: &str, on: bool) {
    if on {
        element(out, name, "true");
    }
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no other control characters, not even as references.
            control if control < ' ' && !matches!(control, '\t' | '\n' | '\r') => out.push(' '),
            plain => out.push(plain),
        }
    }
}
