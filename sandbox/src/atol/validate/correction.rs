//! `correction` (sheet §4.4).

use super::node::{Invalid, Node};
use super::{Content, Rules, parties, receipt};

/// No lines and no total: what was paid is what is corrected.
pub(super) fn read_v4(correction: &Node<'_>, rules: Rules<'_>) -> Result<Content, Invalid> {
    let inn = parties::company_of_correction(&correction.need_object("company")?)?;
    let info = info(correction)?;
    info.need("base_number")?.text(1..=32)?;
    let payments = receipt::payments(correction)?;
    receipt::vats(correction, rules, 1)?;
    receipt::extras(correction, rules.version)?;
    Ok(Content {
        inn,
        total: payments.iter().map(|payment| payment.sum).sum(),
        payments,
        items: Vec::new(),
    })
}

/// Like a receipt, without needing a buyer.
pub(super) fn read_v5(correction: &Node<'_>, rules: Rules<'_>) -> Result<Content, Invalid> {
    if let Some(client) = correction.optional_object("client")? {
        parties::client(&client, rules.version)?;
    }
    let inn = parties::company(&correction.need_object("company")?, rules.version)?;
    info(correction)?.optional_text("base_number", 1..=32)?;
    let vats = receipt::vats(correction, rules, 0)?;
    let items = receipt::items(correction, rules, vats > 0)?;
    let payments = receipt::payments(correction)?;
    let total = receipt::total(correction, &items, rules.version)?;
    receipt::extras(correction, rules.version)?;
    Ok(Content {
        inn,
        total,
        payments,
        items,
    })
}

/// `correction_info` without its number.
fn info<'a>(correction: &Node<'a>) -> Result<Node<'a>, Invalid> {
    let info = correction.need_object("correction_info")?;
    info.need("type")?.one_of(&["self", "instruction"])?;
    info.need("base_date")?.date("00.00.0000")?;
    Ok(info)
}
