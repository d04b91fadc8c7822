//! SmartConnect without the tax service.

use serde_json::{Value, json};

use super::{Bed, FaultKind, Mode, REGISTER, RegisterSetup};

async fn offline() -> Bed {
    let setup = RegisterSetup {
        mode: Mode::SmartConnect,
        ..RegisterSetup::new(REGISTER)
    };
    let bed = Bed::with(setup).await;
    bed.open().await;
    assert!(bed.simulator.apply(&FaultKind::TaxServiceDown, Some(REGISTER)));
    bed
}

fn today() -> Value {
    json!({ "from": "21.11.2026", "to": "21.11.2026" })
}

#[tokio::test]
async fn it_goes_on_offline_and_uploads_later() {
    let bed = offline().await;
    let made = bed.sell(1, 100).await.json();
    assert_eq!(
        (&made["is_offline"], &made["ORDERNUM"]),
        (&json!(true), &made["check_data"]["offline_id"])
    );
    let again = bed.sell(2, 100).await.json();
    assert_ne!(made["check_data"]["offline_id"], again["check_data"]["offline_id"]);
    assert_eq!(bed.simulator.registers()[0].queued, 2);
    bed.simulator.deliver_offline();
    assert_eq!(bed.simulator.registers()[0].queued, 2, "the link is still down");
    bed.simulator.set_tax_service(true);
    bed.simulator.deliver_offline();
    assert_eq!(bed.simulator.registers()[0].queued, 0);
    let documents = bed.simulator.documents(REGISTER);
    assert!(documents.iter().all(|document| document.uploaded));
    assert_eq!(
        documents[1].ordernum,
        made["ORDERNUM"].as_str().unwrap(),
        "the number stays"
    );
    assert_eq!(bed.sell(3, 100).await.json()["is_offline"], false);
}

#[tokio::test]
async fn the_next_online_document_uploads_the_queue_first() {
    let bed = offline().await;
    bed.sell(1, 100).await;
    bed.simulator.set_tax_service(true);
    bed.ok("shift/xReport", json!({})).await;
    assert_eq!(bed.simulator.registers()[0].queued, 1, "a report uploads nothing");
    bed.sell(2, 100).await;
    assert_eq!(bed.simulator.registers()[0].queued, 0);
}

#[tokio::test]
async fn the_period_is_not_told_while_checks_are_queued() {
    let bed = offline().await;
    bed.sell(1, 100).await;
    bed.close().await;
    let reply = bed.post("shift/zReport/period", today()).await;
    assert_eq!((reply.status(), &reply.json()["type"]), (400, &json!("WARNING")));
    bed.simulator.set_tax_service(true);
    bed.simulator.deliver_offline();
    assert_eq!(bed.ok("shift/zReport/period", today()).await["real"]["orders_count"], 1);
}

#[tokio::test]
async fn the_last_check_is_one_that_was_uploaded() {
    let bed = offline().await;
    bed.sell(1, 100).await;
    assert_eq!(bed.ok("shift/lastCheck", json!({})).await["ORDERNUM"], Value::Null);
    bed.simulator.set_tax_service(true);
    bed.simulator.deliver_offline();
    assert_eq!(bed.ok("shift/lastCheck", json!({})).await["local_number"], 1);
    let report = bed.ok("shift/xReport", json!({ "include_checks": true })).await;
    assert_eq!(report["checks_list"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_key_is_needed_offline_too() {
    let bed = offline().await;
    bed.simulator.set_key(REGISTER, false);
    assert!(bed.refused("check/sale", super::sale(1, 100)).await.contains("Ключ"));
}
