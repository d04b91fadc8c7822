//! Queue and registers on the simulator's clock (sheet §7, §16.5).

use super::*;

#[tokio::test]
async fn a_document_takes_its_latency_and_registers_share_the_queue() {
    for (registers, done_after) in [(1, [1, 2, 3]), (2, [2, 3, 3]), (3, [3, 3, 3])] {
        let bed = Bed::with(Config {
            latency: SECOND..=SECOND,
            ..Config::default()
        })
        .await;
        bed.simulator.add_group(GroupSetup {
            registers,
            ..GroupSetup::v4("many_v4")
        });
        for number in 0..3 {
            bed.sell("many_v4", &format!("shop-{number}")).await;
        }
        bed.advance(SECOND - Duration::from_millis(1));
        assert_eq!(bed.simulator.documents("many_v4").len(), 0);
        bed.advance(Duration::from_millis(1));
        for done in done_after {
            assert_eq!(bed.simulator.documents("many_v4").len(), done, "{registers} registers");
            bed.advance(SECOND);
        }
    }
}

#[tokio::test]
async fn a_jump_in_time_does_everything_in_its_time() {
    let bed = Bed::with(Config {
        latency: SECOND * 10..=SECOND * 10,
        ..Config::default()
    })
    .await;
    let start = bed.simulator.now();
    for number in 0..3 {
        bed.sell(V4, &format!("shop-{number}")).await;
    }
    bed.advance(SECOND * 3600);
    let times: Vec<i64> = bed
        .simulator
        .documents(V4)
        .iter()
        .map(|document| document.at.duration_since(start).as_secs())
        .collect();
    assert_eq!(times, [10, 20, 30]);
}

#[tokio::test]
async fn latencies_stay_in_their_range() {
    let bed = Bed::with(Config::realistic()).await;
    for number in 0..20 {
        bed.sell(V4, &format!("shop-{number}")).await;
        bed.advance(SECOND * 10);
    }
    let took: Vec<i128> = bed
        .simulator
        .accepted(V4)
        .iter()
        .map(|document| {
            document
                .final_at
                .expect("final")
                .duration_since(document.accepted_at)
                .as_millis()
        })
        .collect();
    assert!(took.iter().all(|ms| (1000..=10_000).contains(ms)), "{took:?}");
    assert!(took.iter().max() > took.iter().min(), "{took:?}");
}

#[tokio::test]
async fn what_waits_for_a_register_too_long_fails_and_what_is_at_one_does_not() {
    let bed = Bed::with(Config {
        latency: SECOND * 400..=SECOND * 400,
        ..Config::default()
    })
    .await;
    let first = bed.sell(V4, "first").await;
    let second = bed.sell(V4, "second").await;
    bed.advance(SECOND * 299);
    assert_eq!(bed.report(V4, &second).await.refusal(), (200, 34));
    bed.advance(SECOND);
    let reply = bed.report(V4, &second).await;
    let json = reply.json();
    assert_eq!(
        (reply.status(), &json["status"], &json["payload"]),
        (200, &json!("fail"), &Value::Null)
    );
    assert_eq!(
        (&json["error"]["type"], &json["error"]["code"]),
        (&json!("timeout"), &json!(1))
    );
    assert!(json["error"]["error_id"].is_string());
    assert_eq!(json["device_code"], "");
    bed.advance(SECOND * 100);
    assert_eq!(bed.report(V4, &first).await.json()["status"], "done");
    assert_eq!(bed.simulator.documents(V4).len(), 1);
}

#[tokio::test]
async fn registers_that_are_off_let_the_queue_wait() {
    let bed = Bed::start().await;
    assert!(bed.simulator.set_registers_on(V4, 0));
    assert!(!bed.simulator.set_registers_on("nowhere", 0));
    bed.sell(V4, "first").await;
    bed.advance(SECOND * 299);
    let views = bed.simulator.groups();
    let view = views.iter().find(|view| view.group_code == V4).unwrap();
    assert_eq!(
        (view.waiting, view.at_registers, view.registers_on, view.documents),
        (1, 0, 0, 0)
    );
    bed.sell(V4, "second").await;
    bed.advance(SECOND);
    bed.simulator.set_registers_on(V4, 1);
    bed.advance(SECOND);
    let status = |number: usize| bed.simulator.accepted(V4)[number].status;
    assert_eq!((status(0), status(1)), (Status::Fail, Status::Done));
    let off = FaultKind::RegistersOff { during: SECOND * 60 };
    bed.simulator.inject(Fault::once(off));
    bed.sell(V4, "third").await;
    bed.advance(SECOND * 59);
    assert_eq!(status(2), Status::Wait);
    bed.advance(SECOND * 2);
    assert_eq!(status(2), Status::Done);
}

#[tokio::test]
async fn the_register_finds_what_the_schema_does_not() {
    let bed = Bed::start().await;
    let body = |external_id| sale(Version::V4, external_id);
    let pay = |external_id, list: Value| with(body(external_id), "/receipt/payments", list);
    let rows = [
        (
            with(body("inn"), "/receipt/company/inn", json!("1234567890")),
            "agent",
            2009,
        ),
        (pay("cashless", json!([{ "type": 1, "sum": 300.01 }])), "driver", 52),
        (pay("underpaid", json!([{ "type": 0, "sum": 299.99 }])), "driver", 66),
    ];
    for (body, kind, code) in rows {
        let reply = bed.register(V4, "sell", &body).await;
        assert_eq!(reply.status(), 200, "accepted at the door: {body}");
        bed.advance(SECOND);
        let result = bed.report(V4, reply.json()["uuid"].as_str().unwrap()).await.json();
        assert_eq!(
            (&result["error"]["type"], &result["error"]["code"]),
            (&json!(kind), &json!(code))
        );
        assert_eq!(result["error"].get("error_id"), None, "registers give none");
        assert_eq!(
            (&result["status"], &result["device_code"]),
            (&json!("fail"), &json!("SIM-KKT-0001"))
        );
    }
    assert_eq!(
        bed.register(V4, "sell", &pay("change", json!([{ "type": 0, "sum": 500 }])))
            .await
            .status(),
        200
    );
    bed.advance(SECOND);
    let documents = bed.simulator.documents(V4);
    assert_eq!(documents.len(), 1, "change is given from cash");
    assert_eq!(documents[0].external_id, "change");
}

#[tokio::test]
async fn scripted_failures_meet_the_documents_they_are_meant_for() {
    let bed = Bed::start().await;
    let fails = |code, prints| FaultKind::Fails {
        error_type: ErrorType::Driver,
        code,
        prints,
    };
    bed.simulator.inject(Fault::once(fails(262, true)).only("doubt*"));
    bed.simulator.inject(Fault::once(fails(36, false)).only("sell_refund"));
    let refund = bed.register(V4, "sell_refund", &sale(Version::V4, "refund")).await;
    assert_eq!(refund.status(), 200);
    bed.sell(V4, "plain").await;
    bed.sell(V4, "doubt-1").await;
    bed.advance(SECOND);
    let accepted = bed.simulator.accepted(V4);
    let told: Vec<_> = accepted
        .iter()
        .map(|document| {
            (
                document.external_id.as_str(),
                document.status,
                document.error.map(|error| error.code),
            )
        })
        .collect();
    let expected = [
        ("refund", Status::Fail, Some(36)),
        ("plain", Status::Done, None),
        ("doubt-1", Status::Fail, Some(262)),
    ];
    assert_eq!(told, expected);
    let printed: Vec<_> = bed
        .simulator
        .documents(V4)
        .into_iter()
        .map(|document| document.external_id)
        .collect();
    assert_eq!(
        printed,
        ["plain", "doubt-1"],
        "a break in the middle of a command may have printed"
    );
}

#[tokio::test]
async fn shifts_change_after_a_day_and_numbers_go_on() {
    let bed = Bed::start().await;
    let mut numbers = Vec::new();
    for (number, pause) in [0, 3600, 86_400 - 3600 - 1, 1, 10].into_iter().enumerate() {
        bed.advance(SECOND * pause);
        bed.sell(V4, &format!("shop-{number}")).await;
        bed.advance(Duration::from_millis(50));
        let fiscal = bed.simulator.documents(V4).pop().unwrap().fiscal;
        numbers.push((
            fiscal.shift_number,
            fiscal.fiscal_receipt_number,
            fiscal.fiscal_document_number,
        ));
    }
    // Opening takes a number, and so does closing.
    assert_eq!(numbers, [(1, 1, 3), (1, 2, 4), (1, 3, 5), (2, 1, 8), (2, 2, 9)]);
}

#[tokio::test]
async fn registers_have_storages_of_their_own_and_attributes_above_31_bits() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        registers: 2,
        ..GroupSetup::v4("two_v4")
    });
    for number in 0..8 {
        bed.sell("two_v4", &format!("shop-{number}")).await;
    }
    bed.sell(V4, "shop").await;
    bed.advance(SECOND);
    let mut documents = bed.simulator.documents("two_v4");
    documents.extend(bed.simulator.documents(V4));
    let storages: std::collections::HashSet<_> = documents
        .iter()
        .map(|document| (&document.fiscal.fn_number, &document.register))
        .collect();
    assert_eq!(storages.len(), 3);
    let triples: std::collections::HashSet<_> = documents
        .iter()
        .map(|document| (&document.fiscal.fn_number, document.fiscal.fiscal_document_number))
        .collect();
    assert_eq!(triples.len(), documents.len());
    let high = documents
        .iter()
        .filter(|document| document.fiscal.fiscal_document_attribute > 1 << 31)
        .count();
    assert!((1..documents.len()).contains(&high), "{high}");
}
