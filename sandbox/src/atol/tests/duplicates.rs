//! The first registration of an `external_id` wins for ever (sheet §9, §16.4).

use super::*;

#[tokio::test]
async fn a_known_external_id_gives_the_first_uuid_and_no_second_document() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    let other = with(sale(Version::V4, "shop-1"), "/receipt/items/0/name", json!("Pen"));
    for (operation, body, stage) in [
        ("sell", sale(Version::V4, "shop-1"), "waits"),
        ("sell", sale(Version::V4, "shop-1"), "is done"),
        ("sell", other, "is done"),
        ("sell_refund", sale(Version::V4, "shop-1"), "is done"),
        ("sell_correction", correction(Version::V4, "shop-1"), "is done"),
    ] {
        let reply = bed.register(V4, operation, &body).await;
        let json = reply.json();
        assert_eq!(reply.refusal(), (400, 33), "{operation} while it {stage}");
        assert_eq!(
            (&json["uuid"], &json["status"]),
            (&json!(uuid), &json!("wait")),
            "{operation} while it {stage}"
        );
        bed.advance(SECOND);
    }
    assert_eq!(bed.simulator.printed(V4, "shop-1"), 1);
    assert_eq!(bed.simulator.documents(V4).len(), 1);
    let accepted = bed.simulator.accepted(V4);
    assert_eq!(
        (accepted.len(), accepted[0].repeats, accepted[0].changed_repeats),
        (1, 5, 3)
    );
}

#[tokio::test]
async fn the_same_external_id_in_another_group_is_another_document() {
    let bed = Bed::start().await;
    let uuids = [
        bed.sell(V4, "shop-1").await,
        bed.sell(V5, "shop-1").await,
        bed.sell(OTHER, "shop-1").await,
    ];
    bed.advance(SECOND);
    for group in [V4, V5, OTHER] {
        assert_eq!(bed.simulator.printed(group, "shop-1"), 1, "{group}");
    }
    assert!(uuids[0] != uuids[1] && uuids[1] != uuids[2] && uuids[0] != uuids[2]);
}

#[tokio::test]
async fn a_refusal_leaves_the_external_id_free_and_a_failure_keeps_it() {
    let bed = Bed::start().await;
    let broken = with(sale(Version::V4, "shop-1"), "/receipt/total", Value::Null);
    assert_eq!(bed.register(V4, "sell", &broken).await.refusal(), (400, 32));
    bed.simulator.inject(Fault::once(FaultKind::Fails {
        error_type: ErrorType::Driver,
        code: 36,
        prints: false,
    }));
    let uuid = bed.sell(V4, "shop-1").await;
    bed.advance(SECOND);
    assert_eq!(bed.report(V4, &uuid).await.json()["status"], "fail");
    let again = bed.register(V4, "sell", &sale(Version::V4, "shop-1")).await;
    assert_eq!((again.refusal(), &again.json()["uuid"]), ((400, 33), &json!(uuid)));
    bed.sell(V4, "shop-1-2").await;
    bed.advance(SECOND);
    assert_eq!(
        (
            bed.simulator.printed(V4, "shop-1"),
            bed.simulator.printed(V4, "shop-1-2")
        ),
        (0, 1)
    );
}

#[tokio::test]
async fn an_external_id_outlives_the_retention() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.advance(SECOND * 86_400 * 40);
    assert_eq!(bed.report(V4, &uuid).await.refusal(), (400, 30));
    let again = bed.register(V4, "sell", &sale(Version::V4, "shop-1")).await;
    assert_eq!((again.refusal(), &again.json()["uuid"]), ((400, 33), &json!(uuid)));
}

#[tokio::test]
async fn a_duplicate_can_come_without_the_uuid() {
    let bed = Bed::start().await;
    bed.simulator.inject(Fault::once(FaultKind::DuplicateWithoutUuid));
    let uuid = bed.sell(V4, "shop-1").await;
    assert_eq!(bed.simulator.faults().len(), 1, "it waits for a duplicate");
    let first = bed.register(V4, "sell", &sale(Version::V4, "shop-1")).await;
    assert_eq!((first.refusal(), &first.json()["status"]), ((400, 33), &json!("wait")));
    assert_eq!(first.json().get("uuid"), None);
    let second = bed.register(V4, "sell", &sale(Version::V4, "shop-1")).await;
    assert_eq!(second.json()["uuid"], uuid.as_str());
}

#[tokio::test]
async fn many_at_once_print_one() {
    let bed = Bed::start().await;
    let token = bed.token(V4).await;
    let body = sale(Version::V4, "shop-1");
    let all = (0..20).map(|_| bed.register_with(&token, V4, "sell", &body));
    let replies = futures_util::future::join_all(all).await;
    let fresh = replies.iter().filter(|reply| reply.status() == 200).count();
    let uuids: std::collections::HashSet<_> = replies.iter().map(|reply| reply.json()["uuid"].to_string()).collect();
    bed.advance(SECOND);
    assert_eq!((fresh, uuids.len(), bed.simulator.printed(V4, "shop-1")), (1, 1, 1));
}

#[tokio::test]
async fn the_state_outlives_its_listener() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.over.cancel();
    bed.advance(SECOND);
    assert_eq!(
        bed.simulator.printed(V4, "shop-1"),
        1,
        "registers work without a listener"
    );
    let again = tokio_util::sync::CancellationToken::new();
    let address = transport::listen(&bed.simulator, &again).await;
    let token = bed.simulator.tokens_alive();
    assert_eq!(token, 1);
    let body = json!({ "login": format!("{V4}-login"), "pass": DEFAULT_PASS }).to_string();
    let reply = transport::exchange(address, "POST /possystem/v4/getToken", transport::JSON, &body).await;
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let request = format!("GET /possystem/v4/{V4}/report/{uuid}?token={token}");
    assert_eq!(
        transport::exchange(address, &request, "", "").await.json()["status"],
        "done"
    );
    again.cancel();
}

#[tokio::test]
async fn a_reset_forgets_everything_but_the_groups() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.advance(SECOND);
    bed.simulator.inject(Fault::once(FaultKind::CloseBefore));
    bed.simulator.reset();
    assert_eq!(
        (bed.simulator.documents(V4).len(), bed.simulator.accepted(V4).len()),
        (0, 0)
    );
    assert_eq!((bed.simulator.faults().len(), bed.simulator.tokens_alive()), (0, 0));
    assert_eq!(bed.simulator.requests().len(), 0);
    assert_eq!(bed.report(V4, &uuid).await.refusal(), (400, 30));
    assert_ne!(bed.sell(V4, "shop-1").await, uuid);
}
