//! What is told to buyers and shops, as the API shows it and sends it again.

use std::time::Duration;

use axum::http::Method;
use domain::ids::{DocumentId, MerchantId};
use ledger::deliveries::{Batch, Delivered, LaneHealth, LaneId, NewTry, SettledDelivery};
use ledger::settings::{Settings, ShopWebhook};
use ledger::sheet::MailSettings;
use queue::Kind;
use serde_json::{Value, json};

use crate::bed::{BAKERY, Bed, OPERATOR, READER, SHOP};
use crate::shelf::sold;
use crate::tape::Hand;

const HOUR: Duration = Duration::from_secs(3600);

/// A shop that mails its buyers and has an endpoint.
async fn talkative() -> Bed {
    let bed = Bed::start().await;
    let flowers = MerchantId::parse("flowers").unwrap();
    let url = "https://shop.example/hooks/canary?key=canary";
    let settings = Settings {
        shop_webhooks: vec![ShopWebhook::new(flowers.clone(), url, "canary-of-sixteen-bytes")],
        mail: vec![(
            flowers,
            MailSettings {
                mail_buyers: true,
                ..MailSettings::default()
            },
        )],
        ..Settings::default()
    };
    let ledger = &bed.parts.ledger;
    ledger.apply(&settings, "the test", ledger.now()).await.unwrap();
    bed
}

async fn registered(bed: &Bed, order: &str, number: i64) -> DocumentId {
    let buyer = json!({ "buyer": { "email": "canary@shop.example" } }).to_string();
    bed.ask(Method::PUT, &format!("/v1/orders/{order}"), SHOP, buyer).await;
    sold(bed, "flowers-1", order, 26_750).await;
    let hand = Hand::on(&bed.parts.ledger, "flowers-1").await;
    let document = hand.registers_the_next(number).await;
    hand.leaves().await;
    document
}

/// Everything that is due on the lane ends so, after one try.
async fn work(bed: &Bed, lane: &str, delivered: Delivered) {
    let ledger = &bed.parts.ledger;
    let lane = LaneId::from_bell(lane.to_owned());
    let lease = ledger.take_lane(&lane, "test", HOUR).await.unwrap().unwrap();
    let batch = ledger.begin_deliveries(&lease, 10, HOUR, ledger.now()).await.unwrap();
    let Batch::Send(due) = batch else { panic!("{batch:?}") };
    let settled: Vec<SettledDelivery> = due
        .iter()
        .map(|delivery| SettledDelivery {
            id: delivery.id.clone(),
            delivered: delivered.clone(),
            made: Some(NewTry {
                outcome: "refused",
                status: Some(404),
                detail: None,
                started_at: ledger.now(),
                duration: Duration::from_millis(12),
            }),
        })
        .collect();
    let health = LaneHealth::Unchanged;
    assert!(
        ledger
            .settle_deliveries(&lease, &settled, &health, ledger.now())
            .await
            .unwrap()
    );
    ledger.release_lane(&lease).await.unwrap();
}

async fn get(bed: &Bed, path: &str, key: &str) -> Value {
    let answer = bed.ask(Method::GET, path, key, "").await;
    assert_eq!(answer.verdict(), "200", "{path} {}", answer.body);
    assert!(!answer.body.contains("canary"), "{}", answer.body);
    answer.json()
}

async fn webhook_lane(bed: &Bed) -> String {
    let lanes = get(bed, "/v1/lanes", READER).await;
    lanes["lanes"][1]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn messages_are_listed_by_lane_state_and_document_with_every_try() {
    let bed = talkative().await;
    let first = registered(&bed, "A-1", 7).await;
    registered(&bed, "A-2", 8).await;
    let lane = webhook_lane(&bed).await;
    assert!(lane.starts_with("webhook:flowers:"), "{lane}");
    work(&bed, "mail:flowers", Delivered::Done).await;
    work(&bed, &lane, Delivered::Held("refused".to_owned())).await;

    let lanes = get(&bed, "/v1/lanes", READER).await;
    assert_eq!(
        lanes["lanes"][1],
        json!({
            "id": lane, "channel": "webhook", "endpoint": "https://shop.example", "due": 0, "held": 2,
            "down_since": null, "trouble": null, "next_try_at": null,
        })
    );
    for (query, found) in [
        (String::new(), 4),
        ("?state=held".to_owned(), 2),
        ("?state=due".to_owned(), 0),
        (format!("?document={first}"), 2),
        (format!("?lane={lane}&state=held&document={first}"), 1),
        ("?lane=mail%3Aflowers".to_owned(), 2),
        ("?lane=mail:bakery".to_owned(), 0),
        ("?lane=&state=&document=&after=&limit=".to_owned(), 4),
    ] {
        let list = get(&bed, &format!("/v1/deliveries{query}"), READER).await;
        assert_eq!(list["deliveries"].as_array().unwrap().len(), found, "{query}");
    }
    let other = get(&bed, "/v1/deliveries", BAKERY).await;
    assert_eq!(other, json!({ "deliveries": [], "next": null }));

    let held = get(&bed, &format!("/v1/deliveries?document={first}&state=held"), READER).await;
    let held = &held["deliveries"][0];
    let id = held["id"].as_str().unwrap();
    assert_eq!(
        *held,
        json!({
            "id": id, "lane": lane, "channel": "webhook", "endpoint": "https://shop.example",
            "document_id": first.to_string(), "order_id": "A-1", "news": "registered", "copy": 0, "state": "held",
            "attempts": 1, "unclear": 0, "trouble": "refused", "created_at": held["created_at"], "done_at": null,
            "next_try_at": null,
        })
    );
    let tries = get(&bed, &format!("/v1/deliveries/{id}/tries"), READER).await;
    assert_eq!(tries["delivery"], *held);
    let made = &tries["tries"][0];
    assert_eq!(
        tries["tries"],
        json!([{ "outcome": "refused", "status": 404, "detail": null, "started_at": made["started_at"], "duration_ms": 12 }])
    );
    for (key, id) in [(BAKERY, id), (READER, "canary"), (READER, "%00")] {
        let answer = bed
            .ask(Method::GET, &format!("/v1/deliveries/{id}/tries"), key, "")
            .await;
        assert_eq!(answer.verdict(), "404 delivery_not_found", "{id}");
    }
}

#[tokio::test]
async fn a_list_of_messages_goes_on_where_the_page_before_ended() {
    let bed = talkative().await;
    for number in 1..=3 {
        registered(&bed, &format!("A-{number}"), number).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let list = get(&bed, &format!("/v1/deliveries?limit=4&after={after}"), READER).await;
        let ids = list["deliveries"].as_array().unwrap().iter();
        seen.extend(ids.map(|delivery| delivery["id"].as_str().unwrap().to_owned()));
        match list["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.is_sorted_by(|one, next| one > next), "newest first, each once");
}

#[tokio::test]
async fn a_lane_s_messages_are_sent_again() {
    let bed = talkative().await;
    registered(&bed, "A-1", 7).await;
    let lane = webhook_lane(&bed).await;
    work(&bed, &lane, Delivered::Held("gone".to_owned())).await;
    let again = async |lane: &str, body: &str| {
        let path = format!("/v1/lanes/{}/send-again", lane.replace(':', "%3A"));
        bed.ask(Method::POST, &path, OPERATOR, body.to_owned()).await
    };
    let bells = async || bed.parts.doorbell.depth(Kind::Deliver).await.unwrap();
    assert_eq!(bells().await, 0);
    for count in [1, 0] {
        let answer = again(&lane, r#"{"which":"held"}"#).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert_eq!(answer.json(), json!({ "lane": lane, "messages": count }));
        assert_eq!(bells().await, 1, "the lane's bell");
    }
    work(&bed, &lane, Delivered::Done).await;
    let made = r#"{"which":"made","from":"2020-01-01T00:00:00+02:00","before":"2099-01-01T00:00:00Z"}"#;
    assert_eq!(again(&lane, made).await.json()["messages"], 1);
    let copies = get(&bed, &format!("/v1/deliveries?lane={lane}&state=due"), READER).await;
    assert_eq!(copies["deliveries"][0]["copy"], 1);
    let before = made
        .replace("2099", "2020")
        .replace("2020-01-01T00:00:00+02:00", "2019-01-01T00:00:00Z");
    assert_eq!(again(&lane, &before).await.json()["messages"], 0);

    for (body, expected, field) in [
        ("", "400 broken_json", ""),
        ("{}", "422 missing_field", "which"),
        (r#"{"which":"all"}"#, "422 bad_field", "which"),
        (
            r#"{"which":"held","from":"2020-01-01T00:00:00Z"}"#,
            "422 unknown_field",
            "from",
        ),
        (r#"{"which":"made"}"#, "422 missing_field", "from"),
        (r#"{"which":"made","from":"canary"}"#, "422 bad_field", "from"),
        (
            r#"{"which":"made","from":"2020-01-01T00:00:00Z","before":"2020-01-01T00:00:00Z"}"#,
            "422 bad_field",
            "before",
        ),
    ] {
        let answer = again(&lane, body).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or(""), field, "{body}");
    }
    for lane in ["mail:bakery", "canary", "%00"] {
        let answer = again(lane, r#"{"which":"held"}"#).await;
        assert_eq!(answer.verdict(), "404 lane_not_found", "{lane}");
    }
}

#[tokio::test]
async fn one_document_is_told_again_as_often_as_it_is_asked() {
    let bed = talkative().await;
    let document = registered(&bed, "A-1", 7).await;
    let lane = webhook_lane(&bed).await;
    let send = async |id: &str, key: &str, body: &str| {
        let path = format!("/v1/documents/{id}/send");
        bed.ask(Method::POST, &path, key, body.to_owned()).await
    };
    let id = document.to_string();
    for (channel, lane) in [
        ("mail", "mail:flowers"),
        ("webhook", lane.as_str()),
        ("mail", "mail:flowers"),
    ] {
        let answer = send(&id, OPERATOR, &json!({ "channel": channel }).to_string()).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert_eq!(
            answer.json(),
            json!({ "document_id": id, "channel": channel, "lanes": [lane] })
        );
    }
    assert_eq!(
        bed.parts.doorbell.depth(Kind::Deliver).await.unwrap(),
        2,
        "a bell for each lane"
    );
    let mails = get(&bed, &format!("/v1/deliveries?document={id}&lane=mail:flowers"), READER).await;
    assert_eq!(mails["deliveries"].as_array().unwrap().len(), 3);

    let waiting = sold(&bed, "flowers-1", "A-2", 100).await.to_string();
    for (id, key, body, expected) in [
        (id.as_str(), OPERATOR, r#"{"channel":"phone"}"#, "409 nowhere_to_send"),
        (&id, OPERATOR, r#"{"channel":"fax"}"#, "422 bad_field"),
        (&id, OPERATOR, "{}", "422 missing_field"),
        (
            &id,
            OPERATOR,
            r#"{"channel":"mail","to":"a@b.ua"}"#,
            "422 unknown_field",
        ),
        (&id, READER, r#"{"channel":"mail"}"#, "403 missing_scope"),
        (
            &waiting,
            OPERATOR,
            r#"{"channel":"mail"}"#,
            "409 document_not_registered",
        ),
        ("7", OPERATOR, r#"{"channel":"mail"}"#, "404 document_not_found"),
    ] {
        assert_eq!(send(id, key, body).await.verdict(), expected, "{id} {body}");
    }
}

#[tokio::test]
async fn bad_questions_about_messages_are_answered_as_the_table_says() {
    let bed = Bed::start().await;
    for (path, field) in [
        ("/v1/deliveries?state=canary", "state"),
        ("/v1/deliveries?document=canary", "document"),
        ("/v1/deliveries?lane=%00", "lane"),
        ("/v1/deliveries?limit=0", "limit"),
        ("/v1/deliveries?canary=1", "query"),
        ("/v1/deliveries?state=due&state=held", "query"),
        ("/v1/lanes?limit=201", "limit"),
        ("/v1/lanes?lane=1", "query"),
    ] {
        let answer = bed.ask(Method::GET, path, READER, "").await;
        assert_eq!(answer.verdict(), "422 bad_query", "{path}");
        assert_eq!(answer.json()["field"], field, "{path}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    for path in ["/v1/deliveries", "/v1/lanes", "/v1/deliveries/7/tries"] {
        let answer = bed.ask(Method::GET, path, OPERATOR, "").await;
        assert_eq!(answer.verdict(), "403 missing_scope", "{path}");
    }
}
