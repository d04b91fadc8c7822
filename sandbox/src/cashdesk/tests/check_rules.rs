//! What a check must be (sheet §14.5), row by row.

use serde_json::{Value, json};

use super::{Bed, Mode, REGISTER, RegisterSetup, TaxRate};

/// The sheet's sample: three notebooks, paid in cash, rounded down by a kopeck.
fn sample() -> Value {
    json!({
        "action_type": "Z_SALE", "local_number": 90017, "open_shift": true, "total_sum": 124.10, "round_sum": -0.01,
        "products": [{
            "code": "A-1", "name": "Зошит", "unit_code": "2009", "unit_name": "шт", "amount": 3, "price": 41.37,
            "cost": 124.11, "letters": null, "tax_prc": null, "sum_discount": 0,
        }],
        "payments": [{ "code": 0, "name": "ГОТІВКА", "sum": 124.10, "sum_provided": 200.00, "sum_remains": 75.90 }],
        "no_pdf": true, "no_qr": true, "no_text_print": true,
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut check = sample();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = check.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => parent[key] = value,
    }
    check
}

fn also(check: Value, pointer: &str, value: Value) -> Value {
    let mut check = check;
    *check.pointer_mut(pointer).unwrap() = value;
    check
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_leaves_nothing() {
    let line = "/products/0";
    let rows = [
        ("no products", with("/products", json!([])), "товарів"),
        ("no payments", with("/payments", json!([])), "оплат"),
        ("no total", with("/total_sum", Value::Null), "total_sum"),
        ("no name", with(&format!("{line}/name"), Value::Null), "products.name"),
        (
            "no amount",
            with(&format!("{line}/amount"), Value::Null),
            "products.amount",
        ),
        (
            "no price",
            with(&format!("{line}/price"), Value::Null),
            "products.price",
        ),
        ("no cost", with(&format!("{line}/cost"), Value::Null), "products.cost"),
        (
            "four decimals",
            with(&format!("{line}/amount"), json!(1.0001)),
            "три знаки",
        ),
        (
            "no amount at all",
            with(&format!("{line}/amount"), json!(0)),
            "три знаки",
        ),
        ("a kopeck off", with(&format!("{line}/cost"), json!(124.12)), "Вартість"),
        (
            "three decimals",
            with(&format!("{line}/cost"), json!(124.111)),
            "два знаки",
        ),
        (
            "too great a discount",
            with(&format!("{line}/sum_discount"), json!(200)),
            "Знижка",
        ),
        ("too great a global one", with("/global_discount", json!(200)), "Знижка"),
        ("another total", with("/total_sum", json!(124.20)), "Сума чека"),
        ("another payment", with("/payments/0/sum", json!(124.20)), "Сума оплат"),
        (
            "a discount not counted",
            with("/global_discount", json!(4.01)),
            "Сума чека",
        ),
        (
            "not rounded",
            also(
                also(with("/round_sum", json!(0)), "/total_sum", json!(124.11)),
                "/payments/0/sum",
                json!(124.11),
            ),
            "заокруглено",
        ),
        (
            "rounded up",
            also(
                also(with("/round_sum", json!(0.09)), "/total_sum", json!(124.20)),
                "/payments/0/sum",
                json!(124.20),
            ),
            "заокруглено",
        ),
        ("a card rounded", with("/payments/0/code", json!(1)), "заокруглено"),
        ("another rate", with(&format!("{line}/tax_prc"), json!(5)), "Ставку"),
        (
            "an unknown letter",
            with(&format!("{line}/letters"), json!("Ж")),
            "Ставку",
        ),
        (
            "a letter with another's rate",
            also(
                with(&format!("{line}/letters"), json!("А")),
                "/products/0/tax_prc",
                json!(7),
            ),
            "Ставку",
        ),
        ("an unknown action", with("/action_type", json!("SALE")), "action_type"),
        (
            "a number beyond 2^53",
            with("/local_number", json!(9_007_199_254_740_992_u64)),
            "прочитати",
        ),
        ("an absurd sum", with("/total_sum", json!(10_000_000_001_i64)), "Сума"),
        ("a word for a number", with("/total_sum", json!("багато")), "прочитати"),
    ];
    let bed = Bed::start().await;
    for (name, check, part) in rows {
        let message = bed.refused("check/sale", check).await;
        assert!(message.contains(part), "{name}: {message}");
    }
    assert_eq!(bed.tape(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_right_is_registered() {
    let line = |letters: Value, prc: Value| {
        also(
            also(sample(), "/products/0/letters", letters),
            "/products/0/tax_prc",
            prc,
        )
    };
    let mixed = json!({
        "action_type": "Z_SALE", "open_shift": true, "total_sum": "100.10", "round_sum": "-0.02",
        "products": [
            { "name": "а", "amount": "0.333", "price": "10", "cost": "3.33" },
            { "name": "б", "amount": 1, "price": 100.00, "cost": 100.00, "sum_discount": 2.21 },
        ],
        "global_discount": 1,
        "payments": [{ "code": 1, "sum": 50 }, { "code": 0, "sum": 50.10 }],
    });
    let rows = [
        ("the sample", sample()),
        ("strings for numbers", with("/total_sum", json!("124.10"))),
        ("a return", with("/action_type", json!("Z_RETURN"))),
        ("no number", with("/local_number", Value::Null)),
        ("a great number", with("/local_number", json!(3_000_000_000_u64))),
        ("letter А", line(json!("А"), json!(20))),
        ("Latin A", line(json!("A"), json!(20))),
        ("Latin H", line(json!("H"), json!(0))),
        ("Б without VAT", line(json!("Б"), json!("0"))),
        ("a letter alone", line(json!("В"), Value::Null)),
        ("an empty letter", line(json!(""), json!(0))),
        ("mixed payments and discounts", mixed),
    ];
    let bed = Bed::start().await;
    for (name, check) in rows {
        let reply = bed.post("check/sale", check).await;
        assert_eq!(reply.status(), 200, "{name}: {}", reply.body());
    }
    assert_eq!(bed.tape().len(), 13);
    let last = bed.simulator.documents(REGISTER).pop().unwrap();
    assert_eq!(
        (last.sum_kopecks, last.cash_kopecks, last.cashless_kopecks),
        (10_010, 5_010, 5_000)
    );
}

#[tokio::test]
async fn latin_letters_may_be_refused() {
    let bed = Bed::start().await;
    bed.switch(|switches| switches.latin_letters = false);
    let check = also(
        with("/products/0/letters", json!("A")),
        "/products/0/tax_prc",
        json!(20),
    );
    assert!(bed.refused("check/sale", check).await.contains("Ставку"));
}

#[tokio::test]
async fn a_register_has_its_own_rates() {
    let setup = RegisterSetup {
        taxes: vec![TaxRate::no_vat()],
        mode: Mode::SmartConnect,
        ..RegisterSetup::new(REGISTER)
    };
    let bed = Bed::with(setup).await;
    bed.ok("check/sale", sample()).await;
    let check = also(
        with("/products/0/letters", json!("А")),
        "/products/0/tax_prc",
        json!(20),
    );
    assert!(bed.refused("check/sale", check).await.contains("Ставку"));
    let check = with("/products/0/tax_prc", json!(20));
    assert!(bed.refused("check/sale", check).await.contains("Ставку"));
}

#[tokio::test]
async fn taxes_are_inside_the_turnover_before_rounding() {
    let bed = Bed::start().await;
    let check = json!({
        "action_type": "Z_SALE", "open_shift": true, "total_sum": 134.80, "round_sum": -0.01,
        "products": [
            { "name": "а", "amount": 3, "price": 41.37, "cost": 124.11, "letters": "А", "tax_prc": 20 },
            { "name": "в", "amount": 1, "price": 10.70, "cost": 10.70, "letters": "В", "tax_prc": 7 },
        ],
        "payments": [{ "code": 0, "sum": 134.80 }],
    });
    let answer = bed.ok("check/sale", check).await;
    let tax = &answer["check_data"]["tax"];
    assert_eq!((&tax[0]["letter"], &tax[0]["prc"]), (&json!("А"), &json!(20)));
    assert_eq!((&tax[0]["turnover"], &tax[0]["sum"]), (&json!(124.11), &json!(20.69)));
    assert_eq!((&tax[1]["turnover"], &tax[1]["sum"]), (&json!(10.7), &json!(0.7)));
    assert_eq!(answer["check_data"]["total_sum"], 134.8);
}

#[tokio::test]
async fn a_form_body_makes_a_check_too() {
    let bed = Bed::start().await;
    let form = format!(
        "num_fiscal={REGISTER}&action_type=Z_SALE&local_number=5&open_shift=1&total_sum=2.50&no_pdf=1&no_qr=1\
         &products[0][name]=a&products[0][amount]=1&products[0][price]=2.50&products[0][cost]=2.50\
         &payments[0][code]=1&payments[0][sum]=2.50&api_token={}",
        super::DEFAULT_API_TOKEN
    );
    let headers = [
        ("Accept", "application/json"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("developer-id", "kasyr"),
    ];
    let reply = bed.exchange("POST /api/v2/check/sale", &headers, form.as_bytes()).await;
    assert_eq!(reply.status(), 200, "{}", reply.body());
    assert_eq!(bed.simulator.documents(REGISTER)[1].sum_kopecks, 250);
}
