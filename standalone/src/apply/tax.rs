//! `tax = { vat = "none" }` or `tax = { letters = { default = "А", "А" = 20.0, "Б" = 7.0 } }`.

use std::collections::BTreeMap;

use domain::tax::{Rate, VatLetter, VatScheme};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tax {
    vat: Option<String>,
    letters: Option<BTreeMap<String, toml::Value>>,
}

impl Tax {
    pub fn scheme(&self) -> Result<VatScheme, String> {
        match (self.vat.as_deref(), &self.letters) {
            (Some("none"), None) => Ok(VatScheme::NotAPayer),
            (None, Some(letters)) => scheme(letters),
            (Some(_), None) => Err("tax.vat must be \"none\"; those who pay VAT list tax.letters".to_owned()),
            (Some(_), Some(_)) | (None, None) => {
                Err("tax needs either vat = \"none\" or letters = { default = …, … }".to_owned())
            }
        }
    }
}

fn scheme(letters: &BTreeMap<String, toml::Value>) -> Result<VatScheme, String> {
    let mut default = None;
    let mut rates = BTreeMap::new();
    for (name, value) in letters {
        if name == "default" {
            let text = value.as_str().ok_or("tax.letters.default must be a letter in quotes")?;
            default = Some(VatLetter::parse(text).map_err(|error| format!("tax.letters.default: {error}"))?);
        } else {
            let letter = VatLetter::parse(name).map_err(|error| format!("tax.letters.{name}: {error}"))?;
            rates.insert(
                letter,
                rate(value).ok_or_else(|| format!("tax.letters.{name} must be a percentage"))?,
            );
        }
    }
    let default = default.ok_or("tax.letters needs a default letter")?;
    VatScheme::letters(default, rates).map_err(|error| error.to_string())
}

fn rate(value: &toml::Value) -> Option<Rate> {
    let text = match value {
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::String(text) => text.clone(),
        toml::Value::Boolean(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => {
            return None;
        }
    };
    Rate::parse_percent(&text).ok()
}
