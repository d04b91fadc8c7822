//! Who sells, who buys, and on whose behalf.

use super::node::{Invalid, Node};
use crate::atol::config::Version;
use crate::atol::lists;

pub(super) fn client(client: &Node<'_>, version: Version) -> Result<(), Invalid> {
    let email = client.optional_text("email", 0..=64)?;
    let phone = client.optional_text("phone", 0..=64)?;
    let given = |contact: Option<&str>| contact.is_some_and(|text| !text.is_empty());
    if !given(email) && !given(phone) {
        return Err(client.invalid("needs an email or a phone"));
    }
    match version {
        Version::V4 => contact(client, "phone", is_phone_v4)?,
        Version::V5 => {
            contact(client, "email", is_email_v5)?;
            contact(client, "phone", is_phone_v5)?;
        }
    }
    client.optional_text("name", 0..=256)?;
    client.optional_digits("inn", &[10, 12])?;
    if version == Version::V5 {
        if let Some(date) = client.get("birthdate") {
            date.date("00.00.0000")?;
        }
        client.optional_digits("citizenship", &[3])?;
        client.optional_digits("document_code", &[2])?;
        client.optional_text("document_data", 0..=64)?;
        client.optional_text("address", 0..=256)?;
    }
    Ok(())
}

fn contact(client: &Node<'_>, name: &str, fits: fn(&str) -> bool) -> Result<(), Invalid> {
    let Some(node) = client.get(name) else { return Ok(()) };
    let text = node.text(0..=64)?;
    if text.is_empty() || fits(text) {
        return Ok(());
    }
    Err(node.invalid("has the wrong shape"))
}

/// 17 characters, or a plus and 18 more.
fn is_phone_v4(text: &str) -> bool {
    let (rest, most) = text.strip_prefix('+').map_or((text, 17), |rest| (rest, 18));
    !rest.is_empty() && rest.chars().count() <= most && !rest.contains(char::is_whitespace)
}

/// A plus and digits, 19 characters in all, or `none`.
fn is_phone_v5(text: &str) -> bool {
    let digits = text
        .strip_prefix('+')
        .filter(|rest| !rest.is_empty() && text.len() <= 19);
    text == "none" || digits.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// x@y, or `none`.
fn is_email_v5(text: &str) -> bool {
    let parts = text.split_once('@');
    text == "none" || parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// A receipt's company; its INN.
pub(super) fn company(company: &Node<'_>, version: Version) -> Result<String, Invalid> {
    match version {
        Version::V4 => {
            company.optional_text("email", 0..=64)?;
            optional_tax_system(company)?;
        }
        Version::V5 => {
            let email = company.need("email")?;
            if !is_email_v5(email.text(1..=64)?) {
                return Err(email.invalid("has the wrong shape"));
            }
            company.need("sno")?.one_of(&lists::TAX_SYSTEMS)?;
        }
    }
    place(company)
}

/// A v4 correction's company; its INN.
pub(super) fn company_of_correction(company: &Node<'_>) -> Result<String, Invalid> {
    optional_tax_system(company)?;
    place(company)
}

fn optional_tax_system(company: &Node<'_>) -> Result<(), Invalid> {
    company
        .get("sno")
        .map_or(Ok(()), |sno| sno.one_of(&lists::TAX_SYSTEMS).map(|_| ()))
}

fn place(company: &Node<'_>) -> Result<String, Invalid> {
    let inn = company.need("inn")?.digits(&[10, 12])?;
    company.need("payment_address")?.text(1..=256)?;
    company.optional_text("location", 1..=256)?;
    Ok(inn.to_owned())
}

/// `agent_info` and `supplier_info`, at the receipt (v4) or at a line.
pub(super) fn agent(node: &Node<'_>, version: Version) -> Result<(), Invalid> {
    let supplier = node.optional_object("supplier_info")?;
    if let Some(supplier) = &supplier {
        phones(supplier)?;
        supplier.optional_text("name", 0..=256)?;
        supplier.optional_digits("inn", &[10, 12])?;
    }
    let Some(agent) = node.optional_object("agent_info")? else {
        return Ok(());
    };
    let kind = agent.get("type").map(|kind| kind.one_of(&lists::AGENTS)).transpose()?;
    if let Some(paying) = agent.optional_object("paying_agent")? {
        paying.optional_text("operation", 0..=24)?;
        phones(&paying)?;
    }
    let supplier = supplier.map_or_else(|| node.need_object("supplier_info"), Ok)?;
    if version == Version::V5 && kind.is_some_and(|kind| lists::PAYING_AGENTS.contains(&kind)) {
        supplier.need("phones")?;
        supplier.need("name")?;
    }
    Ok(())
}

fn phones(node: &Node<'_>) -> Result<(), Invalid> {
    let Some(phones) = node.get("phones") else {
        return Ok(());
    };
    for phone in phones.list(0..=100)? {
        phone.text(1..=19)?;
    }
    Ok(())
}
