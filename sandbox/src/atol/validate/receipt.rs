//! `receipt` (sheet §4.1), and what corrections share with it.

use super::item;
use super::node::{Invalid, Node};
use super::parties;
use super::{Content, Rules};
use crate::atol::config::Version;
use crate::atol::document::{Item, Payment};
use crate::atol::lists;

/// Eight digits and two decimals.
pub(super) const MOST: u64 = 9_999_999_999;

/// v4 says so, v5 says nothing.
const MOST_ITEMS: usize = 100;

/// How far a v4 total may be from its lines: 99 kopecks.
const ROUNDING: u64 = 99;

pub(super) fn read(receipt: &Node<'_>, rules: Rules<'_>) -> Result<Content, Invalid> {
    parties::client(&receipt.need_object("client")?, rules.version)?;
    let inn = parties::company(&receipt.need_object("company")?, rules.version)?;
    if rules.version == Version::V4 {
        parties::agent(receipt, rules.version)?;
    }
    let vats = vats(receipt, rules, 0)?;
    let items = items(receipt, rules, vats > 0)?;
    let payments = payments(receipt)?;
    let total = total(receipt, &items, rules.version)?;
    extras(receipt, rules.version)?;
    Ok(Content {
        inn,
        total,
        payments,
        items,
    })
}

/// `items`; in v4 a line's rate may be left to the receipt.
pub(super) fn items(node: &Node<'_>, rules: Rules<'_>, has_vats: bool) -> Result<Vec<Item>, Invalid> {
    let items = node.need("items")?.list(1..=MOST_ITEMS)?;
    items.iter().map(|item| item::read(item, rules, has_vats)).collect()
}

pub(super) fn payments(node: &Node<'_>) -> Result<Vec<Payment>, Invalid> {
    let payments = node.need("payments")?.list(1..=10)?;
    let read = |payment: &Node<'_>| {
        let kind = payment.need("type")?;
        let number = u8::try_from(kind.integer()?).ok().filter(|number| *number <= 9);
        Ok(Payment {
            kind: number.ok_or_else(|| kind.invalid("must be from 0 to 9"))?,
            sum: payment.need("sum")?.amount(MOST)?,
        })
    };
    payments.iter().map(read).collect()
}

/// `vats`, at least so many; how many there are.
pub(super) fn vats(node: &Node<'_>, rules: Rules<'_>, least: usize) -> Result<usize, Invalid> {
    if least == 0 && node.get("vats").is_none() {
        return Ok(0);
    }
    let vats = node.need("vats")?.list(least..=6)?;
    for entry in &vats {
        vat(entry, rules)?;
    }
    Ok(vats.len())
}

/// A rate and perhaps its sum; the rate.
pub(super) fn vat(node: &Node<'_>, rules: Rules<'_>) -> Result<String, Invalid> {
    let allowed: Vec<&str> = rules.vat_types.iter().map(String::as_str).collect();
    let kind = node.need("type")?;
    let name = kind.one_of(&allowed)?;
    if rules.operation.bans_old_vat() && lists::OLD_VAT.contains(&name) {
        return Err(kind.invalid("is a rate of before 2019"));
    }
    if let Some(sum) = node.get("sum") {
        sum.amount(MOST)?;
    }
    Ok(name.to_owned())
}

pub(super) fn total(node: &Node<'_>, items: &[Item], version: Version) -> Result<u64, Invalid> {
    let total = node.need("total")?;
    let kopecks = total.amount(MOST)?;
    let lines: u64 = items.iter().map(|item| item.sum).sum();
    let tolerance = match version {
        Version::V4 => ROUNDING,
        Version::V5 => 0,
    };
    if lines.abs_diff(kopecks) > tolerance {
        return Err(total.invalid("is not the sum of the items"));
    }
    Ok(kopecks)
}

/// What is optional and only checked.
pub(super) fn extras(node: &Node<'_>, version: Version) -> Result<(), Invalid> {
    node.optional_text("cashier", 0..=64)?;
    node.optional_text("additional_check_props", 0..=16)?;
    node.optional_text("device_number", 1..=20)?;
    if let Some(props) = node.optional_object("additional_user_props")? {
        props.need("name")?.text(1..=64)?;
        props.need("value")?.text(1..=256)?;
    }
    if version == Version::V5 {
        node.optional_digits("cashier_inn", &[12])?;
        node.optional_object("operating_check_props")?;
        if let Some(props) = node.get("sectoral_check_props") {
            props.list(0..=usize::MAX)?;
        }
    }
    Ok(())
}
