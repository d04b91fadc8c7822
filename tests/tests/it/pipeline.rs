//! End to end: the real `run` of ingress and worker on sockets between the two simulators, on
//! SQLite with bells in memory and on PostgreSQL with Redis.

mod given_back;
mod holds;
mod merchants;
mod refunds;
mod sales;
mod stand_in;
mod stopping;
mod trouble;
mod trust;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::cashalot::RecordedDocument;
use serde_json::{Value, json};

/// A basket as Fondy carries it: name, price, quantity and total of each line as JSON numbers.
fn carried(lines: &[(&str, &str, &str, &str)]) -> Option<String> {
    let lines: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(id, (name, price, quantity, total))| {
            format!(
                r#"{{"id":{},"name":"{name}","price":{price},"total_amount":{total},"quantity":{quantity}}}"#,
                id + 1
            )
        })
        .collect();
    Some(STANDARD.encode(format!(r#"{{"products":[{}]}}"#, lines.join(","))))
}

/// A basket of one line as the API takes it.
fn basket(name: &str, price: &str) -> Value {
    json!({ "basket": [{ "name": name, "price": price, "quantity": 1 }] })
}

/// The names of the goods on a document, as the provider got them.
fn goods(document: &RecordedDocument) -> Vec<String> {
    let check = body(document);
    let lines = check["CHECKBODY"].as_array().cloned().unwrap_or_default();
    lines
        .iter()
        .map(|line| line["NAME"].as_str().unwrap().to_owned())
        .collect()
}

/// A document as the provider got it.
fn body(document: &RecordedDocument) -> Value {
    serde_json::from_str(document.check.as_deref().unwrap()).unwrap()
}
