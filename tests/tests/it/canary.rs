//! Nothing secret leaves: recognisable secrets go into every input, much goes wrong, and then logs,
//! metrics, answers, alerts, holds and attempt records are searched for them.

pub(crate) mod at_rest;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex};

use fondy::sign_v1;
use ledger::settings::{Credentials, ShopWebhook};
use ledger::sheet::MailSettings;
use reqwest::Method;
use sandbox::cashalot::{self, Fault, FaultKind};
use sandbox::fondy::{ApiFault, Endpoint as GatewayEndpoint, NewOrder, SignedCallback};
use sandbox::mailbox::{self, Mailbox};
use sandbox::shop;
use serde_json::{Value, json};
use telemetry::metrics::LocalMetrics;
use telemetry::{LogConfig, LogFormat};
use tests::bed::{Answer, Endpoint, PATIENCE, Placed, Shop, TestBed, said};
use tests::db::Database;
use tests::eventually;

const PIN: &str = "canary-pin-7701";
const PASSWORD: &str = "canary-password-7702";
const PRIVATE_KEY: &str = "Y2FuYXJ5LXByaXZhdGUta2V5LTc3MDM=";
const CERTIFICATE: &str = "Y2FuYXJ5LWNlcnRpZmljYXRlLTc3MDQ=";
const API_KEY: &str = "canary-api-key-7705";
const FONDY_KEY: &str = "canary-fondy-key-7706";
const EMAIL: &str = "canary.buyer7707@mail.example";
const PHONE: &str = "+380677707708";
const CARD: &str = "4444555566661111";
const RECTOKEN: &str = "canaryrectoken7709";
const HOOK: &str = "canary-webhook-secret-7710";
/// In the address of a shop's endpoint.
const QUERY: &str = "canary-query-7711";
/// No Base64: nothing can be signed with it.
const BAD_HOOK: &str = "whsec_canary*7712";

/// What must not be found anywhere: the secrets, and what would give them away.
const FORBIDDEN: [&str; 16] = [
    PIN,
    PASSWORD,
    PRIVATE_KEY,
    CERTIFICATE,
    API_KEY,
    FONDY_KEY,
    EMAIL,
    "canary.buyer7707",
    "677707708",
    "67 770 77 08",
    CARD,
    "4444 5555 6666 1111",
    RECTOKEN,
    HOOK,
    QUERY,
    BAD_HOOK,
];

#[derive(Clone, Default)]
pub(crate) struct Captured(pub Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that could be read from outside.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Seen {
    fn note(&mut self, place: &str, text: impl Into<String>) {
        self.0.push((place.to_owned(), text.into()));
    }

    fn answer(&mut self, answer: &Answer) {
        self.note(&format!("answer {}", answer.status), answer.body.as_str());
    }

    fn search(&self) {
        let mut found = Vec::new();
        for (place, text) in &self.0 {
            for line in text.lines() {
                found.extend(
                    FORBIDDEN
                        .iter()
                        .filter(|secret| line.contains(**secret))
                        .map(|secret| format!("{secret} in {place}: {line}")),
                );
            }
        }
        assert!(found.is_empty(), "{} finds:\n{}", found.len(), found.join("\n"));
    }
}

/// One runtime thread, so that this thread's subscriber and recorder hear every task.
#[tokio::test]
async fn no_secret_leaves_by_any_door() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let captured = Captured::default();
        let writer = captured.clone();
        let config = LogConfig {
            // The simulators stand for other people's machines.
            filter: "debug,ingress=trace,worker=trace,ledger=trace,queue=trace,cashalot=trace,fondy=trace,\
                     payments=trace,program=trace,telemetry=trace,sandbox=off"
                .to_owned(),
            format,
        };
        let dispatch = telemetry::subscriber_with_writer(&config, move || writer.clone()).unwrap();
        // With one subscriber in the process, a line that another test's thread reaches first would be
        // switched off for everybody: `tracing` then asks that thread's subscriber, and it has none.
        let second = telemetry::subscriber_with_writer(&config, std::io::sink).unwrap();
        let logging = tracing::dispatcher::set_default(&dispatch);
        let metrics = LocalMetrics::new().unwrap();
        let recording = metrics.enter();

        let mut seen = Seen::default();
        everything_goes_wrong_once(&mut seen).await;

        drop((recording, logging, second));
        let logs = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        for expected in ["Registered sale", "in doubt", "waits", "DocumentValidationError"] {
            assert!(logs.contains(expected), "the logs were captured: {expected}");
        }
        seen.note("logs", logs);
        let text = metrics.handle().render();
        assert!(
            text.contains("kasyr_documents_total") && text.contains("kasyr_deliveries_total"),
            "the metrics were captured: {text}"
        );
        seen.note("metrics", text);
        seen.search();
    }
}

async fn open_shops(bed: &TestBed, endpoint: &Endpoint) -> [Shop; 2] {
    let pin = cashalot::OperatorSetup {
        name: "Касир".to_owned(),
        credentials: cashalot::Credentials::KeyPin(PIN.to_owned()),
        chief: true,
    };
    let keys = cashalot::OperatorSetup {
        credentials: cashalot::Credentials::Keys {
            certificate: CERTIFICATE.to_owned(),
            private_key: PRIVATE_KEY.to_owned(),
            password: PASSWORD.to_owned(),
        },
        ..pin.clone()
    };
    let flowers = bed
        .open_shop("flowers", 4_000_999_001, |settings| {
            settings.registers[0].credentials = Credentials::KeyPin(PIN.into());
            settings.sources[0].secret = FONDY_KEY.into();
            settings.sources[0].confirm = true;
            settings.api_keys[0].1 = API_KEY.into();
            let merchant = settings.merchants[0].id.clone();
            let url = format!("{}?token={QUERY}", endpoint.url);
            settings.shop_webhooks.push(ShopWebhook::new(merchant, url, HOOK));
        })
        .await;
    let bakery = bed
        .open_shop("bakery", 4_000_999_002, |settings| {
            settings.registers[0].credentials = Credentials::Keys {
                certificate: CERTIFICATE.into(),
                private_key: PRIVATE_KEY.into(),
                password: PASSWORD.into(),
            };
            let merchant = settings.merchants[0].id.clone();
            let url = format!("{}/bakery?token={QUERY}", endpoint.url);
            settings
                .shop_webhooks
                .push(ShopWebhook::new(merchant.clone(), url, BAD_HOOK));
            let mail = MailSettings {
                mail_buyers: true,
                phone_buyers: true,
                ..MailSettings::default()
            };
            settings.mail.push((merchant, mail));
        })
        .await;
    assert!(bed.cashalot.add_operator(flowers.number, pin));
    assert!(bed.cashalot.add_operator(bakery.number, keys));
    bed.fondy
        .add_merchant(sandbox::fondy::Merchant::new(flowers.gateway, FONDY_KEY));
    let flowers = Shop {
        gateway_key: FONDY_KEY.to_owned(),
        api_key: API_KEY.to_owned(),
        ..flowers
    };
    [flowers, bakery]
}

/// An order with something secret or personal in every field that is the shop's or the buyer's.
fn careless(id: &str) -> NewOrder {
    NewOrder {
        order_id: id.to_owned(),
        amount: 26_750,
        order_desc: format!("Картка {CARD}, {EMAIL}"),
        merchant_data: json!({ "card": CARD, "email": EMAIL, "phone": PHONE, "rectoken": RECTOKEN }).to_string(),
        product_id: format!("{CARD} {PHONE}"),
        sender_email: EMAIL.to_owned(),
        sender_cell_phone: PHONE.to_owned(),
        ..NewOrder::default()
    }
}

/// What a shop tells of such an order.
fn told() -> Value {
    json!({
        "description": format!("Картка {CARD}, пошта {EMAIL}, тел. {PHONE}"),
        "basket": [{
            "name": format!("Сертифікат для {EMAIL}, {PHONE}, {CARD}"), "price": "267.50", "quantity": 1,
        }],
        "buyer": { "email": EMAIL, "phone": PHONE, "locale": "uk" },
    })
}

async fn everything_goes_wrong_once(seen: &mut Seen) {
    let mut bed = TestBed::start(Database::Sqlite).await;
    let (mailbox, endpoint) = (bed.start_mailbox().await, bed.start_shop().await);
    bed.start_ingress().await;
    let worker = bed.start_worker(tests::bed::short_times()).await;
    bed.keep(worker);
    let [flowers, bakery] = open_shops(&bed, &endpoint).await;
    nothing_is_taken_at_once(&bed, &mailbox, &endpoint);

    // The provider and the payment system fail in many ways on the way.
    let mut orders = Vec::new();
    for (number, kind) in [
        FaultKind::QrAndUrlNull,
        FaultKind::CloseBefore,
        FaultKind::RegisterThenClose,
        FaultKind::TruncatedJson,
        FaultKind::Http {
            status: 500,
            registers: false,
        },
        FaultKind::ErrorCode {
            code: "DocumentValidationError".to_owned(),
        },
    ]
    .into_iter()
    .enumerate()
    {
        let held = matches!(kind, FaultKind::ErrorCode { .. });
        for shop in [&flowers, &bakery] {
            let id = format!("A-{number}");
            seen.answer(&bed.api(shop, Method::PUT, &format!("/v1/orders/{id}"), told()).await);
            bed.fondy
                .fault_next_call(GatewayEndpoint::Status, ApiFault::ServerError);
            bed.cashalot.inject(
                Fault::once(kind.clone())
                    .on_command("RegisterCheck")
                    .on_register(shop.number),
            );
            let order = bed.place_with(shop, careless(&id));
            bed.fondy.pay(&order.at_gateway).unwrap();
            let state = if held {
                "sale held refused_by_provider"
            } else {
                "sale registered"
            };
            bed.until(&order, &[state]).await;
            orders.push(order);
        }
    }
    bed.give_back(&orders[0], 750);
    bed.at_rest().await;
    stored_tokens_and_strangers(&bed, &flowers, seen).await;
    wrong_credentials(&bed, &flowers).await;
    look_at_messages(&bed, seen).await;
    look_everywhere(&bed, &orders, seen).await;
}

/// The mail server repeats whom a letter is for, as real ones do; the shop sends the caller to its own address.
fn nothing_is_taken_at_once(bed: &TestBed, mailbox: &Mailbox, endpoint: &Endpoint) {
    let says = |step, code| mailbox::FaultKind::Answer {
        step,
        code,
        text: Some(format!("4.2.2 <{EMAIL}> ({EMAIL}, {PHONE}) is not at home")),
    };
    for fault in [
        says(mailbox::Step::Rcpt, 450),
        says(mailbox::Step::Rcpt, 550),
        says(mailbox::Step::Mail, 451),
        says(mailbox::Step::Message, 451),
        says(mailbox::Step::Message, 554),
        mailbox::FaultKind::Drop {
            step: mailbox::Step::Data,
        },
        mailbox::FaultKind::KeepThenDrop,
    ] {
        mailbox.inject(mailbox::Fault::once(fault));
    }
    for fault in [
        shop::FaultKind::status(500),
        shop::FaultKind::status(404),
        shop::FaultKind::Redirect {
            status: 302,
            to: format!("{}?token={QUERY}", endpoint.url),
        },
        shop::FaultKind::DropBefore,
        shop::FaultKind::DropAfter,
        shop::FaultKind::status(410),
    ] {
        endpoint.shop.inject(shop::Fault::once(fault));
    }
    for kind in [
        FaultKind::ErrorCode {
            code: "DocumentValidationError".to_owned(),
        },
        FaultKind::RegisterThenClose,
    ] {
        bed.cashalot.inject(Fault::once(kind).on_command("SendCheckToConsumer"));
    }
}

/// What is left of every message, once none is on its way.
async fn look_at_messages(bed: &TestBed, seen: &mut Seen) {
    let messages = eventually(PATIENCE, async || {
        let messages = bed.messages().await;
        let on_its_way = messages
            .iter()
            .filter(|message| message.state == "due" || message.state == "sending");
        let on_its_way: Vec<String> = on_its_way.map(said).collect();
        if on_its_way.is_empty() {
            Ok(messages)
        } else {
            Err(on_its_way)
        }
    })
    .await;
    let mut outcomes = BTreeSet::new();
    for message in &messages {
        seen.note("message", format!("{} {:?}", said(message), message.lane));
        for made in bed.tries(message).await {
            seen.note("try", format!("{made:?}"));
            outcomes.insert(made.outcome);
        }
    }
    for expected in [
        "put_off",
        "no_such_address",
        "mail_not_sent",
        "letter_refused",
        "mail_unclear",
        "endpoint_trouble",
        "refused",
        "redirected",
        "no_answer",
        "gone",
        "bad_secret",
        "phone_refused",
        "taken",
    ] {
        assert!(outcomes.contains(expected), "{expected} is not among {outcomes:?}");
    }
}

/// Callbacks with a stored card, with a wrong signature, broken; requests of strangers.
async fn stored_tokens_and_strangers(bed: &TestBed, shop: &Shop, seen: &mut Seen) {
    let mut order = careless("A-token");
    order.merchant_id = shop.gateway;
    let order = bed.fondy.create_order(order).unwrap();
    bed.fondy.pay(&order).unwrap();
    let callback = bed.fondy.callback_for(&order).unwrap();
    let with_token = with_rectoken(shop, &callback);
    let answer = bed.post_callback(shop, with_token.clone()).await;
    assert_eq!(answer.verdict(), "200", "{}", answer.body);
    let text = String::from_utf8(with_token.body.to_vec()).unwrap();
    for spoiled in [
        text.replace("26750", "26751"),
        text.replace("\"order_status\"", "\"order_state\""),
        text[..text.len() / 2].to_owned(),
        format!("card={CARD}&email={EMAIL}&signature={FONDY_KEY}"),
        format!(r#"{{"{CARD}": {{"{PHONE}": "{EMAIL}"}}, "signature": "{FONDY_KEY}", "rectoken": "{RECTOKEN}"}}"#),
    ] {
        let callback = SignedCallback {
            content_type: callback.content_type,
            body: spoiled.into(),
        };
        let answer = bed.post_callback(shop, callback).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        seen.answer(&answer);
    }
    for (key, method, path, body) in [
        (PASSWORD, Method::GET, "/v1/orders/A-0".to_owned(), json!(null)),
        (API_KEY, Method::GET, format!("/v1/orders/{EMAIL}"), json!(null)),
        (API_KEY, Method::GET, format!("/v1/documents/{CARD}"), json!(null)),
        (API_KEY, Method::GET, format!("/{API_KEY}/{PHONE}"), json!(null)),
        (
            API_KEY,
            Method::PUT,
            "/v1/orders/A-0".to_owned(),
            json!({ PASSWORD: CARD }),
        ),
        (
            API_KEY,
            Method::PUT,
            "/v1/orders/A-0".to_owned(),
            json!({ "buyer": { "email": format!("{EMAIL}@{EMAIL}"), "phone": format!("{PHONE}x") } }),
        ),
        (
            API_KEY,
            Method::PUT,
            "/v1/orders/A-0".to_owned(),
            json!({ "basket": [{ "name": CARD, "price": EMAIL, "quantity": PHONE }] }),
        ),
        (API_KEY, Method::POST, "/v1/events".to_owned(), json!({ "type": EMAIL })),
    ] {
        let answer = bed.api_as(key, method.clone(), &path, body).await;
        assert!(answer.status.is_client_error(), "{method} {path}: {answer:?}");
        seen.answer(&answer);
    }
    for amount in ["1", "2"] {
        let payment = json!({
            "type": "payment", "order_id": "A-event", "amount": amount, "currency": "UAH",
            "means": { "masked_card": "444455XXXXXX1111" },
        });
        seen.answer(&bed.tell_event(shop, API_KEY, payment).await);
    }
    bed.at_rest().await;
}

/// The callback as it comes when the buyer lets the card be stored.
fn with_rectoken(shop: &Shop, callback: &SignedCallback) -> SignedCallback {
    let mut fields: BTreeMap<String, Value> = serde_json::from_slice(&callback.body).unwrap();
    fields.insert("rectoken".to_owned(), json!(RECTOKEN));
    fields.remove("response_signature_string");
    fields.remove("signature");
    let texts: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect();
    let pairs = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let signature = sign_v1(&shop.gateway_key.as_str().into(), pairs);
    fields.insert("signature".to_owned(), json!(signature));
    SignedCallback {
        content_type: callback.content_type,
        body: serde_json::to_vec(&fields).unwrap().into(),
    }
}

/// A PIN the provider refuses: its register rests with an alert.
async fn wrong_credentials(bed: &TestBed, shop: &Shop) {
    let mut settings = bed.settings_of(shop);
    settings.registers[0].credentials = Credentials::KeyPin(PASSWORD.into());
    bed.apply(&settings).await;
    bed.place_with(shop, careless("A-wrong"));
    let order = bed.place_with(shop, careless("A-wrong-pin"));
    bed.fondy.pay(&order.at_gateway).unwrap();
    eventually(PATIENCE, async || {
        let open = bed.ledger.open_alerts(None).await.unwrap();
        open.iter().any(|alert| alert.kind == "register_trouble")
    })
    .await;
}

async fn look_everywhere(bed: &TestBed, orders: &[Placed], seen: &mut Seen) {
    let mut attempts = 0;
    for document in bed.ledger.recent_documents(None, 1_000).await.unwrap() {
        for attempt in bed.attempts(&document).await {
            attempts += 1;
            seen.note("attempt", format!("{attempt:?}"));
        }
        seen.note("hold", format!("{:?}", document.hold));
    }
    assert!(attempts > 20, "{attempts} attempts were kept");
    for alert in bed.ledger.open_alerts(None).await.unwrap() {
        seen.note("alert", format!("{alert:?}"));
    }
    for order in orders {
        let events = bed.view(order).await.unwrap().events;
        seen.note("events", format!("{events:?}"));
        for document in bed.documents(order).await {
            let path = format!("/v1/documents/{}", document.id);
            let answer = bed.api(&order.shop, Method::GET, &path, Value::Null).await;
            assert_eq!(answer.verdict(), "200");
            seen.answer(&answer);
        }
        let path = format!("/v1/orders/{}", order.id);
        seen.answer(&bed.api(&order.shop, Method::GET, &path, Value::Null).await);
    }
}
