//! A Z-report's elements in the order of the tax service's schema, from the totals kept with the document. A block, a
//! list or a field that says nothing is absent.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{element, head, rows};
use crate::cashalot::config::RegisterSetup;
use crate::cashalot::document::RecordedDocument;

/// A JSON object whose numbers stay the text they were written as.
type Object = BTreeMap<String, Box<RawValue>>;

const SUMS: [&str; 4] = ["SUM", "RNDSUM", "NORNDSUM", "ORDERSCNT"];
const PAY_FORM: [&str; 3] = ["PAYFORMCD", "PAYFORMNM", "SUM"];
const TAX: [&str; 9] = [
    "TYPE",
    "NAME",
    "LETTER",
    "PRC",
    "SIGN",
    "TURNOVER",
    "TURNOVERDISCOUNT",
    "SOURCESUM",
    "SUM",
];
const BODY: [&str; 2] = ["SERVICEINPUT", "SERVICEOUTPUT"];

pub(super) fn content(setup: &RegisterSetup, document: &RecordedDocument) -> String {
    let kept = document.check.as_deref().unwrap_or_default();
    let totals: Object = serde_json::from_str(kept).unwrap_or_default();
    let mut out = String::from("<ZREP><ZREPHEAD>");
    head(&mut out, setup, document);
    out.push_str("</ZREPHEAD>");
    for name in ["ZREPREALIZ", "ZREPRETURN"] {
        block(&mut out, name, &totals, |out, block| {
            scalars(out, block, &SUMS);
            list(out, block, "PAYFORMS", &PAY_FORM);
            list(out, block, "TAXES", &TAX);
        });
    }
    block(&mut out, "ZREPBODY", &totals, |out, body| scalars(out, body, &BODY));
    out.push_str("</ZREP>");
    out
}

fn block(out: &mut String, name: &str, totals: &Object, write: impl Fn(&mut String, &Object)) {
    let block: Object = inner(totals, name);
    if !block.is_empty() {
        out.push_str(&format!("<{name}>"));
        write(out, &block);
        out.push_str(&format!("</{name}>"));
    }
}

fn list(out: &mut String, block: &Object, name: &str, fields: &[&str]) {
    let items: Vec<Object> = inner(block, name);
    rows(out, name, &items, |out, item| scalars(out, item, fields));
}

fn scalars(out: &mut String, object: &Object, names: &[&str]) {
    for name in names {
        match object.get(*name).map(|json| json.get()) {
            None | Some("null") => {}
            Some(json) => {
                let text = serde_json::from_str(json).unwrap_or_else(|_| json.to_owned());
                element(out, name, &text);
            }
        }
    }
}

/// What a field holds; nothing if it is absent or null.
fn inner<T: DeserializeOwned + Default>(object: &Object, name: &str) -> T {
    let value = object
        .get(name)
        .map(|json| serde_json::from_str::<Option<T>>(json.get()));
    value.and_then(Result::ok).flatten().unwrap_or_default()
}
