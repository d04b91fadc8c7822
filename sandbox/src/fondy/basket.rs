//! `reservation_data`: base64 of a JSON basket. Numbers keep the text they came with.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::amounts::{fixed_text, parse_major};

/// One product line of a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    /// Kopecks.
    pub(super) price: u64,
    /// Kopecks, quantity included.
    pub(super) total: u64,
    /// Decimal text.
    pub(super) quantity: String,
}

#[derive(Deserialize)]
struct Basket {
    products: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    name: String,
    price: Box<RawValue>,
    total_amount: Box<RawValue>,
    quantity: Box<RawValue>,
}

/// The lines of a basket; `None` when there is none worth a receipt (undecodable, no products, an empty list).
pub(super) fn decode(reservation_data: &str) -> Option<Vec<Line>> {
    let basket: Basket = serde_json::from_slice(&unpack(reservation_data)?).ok()?;
    let lines: Option<Vec<Line>> = basket.products.iter().map(line).collect();
    lines.filter(|lines| !lines.is_empty())
}

/// The basket with one more line of the gateway's own: a discount.
pub(super) fn with_discount(reservation_data: &str, kopecks: u64) -> Option<String> {
    let mut basket: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(&unpack(reservation_data)?).ok()?;
    let mut products: Vec<Box<RawValue>> = serde_json::from_str(basket.get("products")?.get()).ok()?;
    let amount = fixed_text(kopecks);
    let id = products.len() + 1;
    let discount = format!(
        r#"{{"id":{id},"name":"Знижка за карткою банку","price":-{amount},"total_amount":-{amount},"quantity":1}}"#
    );
    products.push(RawValue::from_string(discount).ok()?);
    basket.insert("products".to_owned(), serde_json::value::to_raw_value(&products).ok()?);
    Some(STANDARD.encode(serde_json::to_string(&basket).ok()?))
}

fn unpack(reservation_data: &str) -> Option<Vec<u8>> {
    let text: String = reservation_data.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(text).ok()
}

fn line(product: &Product) -> Option<Line> {
    Some(Line {
        name: product.name.clone(),
        price: parse_major(decimal(&product.price))?,
        total: parse_major(decimal(&product.total_amount))?,
        quantity: decimal(&product.quantity).to_owned(),
    })
}

/// Shops send decimals as numbers or as strings.
fn decimal(raw: &RawValue) -> &str {
    raw.get().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(json: &str) -> String {
        STANDARD.encode(json)
    }

    #[test]
    fn a_basket_is_read_whatever_its_number_types() {
        let json = r#"{"products":[{"id":1,"name":"Мигдаль","price":"700.00","total_amount":140.0,"quantity":0.2}]}
"#;
        let line = Line {
            name: "Мигдаль".into(),
            price: 70_000,
            total: 14_000,
            quantity: "0.2".into(),
        };
        assert_eq!(decode(&encoded(json)), Some(vec![line]));
    }

    #[test]
    fn what_is_no_basket_makes_no_lines() {
        for text in [
            "",
            "***",
            &encoded("{}"),
            &encoded(r#"{"products":[]}"#),
            &encoded(r#"{"products":{"error":"x"}}"#),
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn a_discount_line_is_added_and_the_rest_stays_literal() {
        let json = r#"{"products":[{"id":1,"name":"Чай","price":15,"total_amount":15.00,"quantity":1}],"uuid":"u"}"#;
        let text = with_discount(&encoded(json), 150).unwrap();
        let text = String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
        assert!(
            text.contains(r#""total_amount":15.00"#) && text.contains(r#""total_amount":-1.50"#),
            "{text}"
        );
        assert!(text.contains(r#""uuid":"u""#));
    }
}
