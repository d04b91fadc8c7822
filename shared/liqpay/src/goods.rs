//! `rro_info.items`: what was bought, when the shop sent it with the payment.

use wire::{CallbackError, Fields, Good, Goods, Value, decimal};

/// Reads the basket; goods that LiqPay knows by its own numbers only have no names for us.
pub(crate) fn read(fields: &Fields<'_>) -> Goods {
    let info = match fields.get("rro_info") {
        None | Some(Value::Null) => return Goods::Absent,
        Some(Value::Nested(raw)) => *raw,
        Some(Value::Text(text)) if text.trim().is_empty() => return Goods::Absent,
        Some(Value::Text(text)) => text,
        Some(Value::Number(_)) => return broken("rro_info is a number"),
    };
    let Ok(info) = wire::read_object(info) else {
        return broken("rro_info is not an object");
    };
    let items = match info.get("items") {
        None | Some(Value::Null) => return Goods::Absent,
        Some(items) => items.nested().map(wire::read_list),
    };
    let Some(Ok(items)) = items else {
        return broken("rro_info.items is not a list of objects");
    };
    let mut lines = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        match line(item) {
            Ok(Some(good)) => lines.push(good),
            Ok(None) => return Goods::Absent,
            Err(name) => return broken(&format!("line {}: field {name:?} is missing or not exact", index + 1)),
        }
    }
    if lines.is_empty() {
        Goods::Absent
    } else {
        Goods::Lines(lines)
    }
}

fn line(item: &Fields<'_>) -> Result<Option<Good>, &'static str> {
    let text = |name| item.optional(name).map_err(|_: CallbackError| name);
    let exact = |name: &'static str, places| {
        let text = text(name)?.ok_or(name)?;
        decimal::amount(text, places).ok_or(name)
    };
    let Some(name) = text("name")? else {
        return Ok(None);
    };
    Ok(Some(Good {
        name: name.to_owned(),
        code: text("vndcode")?.or(text("id")?).map(str::to_owned),
        price_kopecks: exact("price", 2)?,
        quantity_thousandths: exact("amount", 3)?,
        total_kopecks: exact("cost", 2)?,
    }))
}

fn broken(why: &str) -> Goods {
    Goods::Broken(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(info: &str) -> Goods {
        read(&wire::read_object(&format!(r#"{{"rro_info":{info}}}"#)).unwrap())
    }

    #[test]
    fn a_basket_is_read_exactly_or_said_to_be_broken() {
        let apples = r#"{"amount":0.202,"price":100.0,"cost":20.2,"name":"Яблука","id":7}"#;
        let expected = Good {
            name: "Яблука".to_owned(),
            code: Some("7".to_owned()),
            price_kopecks: 10_000,
            quantity_thousandths: 202,
            total_kopecks: 2_020,
        };
        let lines = format!(r#"{{"items":[{apples}]}}"#);
        assert_eq!(goods(&lines), Goods::Lines(vec![expected.clone()]));
        let as_text = format!("{lines:?}");
        assert_eq!(goods(&as_text), Goods::Lines(vec![expected]));
        for absent in [
            "null",
            r#""""#,
            "{}",
            r#"{"items":[]}"#,
            r#"{"items":null,"delivery_emails":["a@shop.example"]}"#,
            r#"{"items":[{"amount":2,"price":202,"cost":404,"id":123456}]}"#,
        ] {
            assert_eq!(goods(absent), Goods::Absent, "{absent}");
        }
        for (broken, says) in [
            ("7", "a number"),
            ("[]", "not an object"),
            (r#"{"items":{}}"#, "not a list"),
            (r#"{"items":[7]}"#, "not a list"),
            (
                r#"{"items":[{"name":"Чай","amount":1,"price":1.001,"cost":1}]}"#,
                "line 1: field \"price\"",
            ),
            (
                r#"{"items":[{"name":"Чай","amount":1,"price":1}]}"#,
                "line 1: field \"cost\"",
            ),
        ] {
            let read = goods(broken);
            assert!(
                matches!(&read, Goods::Broken(why) if why.contains(says)),
                "{broken}: {read:?}"
            );
        }
    }
}
