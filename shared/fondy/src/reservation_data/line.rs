use serde::Deserialize;
use serde_json::value::RawValue;

use super::Fault;
use crate::decimal::{self, Scaled};
use crate::fields::Value;

/// One line of a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The shop's id of the line or the goods; repeats happen. The position when none was sent.
    pub id: String,
    /// The name as a buyer reads it. Never empty.
    pub name: String,
    /// Kopecks for one whole unit. A magnitude: the sign of a discount is in `total_kopecks`.
    pub price_kopecks: u64,
    /// Kopecks for the line; negative for a discount. It leads over price × quantity, which may
    /// differ by a rounding or a line discount.
    pub total_kopecks: i64,
    /// Thousandths of a unit: pieces or weight. Never zero.
    pub quantity_thousandths: u64,
}

impl Product {
    /// A line that takes money off. It has no place on a receipt as it is.
    pub fn is_discount(&self) -> bool {
        self.total_kopecks < 0
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default, borrow)]
    id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    name: Option<&'a RawValue>,
    #[serde(default, borrow)]
    price: Option<&'a RawValue>,
    #[serde(default, borrow)]
    total_amount: Option<&'a RawValue>,
    #[serde(default, borrow)]
    quantity: Option<&'a RawValue>,
}

/// Reads line number `line`, counted from 1. A line worth zero may have no price or quantity: it is
/// dropped by the caller, so its other fields are not asked for.
pub(super) fn read(line: usize, json: &str) -> Result<Product, Fault> {
    let wire: Line<'_> = Some(json)
        .filter(|json| json.starts_with('{'))
        .and_then(|json| serde_json::from_str(json).ok())
        .ok_or(Fault::NotALine { line })?;
    let bad = |field| Fault::BadField { line, field };

    let total_kopecks = decimal_of(wire.total_amount, 2)
        .and_then(signed)
        .ok_or(bad("total_amount"))?;
    let id = text_of(wire.id)
        .filter(|id| !id.is_empty())
        .unwrap_or_else(|| line.to_string());
    if total_kopecks == 0 {
        return Ok(Product {
            id,
            name: text_of(wire.name).unwrap_or_default(),
            price_kopecks: 0,
            total_kopecks,
            quantity_thousandths: 0,
        });
    }
    let price = decimal_of(wire.price, 2).ok_or(bad("price"))?;
    let quantity = decimal_of(wire.quantity, 3)
        .filter(|quantity| !quantity.negative && quantity.magnitude > 0)
        .ok_or(bad("quantity"))?;
    if price.negative && total_kopecks > 0 {
        return Err(bad("price"));
    }
    Ok(Product {
        id,
        name: text_of(wire.name)
            .filter(|name| !name.trim().is_empty())
            .ok_or(bad("name"))?,
        price_kopecks: price.magnitude,
        total_kopecks,
        quantity_thousandths: quantity.magnitude,
    })
}

fn decimal_of(raw: Option<&RawValue>, places: u32) -> Option<Scaled> {
    decimal::parse(text_of(raw)?.trim(), places)
}

fn text_of(raw: Option<&RawValue>) -> Option<String> {
    match Value::from_json(raw?).ok()? {
        Value::Text(text) => Some(text.replace('\0', "")),
        Value::Number(text) => Some(text.to_owned()),
        Value::Null | Value::Nested(_) => None,
    }
}

fn signed(amount: Scaled) -> Option<i64> {
    let magnitude = i64::try_from(amount.magnitude).ok()?;
    Some(if amount.negative { -magnitude } else { magnitude })
}
