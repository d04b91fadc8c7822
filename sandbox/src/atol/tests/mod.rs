//! The simulator against chapters 16 and 17 of the protocol sheet, over real sockets.

mod access;
mod bodies;
mod callbacks;
mod control;
mod duplicates;
mod faults;
mod polling;
mod schema;
mod transport;
mod working;

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::patience::{eventually, soon};
use transport::Bed;

const V4: &str = "till_v4";
const V5: &str = "till_v5";
const OTHER: &str = "other_v4";

const SECOND: Duration = Duration::from_secs(1);

/// A sale of 300.00 in the shape of a version.
fn sale(version: Version, external_id: &str) -> Value {
    let item = match version {
        Version::V4 => json!({ "name": "Notebook", "price": 150.0, "quantity": 2, "sum": 300.0,
            "measurement_unit": "pc", "payment_method": "full_payment", "payment_object": "commodity",
            "vat": { "type": "vat20", "sum": 50.0 } }),
        Version::V5 => json!({ "name": "Notebook", "price": 150.0, "quantity": 2, "measure": 0, "sum": 300.0,
            "payment_method": "full_payment", "payment_object": 1, "vat": { "type": "vat20", "sum": 50.0 } }),
    };
    json!({
        "timestamp": "05.03.2025 15:03:59", "external_id": external_id, "service": {},
        "receipt": {
            "client": { "email": "buyer@mail.example" },
            "company": company(), "items": [item],
            "payments": [{ "type": 1, "sum": 300.0 }],
            "vats": [{ "type": "vat20", "sum": 50.0 }],
            "total": 300.0,
        }
    })
}

/// A correction of 300.00 in the shape of a version.
fn correction(version: Version, external_id: &str) -> Value {
    let mut body = json!({
        "timestamp": "05.03.2025 15:03:59", "external_id": external_id,
        "correction": {
            "company": company(),
            "correction_info": { "type": "self", "base_date": "04.03.2025", "base_number": "12" },
            "payments": [{ "type": 1, "sum": 300.0 }],
            "vats": [{ "type": "vat20", "sum": 50.0 }],
        }
    });
    if version == Version::V5 {
        let receipt = sale(version, external_id)["receipt"].clone();
        body["correction"]["items"] = receipt["items"].clone();
        body["correction"]["total"] = receipt["total"].clone();
    }
    body
}

fn company() -> Value {
    json!({ "email": "till@shop.example", "sno": "osn", "inn": DEFAULT_INN, "payment_address": "https://shop.example" })
}

/// The body with one place set, or taken away when the value is null; the pointer is JSON's, such as `/receipt/total`.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match (parent, value) {
        (Value::Object(fields), Value::Null) => drop(fields.remove(name)),
        (Value::Object(fields), value) => drop(fields.insert(name.to_owned(), value)),
        (Value::Array(list), value) => list[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} has no parent"),
    }
    body
}
