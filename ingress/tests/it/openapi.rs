//! The description of the API is held against the routes, against itself, and against every answer that any of these
//! tests gets ([`check`], which the bed calls).

mod schema;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::{HeaderMap, Method};
use secrecy::SecretString;
use serde_json::{Value, json};

use self::schema::{mistakes, resolve};
use crate::bed::{BAKERY, Bed, SHOP};

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../src/openapi/openapi.json")).unwrap());

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Every operation: method, path, and what is said of it.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let said = METHODS.iter().filter_map(|method| Some((*method, item.get(method)?)));
            said.map(|(method, operation)| (method, path.as_str(), operation))
        })
        .collect()
}

/// Does the path of a request fit a path with its parameters in braces? Fewer parameters are a better fit.
fn fit(template: &str, path: &str) -> Option<usize> {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(said, given): (&&str, &&str)| said == given || said.starts_with('{') && !given.is_empty();
    (template.len() == path.len() && template.iter().zip(&path).all(fits))
        .then(|| template.iter().filter(|part| part.starts_with('{')).count())
}

fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let method = method.as_str().to_lowercase();
    let all = operations().into_iter().filter(|(said, ..)| *said == method);
    let fitting = all.filter_map(|(_, template, operation)| Some((fit(template, path)?, template, operation)));
    let best = fitting.min_by_key(|(parameters, ..)| *parameters)?;
    Some((best.1, best.2))
}

/// An answer is what the description says of it: status, type, problem code, and every field.
pub fn check(method: &Method, path: &str, status: u16, headers: &HeaderMap, body: &str) {
    let Some((template, operation)) = operation(method, path) else {
        assert!(
            matches!(status, 404 | 405),
            "{method} {path} is not described and was answered {status}"
        );
        return;
    };
    let place = format!("{method} {template} {status}");
    let response = operation["responses"].get(status.to_string());
    let response = resolve(
        &DESCRIPTION,
        response.unwrap_or_else(|| panic!("{place} is not described: {body:.300}")),
    );
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        assert_eq!(body, "", "{place} has no body");
        return;
    };
    if body.is_empty() && response["x-may-be-empty"] == true {
        return;
    }
    let kind = headers["content-type"].to_str().unwrap();
    let kind = kind.split(';').next().unwrap();
    // A provider's own picture may be of any type.
    let described = content.get(kind);
    assert!(
        described.is_some() || kind.starts_with("image/"),
        "{place}: {kind} is not described"
    );
    if !kind.ends_with("json") {
        return;
    }
    let value: Value = serde_json::from_str(body).unwrap();
    let found = mistakes(&DESCRIPTION, &described.unwrap()["schema"], &value);
    assert!(found.is_empty(), "{place}: {found:#?} in {value:#}");
    if let Some(code) = value.get("code").filter(|_| status >= 400) {
        let codes = response["x-codes"].as_array().unwrap();
        assert!(codes.contains(code), "{place}: the code {code} is not described");
    }
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let described: BTreeSet<String> = operations()
        .iter()
        .map(|(method, path, _)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let served: BTreeSet<String> = ingress::public_routes()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let missing: Vec<_> = served.difference(&described).collect();
    let invented: Vec<_> = described.difference(&served).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "missing {missing:?}, invented {invented:?}"
    );
    assert!(served.len() > 30, "{served:?}");
}

#[tokio::test]
async fn the_description_is_served_to_anybody_with_this_server_s_address() {
    let bed = Bed::start().await;
    let answer = bed.browse("/v1/openapi.json").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let served = answer.json();
    assert_eq!(served["servers"], json!([{ "url": "http://127.0.0.1:0" }]));
    assert!(!answer.body.contains("kasyr.example"));
    assert_eq!(served["openapi"], "3.1.0");
    assert_eq!(served["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        served["paths"].as_object().unwrap().len(),
        DESCRIPTION["paths"].as_object().unwrap().len()
    );
}

/// Calls `look` with every value in the description and where it stands.
fn walk(value: &Value, place: &str, look: &mut impl FnMut(&str, &Value)) {
    look(place, value);
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| walk(value, &format!("{place}/{name}"), look)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| walk(value, &format!("{place}/{index}"), look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_part_is_used() {
    let mut used = BTreeSet::new();
    walk(&DESCRIPTION, "", &mut |place, value| {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            let pointer = to
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{place} leads outside: {to}"));
            assert!(DESCRIPTION.pointer(pointer).is_some(), "{place} leads nowhere: {to}");
            used.insert(pointer.to_owned());
        }
    });
    for kind in ["parameters", "responses", "schemas"] {
        for name in DESCRIPTION["components"][kind].as_object().unwrap().keys() {
            let pointer = format!("/components/{kind}/{name}");
            assert!(used.contains(&pointer), "nobody uses {pointer}");
        }
    }
}

#[test]
fn every_example_fits_its_schema() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    walk(&DESCRIPTION, "", &mut |place, value| {
        let own = value.get("type").is_some().then_some(value);
        let Some(schema) = value.get("schema").or(own).filter(|schema| schema.is_object()) else {
            return;
        };
        let many = value.get("examples").and_then(Value::as_object);
        let many = many
            .into_iter()
            .flat_map(|examples| examples.values().map(|example| &example["value"]));
        for example in value.get("example").into_iter().chain(many) {
            seen += 1;
            // An empty parameter is one that is not there.
            if value.get("in").is_some() && example == "" {
                continue;
            }
            let found = mistakes(&DESCRIPTION, schema, example);
            wrong.extend(found.into_iter().map(|mistake| format!("{place}: {mistake}")));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_checker_finds_what_it_is_there_for() {
    let said = json!({ "components": { "schemas": { "A": {
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": { "a": { "type": ["string", "null"], "enum": ["x", null] }, "b": { "type": "integer", "minimum": 1 } },
    }}}});
    let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/A" }, "minItems": 1 });
    for (value, wrong) in [
        (json!([{ "a": "x", "b": 1 }, { "a": null }]), 0),
        (json!([]), 1),
        (json!({}), 1),
        (json!([{}]), 1),
        (json!([{ "a": "y" }]), 1),
        (json!([{ "a": 1 }]), 2),
        (json!([{ "a": "x", "b": 0 }]), 1),
        (json!([{ "a": "x", "b": 1.5 }]), 1),
        (json!([{ "a": "x", "c": 1 }]), 1),
    ] {
        assert_eq!(mistakes(&said, &schema, &value).len(), wrong, "{value}");
    }
}

#[test]
fn every_operation_says_what_it_is_and_has_its_path_s_parameters() {
    let mut names = BTreeSet::new();
    let tags: Vec<&Value> = DESCRIPTION["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        assert!(
            names.insert(operation["operationId"].as_str().unwrap()),
            "{place}: used twice"
        );
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{place}");
        assert!(
            operation["tags"]
                .as_array()
                .unwrap()
                .iter()
                .all(|tag| tags.contains(&tag)),
            "{place}"
        );
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let in_path: BTreeSet<&str> = parameters
            .into_iter()
            .flatten()
            .map(|parameter| resolve(&DESCRIPTION, parameter))
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let in_braces: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        assert_eq!(in_path, in_braces, "{place}");
    }
}

/// What a developer would paste.
#[test]
fn every_operation_with_a_key_has_a_curl_line_that_asks_for_it() {
    for (method, path, described) in operations() {
        if described["security"] == json!([]) {
            continue;
        }
        let source = described["x-codeSamples"][0]["source"].as_str().unwrap();
        let url = source
            .split("'https://kasyr.example")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        let asked = url.split('?').next().unwrap();
        let found = operation(&method.to_uppercase().parse().unwrap(), asked);
        assert_eq!(found.unwrap().0, path, "{source}");
        let verb = source
            .split("-X ")
            .nth(1)
            .map_or("GET", |rest| rest.split(' ').next().unwrap());
        assert_eq!(verb.to_lowercase(), method, "{source}");
        if let Some(body) = source.split("-d '").nth(1) {
            let body: Value = serde_json::from_str(body.split('\'').next().unwrap()).unwrap();
            let schema = &described["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(mistakes(&DESCRIPTION, schema, &body), [""; 0], "{source}");
        }
    }
}

/// Every problem code that is named with an answer is explained, and none is explained for nothing.
#[test]
fn every_code_is_explained() {
    let mut named = BTreeSet::new();
    walk(&DESCRIPTION, "", &mut |_, value| {
        let codes = value.get("x-codes").and_then(Value::as_array).into_iter().flatten();
        named.extend(codes.map(|code| code.as_str().unwrap().to_owned()));
    });
    let explained = DESCRIPTION["components"]["schemas"]["Problem"]["x-codes"]
        .as_object()
        .unwrap();
    let mut explained: BTreeSet<String> = explained.keys().cloned().collect();
    // Answers of no operation, and one that people see as a page.
    for elsewhere in ["route_not_found", "method_not_allowed", "receipt_not_found"] {
        assert!(explained.remove(elsewhere), "{elsewhere}");
    }
    assert_eq!(named, explained);
}

#[tokio::test]
async fn each_operation_wants_the_key_and_the_scope_that_are_described() {
    let bed = Bed::start().await;
    for (method, path, operation) in operations() {
        let schemes = operation["security"].as_array().unwrap();
        let asked = path
            .replace("{id}", "0190f2a0-0000-7000-8000-000000000000")
            .replace("{order_id}", "1");
        let asked = asked
            .replace("{lane}", "mail:flowers")
            .replace("{token}", "0")
            .replace("{source}", "nobody");
        let verb: Method = method.to_uppercase().parse().unwrap();
        let bare = bed.ask(verb.clone(), &asked, "nobody-s-key", "{}").await;
        assert_eq!(bare.status == 401, !schemes.is_empty(), "{method} {path}");
        if schemes.is_empty() {
            continue;
        }
        let scopes: Vec<&str> = schemes
            .iter()
            .map(|scheme| scheme["apiKey"][0].as_str().unwrap())
            .collect();
        // Keys that between them have every set of scopes that matters.
        for (key, has) in [
            (SHOP, &["orders", "events", "receipts"][..]),
            (BAKERY, &["orders", "events", "receipts"]),
            (crate::bed::READER, &["receipts"]),
            (crate::bed::OPERATOR, &["operator"]),
        ] {
            let may = scopes.iter().any(|scope| has.contains(scope));
            let answer = bed.ask(verb.clone(), &asked, key, "{}").await;
            assert_eq!(
                answer.status == 403,
                !may,
                "{method} {path} with {has:?}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn the_webhook_s_signature_is_the_one_that_is_sent() {
    let hook = &DESCRIPTION["webhooks"]["receipt"]["post"];
    let example = &hook["x-signature-example"];
    let of = |name: &str| example[name].as_str().unwrap();
    let secret = SecretString::from(of("secret"));
    let at = example["webhook-timestamp"].as_i64().unwrap();
    let signature = hooks::sign(&[secret], of("webhook-id"), at, of("body").as_bytes()).unwrap();
    assert_eq!(signature, of("webhook-signature"));
    for (name, value) in [
        ("webhook-id", of("webhook-id").to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature),
    ] {
        let headers = hook["parameters"].as_array().unwrap();
        let said = headers.iter().find(|header| header["name"] == name).unwrap();
        assert_eq!((&said["in"], &said["example"]), (&json!("header"), &json!(value)));
    }
}

/// What is sent is made by `hooks`; its names and types are the described ones.
#[test]
fn the_webhook_s_body_is_the_one_that_is_sent() {
    use hooks::receipt::{Base64, CheckData, CheckType, Null, Payment, Product, Receipt, Tax};
    use hooks::{Amount, Event, EventKind, Money};
    let money = Money::from_kopecks(13_650);
    let receipt = Receipt {
        num_fiscal: "4000999001".to_owned(),
        check_type: CheckType::Return,
        hash: String::new(),
        order_num: "2847561921".to_owned(),
        order_date: jiff::civil::date(2026, 11, 21),
        order_time: jiff::civil::time(9, 5, 41, 0),
        is_offline: true,
        check_data: CheckData {
            total_sum: money,
            payments: vec![Payment {
                code: 1,
                name: "КАРТКА".to_owned(),
                sum: money,
                sum_provided: money,
                sum_remains: money,
                pay_terminal: Null,
            }],
            tax: vec![Tax {
                name: "ПДВ".to_owned(),
                letter: Some("А".to_owned()),
                prc: 20,
                turnover: money,
                sum: money,
                excise_prc: Null,
                excise_sum: Null,
                excise_letter: Null,
                excise_turnover: Null,
            }],
            products: vec![Product {
                code: Some("A-1".to_owned()),
                uktzed: None,
                unit_code: Some("2009".to_owned()),
                unit_name: Some("шт".to_owned()),
                amount: Amount::from_thousandths(1_500),
                name: "Тюльпани".to_owned(),
                price: money,
                letters: "А".to_owned(),
                cost: money,
                sum_discount: money,
                bar_code: None,
                excise_barcode: None,
                excise_letter: String::new(),
            }],
            offline_id: Some("1.2.3".to_owned()),
            date: None,
            local_number: None,
            footer: None,
            round_sum: money,
            global_discount: money,
        },
        qr: Base64(Vec::new()),
        qr_data: String::new(),
        link: "https://till.example/r/1".to_owned(),
        pdf: Base64(b"%PDF".to_vec()),
        text_print: Base64(Vec::new()),
        uuid: "6f0c5a3e-0000-4000-8000-0000000000aa".to_owned(),
        local_number: None,
        cash_in_box: money,
    };
    let sent = |value: String| serde_json::from_str::<Value>(&value).unwrap();
    let schemas = &DESCRIPTION["components"]["schemas"];
    let alone = sent(serde_json::to_string(&receipt).unwrap());
    assert_eq!(mistakes(&DESCRIPTION, &schemas["CashDeskReceipt"], &alone), [""; 0]);
    for kind in [EventKind::Registered, EventKind::Refunded, EventKind::Delivered] {
        let event = Event {
            kind,
            timestamp: jiff::Timestamp::UNIX_EPOCH,
            data: json!({
                "order_id": "1001", "document_id": "6f0c5a3e-0000-4000-8000-0000000000aa", "register_id": "flowers-1",
                "made_by": "kasyr", "kind": "return", "presence": "offline", "sale_number": "2847561920", "receipt": alone,
            }),
        };
        let event = sent(serde_json::to_string(&event).unwrap());
        assert_eq!(mistakes(&DESCRIPTION, &schemas["ReceiptEvent"], &event), [""; 0]);
    }
}
