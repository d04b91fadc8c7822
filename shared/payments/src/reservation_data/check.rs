//! One line: every field is looked at, so that all that is wrong with it is told together.

use domain::basket::Line;
use domain::money::{Kopecks, MoneyError};
use domain::quantity::{Quantity, QuantityError};
use fondy::Product;
use serde_json::value::RawValue;

use super::Complaint;
use super::object::{Object, scalar};
use super::shape::Dialect;

/// The gateway's limit, in characters.
const MAX_NAME: usize = 1_000;
/// The longest article a receipt carries (`cashalot.md` §6.5, CODE), in characters.
const MAX_ID: usize = 64;

/// What was found on the way.
#[derive(Default)]
pub(super) struct Found {
    pub problems: Vec<Complaint>,
    pub warnings: Vec<Complaint>,
    /// There were more problems than anybody reads.
    pub more: bool,
}

/// A list of a thousand empty lines is answered with no more than these.
const MOST: usize = 100;

impl Found {
    fn wrong(&mut self, complaint: Complaint) {
        if self.problems.len() < MOST {
            self.problems.push(complaint);
        } else {
            self.more = true;
        }
    }

    fn warn(&mut self, complaint: Complaint) {
        if self.warnings.len() < MOST {
            self.warnings.push(complaint);
        }
    }
}

impl Dialect {
    const fn id(self) -> &'static str {
        match self {
            Self::Ours => "code",
            Self::Gateways => "id",
        }
    }

    const fn total(self) -> &'static str {
        match self {
            Self::Ours => "total",
            Self::Gateways => "total_amount",
        }
    }
}

/// Reads a line; `None` if something is wrong with it, or if it costs nothing and is left out.
pub(super) fn line(number: usize, raw: &RawValue, dialect: Dialect, found: &mut Found) -> Option<Product> {
    let Some(object) = Object::read(raw.get().as_bytes()) else {
        found.wrong(Complaint::at(
            number,
            "",
            "bad_field",
            "it should be an object that names no field twice",
            "write {\"name\": …, \"price\": …, …}",
        ));
        return None;
    };
    let mut line = Reading {
        number,
        object: &object,
        found,
    };
    line.others(dialect);
    let id = line.id(dialect);
    let name = line.name();
    let price = line.amount("price", true);
    let quantity = line.quantity();
    let total = line.total(dialect, price.flatten(), quantity);
    let (id, name, price, quantity, total) = (id?, name?, price??, quantity?, total?);
    if total.is_zero() {
        line.warn(
            dialect.total(),
            "zero_line",
            "it costs nothing",
            "it was left out: a receipt's line needs a sum",
        );
        return None;
    }
    line.rounding(&name, dialect, price, quantity, total)?;
    Some(Product {
        id,
        name,
        price_kopecks: price.minor(),
        total_kopecks: i64::try_from(total.minor()).ok()?,
        quantity_thousandths: quantity.thousandths(),
    })
}

struct Reading<'a> {
    number: usize,
    object: &'a Object<'a>,
    found: &'a mut Found,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &str, code: &'static str, what: impl Into<String>, todo: impl Into<String>) {
        let complaint = Complaint::at(self.number, field, code, what, todo);
        self.found.wrong(complaint);
    }

    fn warn(&mut self, field: &str, code: &'static str, what: impl Into<String>, todo: impl Into<String>) {
        let complaint = Complaint::at(self.number, field, code, what, todo);
        self.found.warn(complaint);
    }

    /// `Some(None)`: it is not there. `None`: it is there and no text, which is told.
    fn text(&mut self, field: &'static str) -> Option<Option<String>> {
        let Some(raw) = self.object.get(field) else {
            return Some(None);
        };
        let text = scalar(raw);
        if text.is_none() {
            self.wrong(
                field,
                "bad_field",
                "it should be a text or a number",
                "write it without brackets",
            );
        }
        text.map(Some)
    }

    /// Fields that get no place in what is sent.
    fn others(&mut self, dialect: Dialect) {
        let fields: Vec<String> = self.object.0.iter().map(|(field, _)| field.clone()).collect();
        for field in fields {
            match (dialect, field.as_str()) {
                (_, "name" | "price" | "quantity") => {}
                (Dialect::Ours, "code" | "total") | (Dialect::Gateways, "id" | "total_amount") => {}
                (Dialect::Ours, "vat" | "uktzed" | "unit") => self.warn(
                    &field,
                    "not_carried",
                    "Fondy's basket has no place for it",
                    "tell it with PUT /v1/orders if the receipt needs it",
                ),
                (Dialect::Ours, _) => self.wrong(
                    &shown(&field),
                    "unknown_field",
                    "the fields here are name, price, quantity, total, code, vat, uktzed and unit",
                    "check its spelling",
                ),
                (Dialect::Gateways, _) => self.warn(
                    &shown(&field),
                    "not_carried",
                    "it is not among Fondy's fields of a line",
                    "it was left out",
                ),
            }
        }
    }

    fn id(&mut self, dialect: Dialect) -> Option<String> {
        let field = dialect.id();
        let Some(id) = self.text(field)?.filter(|id| !id.is_empty()) else {
            return Some(self.number.to_string());
        };
        if id.chars().any(char::is_control) {
            self.wrong(field, "control_character", "it has a control character", "take it out");
            return None;
        }
        if id.chars().count() > MAX_ID {
            self.wrong(
                field,
                "too_long",
                format!("it has more than {MAX_ID} characters"),
                "shorten it",
            );
            return None;
        }
        Some(id)
    }

    fn name(&mut self) -> Option<String> {
        let name = self.text("name")?.unwrap_or_default();
        let name = name.trim();
        if name.is_empty() {
            self.wrong(
                "name",
                "missing_field",
                "it is missing",
                "write what the buyer will read on the receipt",
            );
            return None;
        }
        if name.chars().any(char::is_control) {
            self.wrong(
                "name",
                "control_character",
                "it has a control character",
                "take it out, line breaks too",
            );
            return None;
        }
        if name.chars().count() > MAX_NAME {
            let what = format!("it has more than {MAX_NAME} characters");
            self.wrong("name", "too_long", what, "shorten it");
            return None;
        }
        Some(name.to_owned())
    }

    /// `Some(None)`: it is not there and need not be.
    fn amount(&mut self, field: &'static str, needed: bool) -> Option<Option<Kopecks>> {
        let Some(text) = self.text(field)? else {
            if needed {
                self.wrong(
                    field,
                    "missing_field",
                    "it is missing",
                    "write hryvnias with a dot, such as 12.30",
                );
                return None;
            }
            return Some(None);
        };
        if text.starts_with('-') {
            self.wrong(
                field,
                "negative_amount",
                "a receipt's line cannot take money off",
                "take the discount off the totals of the lines it belongs to",
            );
            return None;
        }
        match Kopecks::parse_major(&text) {
            Ok(amount) => Some(Some(amount)),
            Err(error) => {
                let (code, todo) = match error {
                    MoneyError::NotANumber => ("bad_amount", "write hryvnias with a dot, such as 12.30"),
                    MoneyError::TooManyDecimals => ("bad_amount", "round it to kopecks"),
                    MoneyError::TooLarge => ("amount_too_large", "write hryvnias, not kopecks"),
                };
                self.wrong(field, code, error.to_string(), todo);
                None
            }
        }
    }

    fn quantity(&mut self) -> Option<Quantity> {
        let Some(text) = self.text("quantity")? else {
            self.wrong(
                "quantity",
                "missing_field",
                "it is missing",
                "write how many or how much, such as 1 or 0.2",
            );
            return None;
        };
        match Quantity::parse(&text) {
            Ok(quantity) => Some(quantity),
            Err(error) => {
                let todo = match error {
                    QuantityError::NotANumber => "write how many or how much with a dot, such as 1 or 0.2",
                    QuantityError::TooManyDecimals => "round it to thousandths and give the line's total",
                    QuantityError::Zero => "leave the line out if nothing was bought",
                    QuantityError::TooLarge => "check it",
                };
                self.wrong("quantity", "bad_quantity", error.to_string(), todo);
                None
            }
        }
    }

    /// The line's total. The gateway wants it written; ours is quantity × price where it is not.
    fn total(&mut self, dialect: Dialect, price: Option<Kopecks>, quantity: Option<Quantity>) -> Option<Kopecks> {
        let field = dialect.total();
        if let Some(total) = self.amount(field, false)? {
            return Some(total);
        }
        let cost = price.zip(quantity).map(|(price, quantity)| quantity.cost_at(price));
        match (dialect, cost) {
            (Dialect::Ours, None) => None,
            (Dialect::Ours, Some(Some(cost))) => Some(cost),
            (_, Some(None)) => {
                self.wrong(
                    "price",
                    "amount_too_large",
                    "the line costs too much",
                    "write hryvnias, not kopecks",
                );
                None
            }
            (Dialect::Gateways, cost) => {
                let todo = match cost.flatten() {
                    Some(cost) => format!("write quantity × price, which is {cost} here"),
                    None => "write what the line costs, quantity included".to_owned(),
                };
                self.wrong(field, "missing_field", "it is missing", todo);
                None
            }
        }
    }

    /// The total wins over quantity × price; how a receipt will show the difference is told.
    fn rounding(
        &mut self,
        name: &str,
        dialect: Dialect,
        price: Kopecks,
        quantity: Quantity,
        total: Kopecks,
    ) -> Option<()> {
        let Ok(line) = Line::with_total(name, quantity, price, total) else {
            self.wrong(
                "price",
                "amount_too_large",
                "the line costs too much",
                "write hryvnias, not kopecks",
            );
            return None;
        };
        let cost = quantity.cost_at(price)?;
        if cost < total {
            let what = format!("{quantity} × {price} is {cost}, less than the total");
            let todo = format!("check the price: the receipt will show {} for one", line.price);
            self.warn(dialect.total(), "total_above_price", what, todo);
        } else if cost > total && dialect == Dialect::Gateways {
            let what = format!("{quantity} × {price} is {cost}, more than the total");
            let todo = format!("the receipt will show {} as a discount", line.discount);
            self.warn(dialect.total(), "total_below_price", what, todo);
        }
        Some(())
    }
}

/// A stranger's field name in an answer: only what looks like a name.
fn shown(name: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if (1..=32).contains(&name.len()) && name.bytes().all(harmless) {
        name.to_owned()
    } else {
        "?".to_owned()
    }
}
