//! One of `items` (sheet §4.2).

use super::node::{Invalid, Node};
use super::{Rules, parties, receipt};
use crate::atol::config::Version;
use crate::atol::document::{Item, Mark};
use crate::atol::lists;

/// 42 949 672.95, for a price and for a line.
const MOST: u64 = 4_294_967_295;

pub(super) fn read(item: &Node<'_>, rules: Rules<'_>, has_vats: bool) -> Result<Item, Invalid> {
    let name = item.need("name")?.text(1..=128)?;
    let price = item.need("price")?.amount(MOST)?;
    let quantity = item.need("quantity")?.quantity()?;
    let sum = sum(item, price, quantity)?;
    let mark = match rules.version {
        Version::V4 => subject_v4(item)?,
        Version::V5 => subject_v5(item)?,
    };
    let may_lack_vat = rules.version == Version::V4 && has_vats;
    let vat = match item.get("vat") {
        None if may_lack_vat => None,
        _ => Some(receipt::vat(&item.need_object("vat")?, rules)?),
    };
    item.optional_text("user_data", 0..=64)?;
    item.optional_text("declaration_number", 1..=32)?;
    item.optional_digits("country_code", &[3])?;
    if let Some(excise) = item.get("excise") {
        excise.amount(receipt::MOST)?;
    }
    parties::agent(item, rules.version)?;
    Ok(Item {
        name: name.to_owned(),
        price,
        quantity,
        sum,
        vat,
        mark,
    })
}

/// The line's sum is price × quantity, rounded half up: v5 says so, and v4 gave up the discount that explained a
/// difference.
fn sum(item: &Node<'_>, price: u64, quantity: u64) -> Result<u64, Invalid> {
    let node = item.need("sum")?;
    let sum = node.amount(MOST)?;
    let product = (price * quantity + 500) / 1000;
    if product > MOST {
        return Err(item.invalid("price × quantity is too large"));
    }
    if sum != product {
        return Err(node.invalid("is not price × quantity"));
    }
    Ok(sum)
}

fn subject_v4(item: &Node<'_>) -> Result<Option<Mark>, Invalid> {
    item.optional_text("measurement_unit", 0..=16)?;
    if let Some(method) = item.get("payment_method") {
        method.one_of(&lists::PAYMENT_METHODS)?;
    }
    if let Some(object) = item.get("payment_object") {
        object.one_of(&lists::PAYMENT_OBJECTS)?;
    }
    item.optional_text("nomenclature_code", 1..=150)?;
    Ok(None)
}

fn subject_v5(item: &Node<'_>) -> Result<Option<Mark>, Invalid> {
    known(&item.need("measure")?, lists::is_measure)?;
    item.need("payment_method")?.one_of(&lists::PAYMENT_METHODS)?;
    known(&item.need("payment_object")?, lists::is_payment_object)?;
    let Some(code) = item.optional_object("mark_code")? else {
        return Ok(None);
    };
    let given: Vec<_> = lists::MARKS
        .iter()
        .filter_map(|kind| Some((kind, code.get(kind)?)))
        .collect();
    let [(kind, mark)] = given.as_slice() else {
        return Err(code.invalid("must have exactly one kind of mark"));
    };
    let text = mark.text(1..=lists::MARK_LENGTH)?;
    item.need("mark_processing_mode")?.one_of(&["0"])?;
    if let Some(quantity) = item.optional_object("mark_quantity")? {
        quantity.need("numerator")?.integer()?;
        quantity.need("denominator")?.integer()?;
    }
    Ok(Some(Mark {
        kind: (**kind).to_owned(),
        code: text.to_owned(),
    }))
}

fn known(node: &Node<'_>, knows: fn(i64) -> bool) -> Result<(), Invalid> {
    if knows(node.integer()?) {
        return Ok(());
    }
    Err(node.invalid("is none of the values that are allowed"))
}
