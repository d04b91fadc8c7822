//! `products`: what was bought, as the shop told WayForPay.

use wire::{Fields, Good, Goods, Value, decimal};

/// Reads the basket.
pub(crate) fn read(fields: &Fields<'_>) -> Goods {
    let list = match fields.get("products") {
        None | Some(Value::Null) => return Goods::Absent,
        Some(value) => value.nested().map(wire::read_list),
    };
    let Some(Ok(items)) = list else {
        return Goods::Broken("products is not a list of objects".to_owned());
    };
    let lines: Result<Vec<Good>, &'static str> = items.iter().map(line).collect();
    match lines {
        Ok(lines) if lines.is_empty() => Goods::Absent,
        Ok(lines) => Goods::Lines(lines),
        Err(why) => Goods::Broken(why.to_owned()),
    }
}

fn line(item: &Fields<'_>) -> Result<Good, &'static str> {
    let text = |name| item.optional(name).ok().flatten();
    let exact = |name, places| text(name).and_then(|text| decimal::amount(text, places));
    let name = text("name").ok_or("a product has no name")?;
    let price = exact("price", 2).ok_or("a product's price is missing or not exact")?;
    let quantity = exact("count", 3).ok_or("a product's count is missing or not exact")?;
    // There is no total on the wire; one that is not whole kopecks would have to be guessed.
    let total = price
        .checked_mul(quantity)
        .filter(|thousandths| thousandths % 1000 == 0);
    let total = total.ok_or("a product's price and count do not make whole kopecks")?;
    Ok(Good {
        name: name.to_owned(),
        code: None,
        price_kopecks: price,
        quantity_thousandths: quantity,
        total_kopecks: total / 1000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(products: &str) -> Goods {
        read(&wire::read_object(&format!(r#"{{"products":{products}}}"#)).unwrap())
    }

    #[test]
    fn a_basket_is_read_exactly_or_said_to_be_broken() {
        let tea = Good {
            name: "Чай".to_owned(),
            code: None,
            price_kopecks: 10_050,
            quantity_thousandths: 2_000,
            total_kopecks: 20_100,
        };
        let list = r#"[{"name":"Чай","price":100.50,"count":2}]"#;
        assert_eq!(goods(list), Goods::Lines(vec![tea]));
        assert_eq!(goods("null"), Goods::Absent);
        assert_eq!(goods("[]"), Goods::Absent);
        for broken in [
            "7",
            "{}",
            "[7]",
            r#"[{"price":1,"count":1}]"#,
            r#"[{"name":"a","price":1.005,"count":1}]"#,
            r#"[{"name":"a","price":0.01,"count":0.5}]"#,
            r#"[{"name":"a","price":-1,"count":1}]"#,
        ] {
            assert!(matches!(goods(broken), Goods::Broken(_)), "{broken}");
        }
    }
}
