//! What is sent, by payment system.

use ledger::settings::{Source, SourceKind};
use serde_json::{Map, Value, json};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The content type and the body.
pub(super) fn of(source: &Source, order: &str) -> (&'static str, String) {
    match source.kind {
        SourceKind::Fondy => (JSON, fondy(source, order)),
        SourceKind::LiqPay => (FORM, liqpay(source, order)),
        SourceKind::WayForPay => (JSON, wayforpay(source, order)),
        SourceKind::Monobank | SourceKind::CashDesk | SourceKind::AtolOnline => (JSON, "{}".to_owned()),
    }
}

fn fondy(source: &Source, order: &str) -> String {
    let fields = [
        ("order_id", order),
        ("merchant_id", &source.account),
        ("payment_id", "1"),
        ("amount", "100"),
        ("currency", "UAH"),
        ("order_status", "created"),
        ("response_status", "success"),
        ("tran_type", "purchase"),
        ("reversal_amount", "0"),
    ];
    let mut body: Map<String, Value> = Map::new();
    for (name, value) in fields {
        body.insert(name.to_owned(), value.into());
    }
    body.insert("signature".to_owned(), ::fondy::sign_v1(&source.secret, fields).into());
    Value::Object(body).to_string()
}

fn liqpay(source: &Source, order: &str) -> String {
    use base64::Engine as _;
    let message = json!({
        "public_key": source.account, "order_id": order, "payment_id": 1, "action": "pay", "status": "prepared",
        "amount": 1, "currency": "UAH",
    });
    let data = base64::engine::general_purpose::STANDARD.encode(message.to_string());
    let signature = ::liqpay::sign(&source.secret, &data);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("data", &data)
        .append_pair("signature", &signature)
        .finish()
}

fn wayforpay(source: &Source, order: &str) -> String {
    let signed = [&source.account, order, "1", "UAH", "", "", "Created", "1100"];
    json!({
        "merchantAccount": source.account, "orderReference": order, "amount": 1, "currency": "UAH", "authCode": "",
        "cardPan": "", "transactionStatus": "Created", "reasonCode": 1100,
        "merchantSignature": ::wayforpay::sign(&source.secret, &signed),
    })
    .to_string()
}
