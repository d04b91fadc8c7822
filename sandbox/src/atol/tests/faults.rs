//! Faults of a request's way, seen from a raw socket: what is heard, and what is printed (sheet §16.8).

use tokio::io::AsyncReadExt as _;

use super::transport::{JSON, send};
use super::*;

const SHORT: Duration = Duration::from_millis(40);
const LONG: Duration = Duration::from_secs(3600);

fn told(status: u16, code: i64, stores: bool) -> FaultKind {
    FaultKind::Error {
        status,
        code,
        error_type: ErrorType::System,
        stores,
    }
}

#[tokio::test]
async fn a_fault_decides_what_is_heard_and_what_is_printed() {
    // The status that is heard, 0 for a connection that ends without a byte; whether the first request is stored.
    let rows = [
        (FaultKind::Delay { by: SHORT }, 200, true),
        (FaultKind::SlowAnswer { by: SHORT }, 200, true),
        (FaultKind::Hang { close_after: SHORT }, 0, false),
        (FaultKind::CloseBefore, 0, false),
        (FaultKind::StoreThenClose, 0, true),
        (FaultKind::StoreThenHang { close_after: SHORT }, 0, true),
        (FaultKind::StoreThenEmptyBody, 200, true),
        (FaultKind::TruncatedJson, 200, true),
        (FaultKind::BrokenBody, 200, true),
        (FaultKind::bad_gateway(false), 502, false),
        (FaultKind::bad_gateway(true), 502, true),
        (FaultKind::server_error(false), 500, false),
        (FaultKind::server_error(true), 500, true),
        (told(400, 1, true), 400, true),
        (FaultKind::TooManyRequests { retry_after: None }, 429, false),
        (FaultKind::ExpireTokens, 401, false),
        (FaultKind::RegistersOff { during: SHORT }, 200, true),
        (FaultKind::CallbackFirst, 200, true),
    ];
    for (kind, status, stores) in rows {
        let bed = Bed::start().await;
        let token = bed.token(V4).await;
        bed.simulator.inject(Fault::once(kind.clone()));
        let body = sale(Version::V4, "shop-1");
        let reply = bed.register_with(&token, V4, "sell", &body).await;
        assert_eq!(reply.status(), status, "{kind:?}");
        assert_eq!(bed.simulator.faults(), [], "{kind:?}");
        bed.advance(SECOND);
        assert_eq!(bed.simulator.printed(V4, "shop-1"), usize::from(stores), "{kind:?}");
        let again = bed.register(V4, "sell", &body).await;
        let expected = if stores { (400, 33) } else { (200, 0) };
        assert_eq!(again.refusal(), expected, "the same request after {kind:?}");
        bed.advance(SECOND);
        assert_eq!(bed.simulator.printed(V4, "shop-1"), 1, "{kind:?}");
        let requests = bed.simulator.requests();
        let met = requests.iter().find(|request| request.what == "sell").unwrap();
        assert!(met.fault.is_some(), "{kind:?}");
    }
}

#[tokio::test]
async fn an_answer_can_be_html_or_empty_or_half_or_an_error() {
    async fn heard(kind: FaultKind) -> transport::Reply {
        let bed = Bed::start().await;
        let token = bed.token(V4).await;
        bed.simulator.inject(Fault::once(kind));
        bed.register_with(&token, V4, "sell", &sale(Version::V4, "shop-1"))
            .await
    }
    let reply = heard(FaultKind::bad_gateway(true)).await;
    assert!(
        reply.body().starts_with("<html>") && reply.0.contains("content-type: text/html"),
        "{reply:?}"
    );
    let reply = heard(FaultKind::StoreThenEmptyBody).await;
    assert_eq!(reply.body(), "");
    let reply = heard(FaultKind::TruncatedJson).await;
    assert!(
        reply.body().starts_with('{') && serde_json::from_str::<Value>(reply.body()).is_err(),
        "{reply:?}"
    );
    let reply = heard(FaultKind::BrokenBody).await;
    let promised = reply
        .0
        .split_once("content-length: ")
        .unwrap()
        .1
        .split_once("\r\n")
        .unwrap()
        .0;
    assert_eq!(reply.body().len(), promised.parse::<usize>().unwrap() / 2);
    let reply = heard(FaultKind::server_error(true)).await;
    let json = reply.json();
    assert_eq!(reply.refusal(), (500, 50));
    assert_eq!((&json["status"], json.get("uuid")), (&json!("fail"), None));
    let reply = heard(FaultKind::TooManyRequests { retry_after: Some(7) }).await;
    assert!(reply.0.contains("retry-after: 7\r\n"), "{reply:?}");
}

#[tokio::test]
async fn faults_meet_logins_and_reports_too() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.advance(SECOND);
    let token = bed.token(V4).await;
    let login = format!("{V4}-login");
    let refused = |because| FaultKind::TokenRefused { because };
    for (kind, status, code) in [
        (refused(TokenRefusal::WrongPassword), 401, 12),
        (refused(TokenRefusal::Blocked), 403, 14),
        (FaultKind::server_error(false), 500, 50),
        (FaultKind::TokenSlow { by: SHORT }, 200, 0),
    ] {
        bed.simulator.inject(Fault::once(kind.clone()).only("getToken"));
        assert_eq!(
            bed.report_with(&token, V4, &uuid).await.status(),
            200,
            "it waits for a login"
        );
        let reply = bed.login(Version::V4, &login, DEFAULT_PASS).await;
        assert_eq!(reply.refusal(), (status, code), "{kind:?}");
        assert_eq!(reply.json().get("status"), None, "a login's answer has no status");
        assert_eq!(
            bed.login(Version::V4, &login, DEFAULT_PASS).await.status(),
            200,
            "after {kind:?}"
        );
    }
    bed.simulator
        .inject(Fault::once(FaultKind::bad_gateway(false)).only("report"));
    assert_eq!(bed.report_with(&token, V4, &uuid).await.status(), 502);
    assert_eq!(bed.report_with(&token, V4, &uuid).await.json()["status"], "done");
}

#[tokio::test]
async fn a_late_request_is_stored_though_its_client_left() {
    let rows = [
        (FaultKind::LateStore { after: SHORT }, true),
        (FaultKind::Delay { by: SHORT }, false),
    ];
    for (kind, late) in rows {
        let bed = Bed::start().await;
        let token = bed.token(V4).await;
        bed.simulator.inject(Fault::once(kind.clone()));
        let request = format!("POST /possystem/v4/{V4}/sell");
        let headers = format!("{JSON}Token: {token}\r\n");
        drop(
            send(
                bed.address,
                &request,
                &headers,
                &sale(Version::V4, "shop-1").to_string(),
            )
            .await,
        );
        eventually(|| bed.simulator.accepted(V4).len() == 1).await;
        assert_eq!(bed.simulator.requests().last().unwrap().late, late, "{kind:?}");
    }
}

#[tokio::test]
async fn a_hanging_answer_keeps_the_connection_open_without_a_byte() {
    for (kind, stored) in [
        (FaultKind::Hang { close_after: LONG }, 0),
        (FaultKind::StoreThenHang { close_after: LONG }, 1),
    ] {
        let bed = Bed::start().await;
        let token = bed.token(V4).await;
        bed.simulator.inject(Fault::once(kind));
        let request = format!("POST /possystem/v4/{V4}/sell");
        let headers = format!("{JSON}Token: {token}\r\n");
        let mut stream = send(
            bed.address,
            &request,
            &headers,
            &sale(Version::V4, "shop-1").to_string(),
        )
        .await;
        eventually(|| bed.simulator.requests().len() == 2).await;
        let read = tokio::time::timeout(SHORT, stream.read_u8()).await;
        assert!(read.is_err(), "nothing may come and the connection must stay");
        assert_eq!(bed.simulator.accepted(V4).len(), stored);
    }
}

#[tokio::test]
async fn a_fault_can_be_narrowed_and_can_last() {
    let bed = Bed::start().await;
    let token = bed.token(V4).await;
    bed.simulator
        .inject(Fault::lasting(FaultKind::CloseBefore).only("shop-2*"));
    for (external_id, expected) in [("shop-1", 200), ("shop-2a", 0), ("shop-2b", 0), ("shop-3", 200)] {
        let reply = bed
            .register_with(&token, V4, "sell", &sale(Version::V4, external_id))
            .await;
        assert_eq!(reply.status(), expected, "{external_id}");
    }
    bed.simulator.clear_faults();
    assert_eq!(
        bed.register(V4, "sell", &sale(Version::V4, "shop-2a")).await.status(),
        200
    );
}

#[tokio::test]
async fn a_shut_service_refuses_and_goes_on_working() {
    let bed = Bed::start().await;
    bed.sell(V4, "shop-1").await;
    soon(bed.simulator.shut()).await;
    assert!(tokio::net::TcpStream::connect(bed.address).await.is_err());
    bed.advance(SECOND);
    assert_eq!(bed.simulator.printed(V4, "shop-1"), 1);
    soon(bed.simulator.reopen()).await;
    bed.sell(V4, "shop-2").await;
}

#[tokio::test]
async fn chaos_of_one_seed_repeats_itself_and_prints_each_sale_once() {
    let rate = |kind, per_mille| ChaosRate { kind, per_mille };
    let plan = ChaosPlan {
        seed: 7,
        rates: vec![
            rate(FaultKind::CloseBefore, 100),
            rate(FaultKind::StoreThenClose, 100),
            rate(FaultKind::server_error(true), 100),
            rate(FaultKind::bad_gateway(false), 100),
            rate(FaultKind::SlowRegister { takes: SECOND * 2 }, 500),
        ],
    };
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bed = Bed::start().await;
        let token = bed.token(V4).await;
        bed.simulator.set_chaos(Some(plan.clone()));
        for number in 0..20 {
            let body = sale(Version::V4, &format!("shop-{number}"));
            let mut answers = Vec::new();
            while !answers.ends_with(&[200]) && !answers.ends_with(&[400]) {
                answers.push(bed.register_with(&token, V4, "sell", &body).await.status());
            }
        }
        bed.simulator.set_chaos(None);
        bed.advance(SECOND * 60);
        for number in 0..20 {
            assert_eq!(bed.simulator.printed(V4, &format!("shop-{number}")), 1, "{number}");
        }
        let faults: Vec<_> = bed
            .simulator
            .requests()
            .into_iter()
            .map(|request| request.fault)
            .collect();
        runs.push(faults);
    }
    let hit = runs[0].iter().flatten().count();
    assert!(hit > 3, "{hit} requests were hit");
    assert_eq!(runs[0], runs[1]);
}
