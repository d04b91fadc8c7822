//! Baskets as shops send them.

use domain::basket::{Basket, BasketError, Line, MAX_LINES, MAX_NAME, Unit};
use domain::quantity::Quantity;
use domain::tax::VatLetter;
use serde_json::value::RawValue;

use super::{Object, scalar};
use crate::error::ApiError;

/// The code and the unit's name on a receipt, in characters.
const MAX_SHORT: usize = 64;

impl Object<'_> {
    /// A list of lines, e.g. `basket`; errors name the line and the field.
    pub fn basket(&self, name: &str) -> Result<Option<Basket>, ApiError> {
        let Some(objects) = self.list(name)? else {
            return Ok(None);
        };
        let whole = |error: BasketError| ApiError::field(code(&error), self.place(name), error.to_string());
        if objects.len() > MAX_LINES {
            return Err(whole(BasketError::TooManyLines { max: MAX_LINES }));
        }
        let lines: Vec<Line> = objects.iter().map(line).collect::<Result<_, _>>()?;
        Basket::new(lines).map(Some).map_err(whole)
    }
}

fn line(object: &Object<'_>) -> Result<Line, ApiError> {
    object.only(&["name", "price", "quantity", "total", "code", "vat", "uktzed", "unit"])?;
    let name = object.needed("name", object.text("name", MAX_NAME)?)?;
    let price = object.needed("price", object.amount("price")?)?;
    let quantity = object.needed("quantity", quantity(object)?)?;
    let total = match object.amount("total")? {
        Some(total) => total,
        None => quantity
            .cost_at(price)
            .ok_or_else(|| ApiError::field("amount_too_large", object.place("price"), "the line costs too much"))?,
    };
    let line = Line::with_total(&name, quantity, price, total)
        .map_err(|error| ApiError::field(code(&error), object.place("name"), error.to_string()))?;
    Ok(Line {
        code: object.filled("code", MAX_SHORT)?,
        uktzed: uktzed(object)?,
        unit: unit(object)?.unwrap_or_else(Unit::piece),
        letter: letter(object)?,
        ..line
    })
}

fn code(error: &BasketError) -> &'static str {
    match error {
        BasketError::Empty => "basket_empty",
        BasketError::NoName => "missing_field",
        BasketError::NameTooLong { .. } => "too_long",
        BasketError::ControlCharacter => "control_character",
        BasketError::TooLarge => "amount_too_large",
        BasketError::TooManyLines { .. } => "basket_too_long",
    }
}

fn quantity(object: &Object<'_>) -> Result<Option<Quantity>, ApiError> {
    object
        .text("quantity", MAX_SHORT)?
        .map(|text| {
            Quantity::parse(&text)
                .map_err(|error| ApiError::field("bad_quantity", object.place("quantity"), error.to_string()))
        })
        .transpose()
}

fn letter(object: &Object<'_>) -> Result<Option<VatLetter>, ApiError> {
    object
        .filled("vat", MAX_SHORT)?
        .map(|text| VatLetter::parse(&text).map_err(|error| object.wrong("vat", error.to_string())))
        .transpose()
}

fn uktzed(object: &Object<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = object.filled("uktzed", MAX_SHORT)? else {
        return Ok(None);
    };
    if matches!(text.len(), 4 | 6 | 8 | 10) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Some(text))
    } else {
        Err(object.wrong("uktzed", "it should have 4, 6, 8 or 10 digits"))
    }
}

fn unit(object: &Object<'_>) -> Result<Option<Unit>, ApiError> {
    let Some(raw) = object.get("unit") else {
        return Ok(None);
    };
    if scalar(raw).is_none() {
        return own_unit(object);
    }
    match object.text("unit", MAX_SHORT)?.as_deref() {
        None | Some("") => Ok(None),
        Some("шт") => Ok(Some(Unit::piece())),
        Some("кг") => Ok(Some(Unit::kilogram())),
        Some("л") => Ok(Some(Unit::litre())),
        Some(_) => Err(object.wrong("unit", "it should be 'шт', 'кг', 'л' or an object with code and name")),
    }
}

/// Any unit of the state classifier: `{"code": 2009, "name": "шт"}`.
fn own_unit(object: &Object<'_>) -> Result<Option<Unit>, ApiError> {
    let Some(unit) = object.object("unit")? else {
        return Ok(None);
    };
    unit.only(&["code", "name"])?;
    let code = unit.get("code").map(RawValue::get).unwrap_or_default();
    let code = code
        .trim_matches('"')
        .parse()
        .map_err(|_| unit.wrong("code", "it should be a whole number"))?;
    let name = unit.needed("name", unit.filled("name", MAX_SHORT)?)?;
    Ok(Some(Unit { code, name }))
}
