//! The schema of a registration (sheet §4). The first thing found wrong is told with its path; unknown fields are fine.

use std::sync::Arc;

use serde_json::Value;

use super::config::{GroupSetup, Version};
use super::document::{Item, Payment, ReceiptBody};
use super::mask;
use super::operation::Operation;
use node::{Invalid, Node};

mod correction;
mod decimal;
mod item;
mod node;
mod parties;
mod receipt;

/// A registration that fits the schema.
pub(super) struct Receipt {
    pub external_id: String,
    /// As it was sent, if it was and is not empty.
    pub callback_url: Option<String>,
    /// The company's.
    pub inn: String,
    /// Kopecks; of a v4 correction, the sum of its payments.
    pub total: u64,
    pub payments: Vec<Payment>,
    pub items: Vec<Item>,
    pub body: ReceiptBody,
}

impl Receipt {
    /// Where the result is posted.
    pub(super) fn posted_to(&self) -> Option<&str> {
        self.callback_url.as_deref().filter(|url| mask::fits(url))
    }

    pub(super) fn has_bad_url(&self) -> bool {
        self.callback_url.is_some() && self.posted_to().is_none()
    }
}

/// What a document holds besides its envelope.
struct Content {
    inn: String,
    total: u64,
    payments: Vec<Payment>,
    items: Vec<Item>,
}

/// What decides between the rules.
#[derive(Clone, Copy)]
struct Rules<'a> {
    version: Version,
    operation: Operation,
    vat_types: &'a [String],
}

/// Reads a body. An error says where and what, such as `#/receipt/items/0/name: is missing`.
pub(super) fn read(body: &Value, setup: &GroupSetup, operation: Operation) -> Result<Receipt, String> {
    let rules = Rules {
        version: setup.version,
        operation,
        vat_types: &setup.vat_types,
    };
    envelope(&Node::root(body), rules).map_err(|invalid| invalid.to_string())
}

fn envelope(root: &Node<'_>, rules: Rules<'_>) -> Result<Receipt, Invalid> {
    root.need("timestamp")?.date("00.00.0000 00:00:00")?;
    let external_id = root.need("external_id")?.text(1..=128)?;
    let service = root.optional_object("service")?;
    let callback_url = match service {
        Some(service) => service.optional_text("callback_url", 0..=256)?,
        None => None,
    };
    if let (Version::V5, Some(optional)) = (rules.version, root.get("ism_optional")) {
        optional.boolean()?;
    }
    let corrects = rules.operation.is_correction();
    let node = root.need_object(if corrects { "correction" } else { "receipt" })?;
    let content = match (corrects, rules.version) {
        (false, Version::V4 | Version::V5) => receipt::read(&node, rules),
        (true, Version::V4) => correction::read_v4(&node, rules),
        (true, Version::V5) => correction::read_v5(&node, rules),
    };
    let Content {
        inn,
        total,
        payments,
        items,
    } = content?;
    Ok(Receipt {
        external_id: external_id.to_owned(),
        callback_url: callback_url.filter(|url| !url.is_empty()).map(str::to_owned),
        inn,
        total,
        payments,
        items,
        body: ReceiptBody(Arc::new(node.value().clone())),
    })
}
