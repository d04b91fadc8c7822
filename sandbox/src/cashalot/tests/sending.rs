//! `SendCheckToConsumer` (sheet §4.16).

use std::time::Duration;

use serde_json::{Value, json};

use super::transport::Server;
use super::{Bed, Fault, FaultKind, REGISTER, storno_of};
use crate::patience::{eventually, soon};

fn body(number: &Value, sum: &str) -> Value {
    json!({
        "Command": "SendCheckToConsumer", "ServiceType": 0, "PhoneNumber": "+380501234567",
        "RegistrarNumFiscal": REGISTER.to_string(), "OrderNumFiscal": number, "OrderSum": sum,
        "OrderDateTime": "2026-03-05T11:22:33.1234567+02:00",
    })
}

fn send(bed: &Bed, body: &Value) -> String {
    bed.raw("SendCheckToConsumer", body)["ErrorCode"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_receipt_is_sent_each_time_it_is_asked_for() {
    let bed = Bed::new();
    let sold = &bed.sell(25_000)["NumFiscal"];
    let returned = bed.ok("RegisterCheck", json!({ "Check": super::check("CheckReturn", 5_000) }));
    assert_eq!(send(&bed, &body(sold, "250.00")), "Ok");
    assert_eq!(send(&bed, &body(sold, "250")), "Ok");
    assert_eq!(send(&bed, &body(&returned["NumFiscal"], "50.00")), "Ok");
    let sent = bed.simulator.sent_receipts();
    let numbers: Vec<Value> = sent.iter().map(|receipt| json!(receipt.num_fiscal)).collect();
    assert_eq!(numbers, [sold.clone(), sold.clone(), returned["NumFiscal"].clone()]);
    let first = &sent[0];
    assert_eq!((first.register, first.sum_kopecks), (REGISTER, 25_000));
    assert_eq!((first.phone.as_str(), first.service_type), ("+380501234567", 0));
    assert_eq!(first.at, bed.simulator.now());
}

#[test]
fn what_cannot_be_sent_is_refused_and_nothing_is_sent() {
    let bed = Bed::new();
    let sold = &bed.sell(25_000)["NumFiscal"];
    let opening = json!(bed.simulator.documents(REGISTER)[0].num_fiscal);
    let with = |name: &str, value: Value| {
        let mut body = body(sold, "250.00");
        body[name] = value;
        body
    };
    for (body, code) in [
        (with("PhoneNumber", json!("0501234567")), "InvalidQueryParameter"),
        (with("PhoneNumber", json!("+38050123456")), "InvalidQueryParameter"),
        (with("PhoneNumber", json!("+38050123456x")), "InvalidQueryParameter"),
        (with("PhoneNumber", Value::Null), "InvalidQueryParameter"),
        (with("OrderDateTime", json!("yesterday")), "InvalidQueryParameter"),
        (with("ServiceType", json!("Viber")), "InvalidQueryParameter"),
        (
            with("RegistrarNumFiscal", json!("4000000000")),
            "TransactionsRegistrarAbsent",
        ),
        (with("OrderNumFiscal", json!("1")), "NoContent"),
        (with("OrderSum", json!("250.01")), "NoContent"),
        (with("KeyPin", json!("0000000")), "CryptographyError"),
        (body(&opening, "0.00"), "NoContent"),
    ] {
        assert_eq!(send(&bed, &body), code, "{body}");
    }
    assert!(bed.simulator.sent_receipts().is_empty());
    let storno = bed.ok(
        "RegisterCheck",
        json!({ "StornedCheck": super::sale(25_000), "Check": storno_of(sold) }),
    );
    assert_eq!(send(&bed, &body(&storno["NumFiscal"], "0.00")), "Ok");
}

#[tokio::test]
async fn faults_meet_it_as_they_meet_other_commands() {
    for (kind, sent) in [
        (FaultKind::CloseBefore, 0),
        (FaultKind::RegisterThenClose, 1),
        (
            FaultKind::Http {
                status: 503,
                registers: false,
            },
            0,
        ),
        (
            FaultKind::ErrorCode {
                code: "FiscalServerNotAvailable".to_owned(),
            },
            0,
        ),
    ] {
        let server = Server::start().await;
        soon(server.sell()).await;
        let receipt = server.simulator.documents(REGISTER)[1].clone();
        let fault = Fault::once(kind.clone()).on_command("sendchecktoconsumer");
        server.simulator.inject(fault.on_register(REGISTER));
        let sum = super::super::wire::money(receipt.sum_kopecks);
        let body = body(&json!(receipt.num_fiscal), &sum);
        soon(server.post(&body)).await;
        assert_eq!(server.simulator.sent_receipts().len(), sent, "{kind:?}");
        assert_eq!(server.simulator.faults_waiting(), 0, "{kind:?}");
        assert_eq!(soon(server.post(&body)).await.json()["ErrorCode"], "Ok", "{kind:?}");
    }
}

#[tokio::test]
async fn it_may_be_under_way_while_the_register_works() {
    let server = Server::start().await;
    soon(server.sell()).await;
    let receipt = server.simulator.documents(REGISTER)[1].clone();
    let late = FaultKind::Delay {
        by: Duration::from_millis(100),
    };
    server
        .simulator
        .inject(Fault::once(late).on_command("SendCheckToConsumer"));
    let sum = super::super::wire::money(receipt.sum_kopecks);
    let stream = server
        .send(
            "POST",
            "/",
            body(&json!(receipt.num_fiscal), &sum).to_string().as_bytes(),
        )
        .await;
    eventually(|| server.simulator.faults_waiting() == 0).await;
    assert_eq!(soon(server.sell()).await.json()["ErrorCode"], "Ok");
    eventually(|| server.simulator.sent_receipts().len() == 1).await;
    assert_eq!(server.simulator.total_overlaps(), 0);
    drop(stream);
}
