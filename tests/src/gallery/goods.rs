//! What is bought.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::fondy::{Card, NewOrder};
use serde_json::{Value, json};

/// Name, price, quantity and total, as a receipt writes them.
pub(super) type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

/// An order that carries its basket and its buyer.
pub(super) fn order(id: &str, kopecks: u64, lines: &[Line<'_>]) -> NewOrder {
    NewOrder {
        order_id: id.to_owned(),
        amount: kopecks,
        reservation_data: Some(carried(lines)),
        order_desc: "Квіти з доставкою".to_owned(),
        sender_email: "olesia.petrenko@mail.example".to_owned(),
        sender_cell_phone: "+380671112233".to_owned(),
        ..NewOrder::default()
    }
}

/// The same, paid with a card that ends so.
pub(super) fn by_card(order: NewOrder, tail: &str) -> NewOrder {
    let card = Card {
        masked: format!("535145XXXXXX{tail}"),
        bin: 535_145,
        brand: "MasterCard".to_owned(),
        ..Card::default()
    };
    NewOrder { card, ..order }
}

/// A basket as Fondy carries it: amounts are JSON numbers.
fn carried(lines: &[Line<'_>]) -> String {
    let number = |text: &str| -> Value { serde_json::from_str(text).expect("a number") };
    let products: Vec<Value> = lines
        .iter()
        .zip(1..)
        .map(|((name, price, quantity, total), id)| {
            json!({
                "id": id, "name": name, "price": number(price), "quantity": number(quantity),
                "total_amount": number(total),
            })
        })
        .collect();
    STANDARD.encode(json!({ "products": products }).to_string())
}

/// One sale of an hour.
pub(super) struct Sale {
    pub id: &'static str,
    pub kopecks: u64,
    pub card: &'static str,
    pub lines: &'static [Line<'static>],
}

const fn sale(id: &'static str, kopecks: u64, card: &'static str, lines: &'static [Line<'static>]) -> Sale {
    Sale {
        id,
        kopecks,
        card,
        lines,
    }
}

const ROSES: &[Line<'_>] = &[("Троянда червона, 60 см", "89.50", "3", "268.50")];
const TULIPS: &[Line<'_>] = &[
    ("Тюльпан жовтий", "35.00", "11", "385.00"),
    ("Пакування крафтове", "40.00", "1", "40.00"),
];
const WEDDING: &[Line<'_>] = &[
    ("Букет нареченої «Ранкова роса»", "2450.00", "1", "2450.00"),
    ("Бутоньєрка", "180.00", "4", "720.00"),
    ("Доставка до дверей", "150.00", "1", "150.00"),
    ("Листівка з підписом", "25.50", "2", "51.00"),
];
const POT: &[Line<'_>] = &[("Фікус у горщику", "640.00", "1", "640.00")];

pub(super) const YESTERDAY: &[Sale] = &[
    sale("K-1001", 26_850, "1111", ROSES),
    sale("K-1002", 42_500, "4417", TULIPS),
    sale("K-1003", 64_000, "1111", POT),
    sale("K-1004", 26_850, "0923", ROSES),
];

/// The last of them is the one to look at.
pub(super) const TODAY: &[Sale] = &[
    sale("K-2001", 26_850, "1111", ROSES),
    sale("K-2002", 42_500, "8830", TULIPS),
    sale("K-2003", 64_000, "4417", POT),
    sale("K-2004", 26_850, "0923", ROSES),
    sale("K-2005", 42_500, "1111", TULIPS),
    sale("K-2006", 337_100, "7755", WEDDING),
];
