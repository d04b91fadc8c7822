//! Faults of the answer's way, seen from a raw socket.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::{Bed, ChaosPlan, ChaosRate, Fault, FaultKind, REGISTER, Reply};
use super::{DEFAULT_EMAIL, DEFAULT_PASSWORD, eventually, sale, soon};

const SHORT: Duration = Duration::from_millis(40);
const LONG: Duration = Duration::from_secs(3600);

async fn sell_with(kind: FaultKind) -> (Bed, Reply) {
    let bed = Bed::start().await;
    bed.simulator.inject(Fault::once(kind));
    let reply = bed.sell(1, 100).await;
    (bed, reply)
}

/// A sale whose answer nobody reads.
async fn unread(bed: &Bed) -> TcpStream {
    let mut body = sale(1, 100);
    body["num_fiscal"] = json!(REGISTER);
    body["api_token"] = json!(super::DEFAULT_API_TOKEN);
    let headers = [
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("developer-id", "kasyr"),
    ];
    bed.send("POST /api/v2/check/sale", &headers, body.to_string().as_bytes())
        .await
}

#[tokio::test]
async fn a_fault_decides_what_is_heard_and_what_is_registered() {
    let bad_gateway = |registers| FaultKind::Http { status: 502, registers };
    let refuse = |status| FaultKind::Refuse {
        status,
        message: "Замовлено тестом".to_owned(),
    };
    // Status 0 means that the connection ended without a byte.
    let rows = [
        (FaultKind::Delay { by: SHORT }, 200, 1),
        (FaultKind::SlowAnswer { by: SHORT }, 200, 1),
        (FaultKind::CloseBefore, 0, 0),
        (FaultKind::RegisterThenClose, 0, 1),
        (FaultKind::RegisterThenHang { close_after: SHORT }, 0, 1),
        (FaultKind::RegisterThenEmptyBody, 200, 1),
        (bad_gateway(false), 502, 0),
        (bad_gateway(true), 502, 1),
        (FaultKind::HtmlBody, 200, 1),
        (FaultKind::TruncatedJson, 200, 1),
        (FaultKind::BrokenBody, 200, 1),
        (refuse(400), 400, 0),
        (refuse(429), 429, 0),
        (FaultKind::ExpireToken, 200, 1),
        (FaultKind::TaxServiceDown, 400, 0),
        (FaultKind::TaxServiceUp, 200, 1),
        (FaultKind::KeyAbsent { absent: true }, 400, 0),
        (FaultKind::KeyAbsent { absent: false }, 200, 1),
        (FaultKind::ForeignCheck, 200, 2),
        (FaultKind::ForeignShift, 200, 1),
        (FaultKind::AutoClose, 200, 1),
    ];
    for (kind, status, sales) in rows {
        let (bed, reply) = sell_with(kind.clone()).await;
        assert_eq!(if reply.is_nothing() { 0 } else { reply.status() }, status, "{kind:?}");
        assert_eq!(bed.sales(), sales, "{kind:?}");
        assert_eq!(bed.simulator.faults_waiting(), 0, "{kind:?}");
        bed.simulator.set_tax_service(true);
        bed.simulator.set_key(REGISTER, true);
        assert_eq!(bed.sell(2, 100).await.status(), 200, "the request after {kind:?}");
        assert_eq!(bed.simulator.total_overlaps(), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_body_can_be_html_or_empty_or_half() {
    let bad_gateway = FaultKind::Http {
        status: 503,
        registers: true,
    };
    for kind in [bad_gateway, FaultKind::HtmlBody] {
        let (_bed, reply) = sell_with(kind).await;
        assert!(reply.body().starts_with("<html>"), "{reply:?}");
        assert!(reply.header("content-type").unwrap().starts_with("text/html"));
    }
    let (_bed, reply) = sell_with(FaultKind::RegisterThenEmptyBody).await;
    assert_eq!(reply.body(), "");
    let (_bed, reply) = sell_with(FaultKind::TruncatedJson).await;
    assert!(reply.bytes().starts_with(b"{") && serde_json::from_slice::<Value>(reply.bytes()).is_err());
    let (_bed, reply) = sell_with(FaultKind::BrokenBody).await;
    let promised: usize = reply.header("content-length").unwrap().parse().unwrap();
    assert_eq!(reply.bytes().len(), promised / 2);
}

#[tokio::test]
async fn a_late_registration_follows_a_closed_connection() {
    let (bed, reply) = sell_with(FaultKind::LateRegister { after: SHORT }).await;
    assert!(reply.is_nothing(), "{reply:?}");
    eventually(|| bed.sales() == 1).await;
    assert!(bed.simulator.documents(REGISTER).iter().all(|document| document.late));
    assert!(bed.simulator.requests(REGISTER)[0].late);
    assert_eq!(bed.simulator.total_overlaps(), 0);
}

#[tokio::test]
async fn a_delayed_request_is_carried_out_though_its_client_left() {
    let bed = Bed::start().await;
    bed.simulator.inject(Fault::once(FaultKind::Delay { by: SHORT }));
    drop(unread(&bed).await);
    eventually(|| bed.sales() == 1).await;
    assert!(bed.simulator.documents(REGISTER).iter().all(|document| document.late));
}

#[tokio::test]
async fn every_request_may_take_its_time() {
    let bed = Bed::start().await;
    bed.switch(|switches| switches.latency = SHORT);
    let start = Instant::now();
    assert_eq!(bed.sell(1, 100).await.status(), 200);
    assert!(start.elapsed() >= SHORT);
}

#[tokio::test]
async fn signing_in_may_be_slow_alone() {
    let bed = Bed::start().await;
    bed.simulator.inject(Fault::slow_authenticate(SHORT));
    assert_eq!(bed.sell(1, 100).await.status(), 200);
    assert_eq!(bed.simulator.faults_waiting(), 1);
    let start = Instant::now();
    let body = json!({ "email": DEFAULT_EMAIL, "password": DEFAULT_PASSWORD });
    assert_eq!(bed.call("POST authenticate", &body).await.status(), 200);
    assert!(start.elapsed() >= SHORT);
}

#[tokio::test]
async fn a_hanging_answer_keeps_the_connection_open_without_a_byte() {
    let bed = Bed::start().await;
    bed.simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: LONG }));
    let mut stream = unread(&bed).await;
    eventually(|| bed.sales() == 1).await;
    let read = tokio::time::timeout(SHORT, stream.read_u8()).await;
    assert!(read.is_err(), "nothing may come and the connection must stay");
}

#[tokio::test]
async fn two_requests_at_once_for_one_register_are_an_overlap() {
    let bed = Bed::start().await;
    bed.simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: SHORT }));
    let mut stream = unread(&bed).await;
    eventually(|| bed.sales() == 1).await;
    bed.ok("shift/ping", json!({})).await;
    bed.ok("shift/xReport", json!({})).await;
    let mut rest = Vec::new();
    let _ = soon(stream.read_to_end(&mut rest)).await;
    let overlaps = (bed.simulator.overlaps(REGISTER), bed.simulator.total_overlaps());
    assert_eq!(overlaps, (1, 1), "the report met it, the sign of life does not count");
}

#[tokio::test]
async fn a_client_that_gave_up_and_asks_again_is_no_overlap() {
    let bed = Bed::start().await;
    bed.simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: LONG }));
    let stream = unread(&bed).await;
    eventually(|| bed.sales() == 1).await;
    drop(stream);
    bed.ok("shift/xReport", json!({})).await;
    eventually(|| bed.simulator.requests_under_way(REGISTER) == 0).await;
    assert_eq!(bed.simulator.total_overlaps(), 0);
}

#[tokio::test]
async fn a_fault_waits_for_its_method_or_action_and_its_register() {
    let bed = Bed::start().await;
    let on_check = Fault::once(FaultKind::CloseBefore)
        .on_command("CHECK/sale")
        .on_register(REGISTER);
    bed.simulator.inject(Fault { times: 2, ..on_check });
    bed.simulator
        .inject(Fault::once(FaultKind::CloseBefore).on_command("z_report"));
    bed.simulator.inject(Fault::once(FaultKind::CloseBefore).on_register(1));
    bed.open().await;
    assert!(bed.sell(1, 100).await.is_nothing());
    assert!(bed.sell(1, 100).await.is_nothing());
    assert_eq!(bed.sell(1, 100).await.status(), 200);
    assert!(
        bed.post("shift", json!({ "action_type": "Z_REPORT" }))
            .await
            .is_nothing()
    );
    bed.close().await;
    assert_eq!(bed.simulator.faults_waiting(), 1);
    bed.simulator.clear_faults();
    assert_eq!(bed.simulator.faults_waiting(), 0);
}

#[tokio::test]
async fn chaos_of_one_seed_repeats_itself_and_spares_other_methods() {
    let rate = |fault, per_mille| ChaosRate { fault, per_mille };
    let broken = FaultKind::Http {
        status: 500,
        registers: true,
    };
    let plan = ChaosPlan {
        seed: 7,
        rates: vec![
            rate(FaultKind::CloseBefore, 200),
            rate(broken, 200),
            rate(FaultKind::Delay { by: LONG }, 100),
        ],
        delay_ms: Some((0, 1)),
        only_document_commands: true,
    };
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bed = Bed::start().await;
        bed.simulator.set_chaos(Some(plan.clone()));
        for number in 0..40 {
            bed.sell(number, 100).await;
            bed.ok("shift/ping", json!({})).await;
        }
        let requests = bed.simulator.requests(REGISTER).into_iter();
        runs.push(requests.map(|request| request.fault).collect::<Vec<_>>());
    }
    let hit = runs[0].iter().flatten().count();
    assert!((5..40).contains(&hit), "{hit} of 40 sales were hit");
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn the_port_can_be_shut_and_opened_again_with_the_state_kept() {
    let bed = Bed::start().await;
    bed.sell(1, 100).await;
    bed.simulator.set_shut(true).await;
    assert!(TcpStream::connect(bed.address).await.is_err());
    bed.simulator.set_shut(false).await;
    assert_eq!(bed.sell(2, 100).await.status(), 200);
    assert_eq!(bed.sales(), 2);
}

#[tokio::test]
async fn a_new_listener_goes_on_where_the_old_one_ended() {
    let old = Bed::start().await;
    old.sell(1, 100).await;
    let simulator = old.simulator.clone();
    drop(old);
    let new = Bed::listening(simulator).await;
    assert_eq!(new.sell(2, 100).await.status(), 200);
    assert_eq!(new.tape(), ["OPEN_SHIFT", "Z_SALE", "Z_SALE"]);
}
