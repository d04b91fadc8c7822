//! Which of the shapes a basket came in.

use domain::basket::MAX_LINES;
use serde_json::value::RawValue;

use super::object::Object;
use super::{Complaint, Unfit};

/// How lines name their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As `PUT /v1/orders`: name, price, quantity, total, code, and what a receipt needs besides.
    Ours,
    /// As the gateway: id, name, price, total_amount, quantity.
    Gateways,
}

/// Lines that are not looked into yet.
pub(super) struct Shape<'a> {
    pub dialect: Dialect,
    pub lines: Vec<&'a RawValue>,
    /// What stands beside the products and stays there: the gateway wants it against fraud.
    pub others: Vec<(String, &'a str)>,
    pub warnings: Vec<Complaint>,
}

pub(super) fn read(json: &[u8]) -> Result<Shape<'_>, Unfit> {
    let bare = json.trim_ascii_start();
    if bare.starts_with(b"[") {
        let lines = serde_json::from_slice(bare).map_err(|_| Unfit::BrokenJson)?;
        return limited(Shape {
            dialect: Dialect::Ours,
            lines,
            others: Vec::new(),
            warnings: Vec::new(),
        });
    }
    let object = Object::read(json).ok_or(Unfit::BrokenJson)?;
    let named = |name: &str| object.0.iter().any(|(field, _)| field == name);
    match (named("products"), named("basket")) {
        (true, false) => {
            let others = object.0.iter().filter(|(field, _)| field != "products");
            limited(Shape {
                dialect: Dialect::Gateways,
                lines: list(&object, "products")?,
                others: others.map(|(field, raw)| (field.clone(), raw.get())).collect(),
                warnings: Vec::new(),
            })
        }
        (false, true) => {
            let strange = object.0.iter().map(|(field, _)| field.as_str());
            let strange: Vec<&str> = strange
                .filter(|field| !matches!(*field, "basket" | "description" | "buyer"))
                .collect();
            let warnings = strange.iter().map(|_| unknown());
            limited(Shape {
                dialect: Dialect::Ours,
                lines: list(&object, "basket")?,
                others: Vec::new(),
                warnings: warnings.take(1).collect(),
            })
        }
        (true, true) | (false, false) => Err(only(Complaint::whole(
            "missing_field",
            "it should have either 'basket' or 'products'",
            "send {\"basket\": […]} as PUT /v1/orders takes it, or Fondy's {\"products\": […]}",
        ))),
    }
}

fn unknown() -> Complaint {
    Complaint::whole(
        "unknown_field",
        "beside 'basket' it has fields that are not known here",
        "check their spelling; they were left out",
    )
}

fn list<'a>(object: &Object<'a>, name: &'static str) -> Result<Vec<&'a RawValue>, Unfit> {
    let lines = object.get(name).and_then(|raw| serde_json::from_str(raw.get()).ok());
    lines.ok_or_else(|| {
        only(Complaint {
            field: name.to_owned(),
            ..Complaint::whole("bad_field", "it should be a list of lines", "write [{…}, {…}]")
        })
    })
}

fn limited(shape: Shape<'_>) -> Result<Shape<'_>, Unfit> {
    if shape.lines.len() > MAX_LINES {
        return Err(only(Complaint::whole(
            "basket_too_long",
            format!("it has more than {MAX_LINES} lines"),
            "put several goods into one line",
        )));
    }
    Ok(shape)
}

fn only(complaint: Complaint) -> Unfit {
    Unfit::Problems(vec![complaint])
}
