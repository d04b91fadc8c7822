//! Faults of the answer's way, seen from a raw socket (sheet §11.8).

use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncReadExt as _;

use super::transport::{Server, sale_request, state_request};
use super::{ChaosPlan, ChaosRate, Fault, FaultKind, REGISTER};
use crate::patience::{eventually, soon};

const SHORT: Duration = Duration::from_millis(40);
const LONG: Duration = Duration::from_secs(3600);

async fn sell_with(kind: FaultKind) -> (Server, super::transport::Reply) {
    let server = Server::start().await;
    server.simulator.inject(Fault::once(kind));
    let reply = soon(server.sell()).await;
    (server, reply)
}

#[tokio::test]
async fn a_fault_decides_what_is_heard_and_what_is_registered() {
    let bad_gateway = |registers| FaultKind::Http { status: 502, registers };
    let code = || "FiscalServerError".to_owned();
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
        (FaultKind::TruncatedJson, 200, 1),
        (FaultKind::BrokenBody, 200, 1),
        (FaultKind::ErrorCode { code: code() }, 200, 0),
        (FaultKind::RegisterThenErrorCode { code: code() }, 200, 1),
        (FaultKind::NumericErrorCode, 200, 1),
        (FaultKind::QrAndUrlNull, 200, 1),
    ];
    for (kind, status, sales) in rows {
        let (server, reply) = sell_with(kind.clone()).await;
        assert_eq!(if reply.is_nothing() { 0 } else { reply.status() }, status, "{kind:?}");
        assert_eq!(server.sales(), sales, "{kind:?}");
        assert_eq!(server.simulator.faults_waiting(), 0, "{kind:?}");
        assert_eq!(
            soon(server.sell()).await.json()["ErrorCode"],
            "Ok",
            "the request after {kind:?}"
        );
        assert_eq!(server.simulator.total_overlaps(), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_body_can_be_html_or_empty_or_half_or_numeric_or_without_links() {
    let (_server, reply) = sell_with(FaultKind::Http {
        status: 503,
        registers: true,
    })
    .await;
    assert!(
        reply.body().starts_with("<html>") && reply.0.contains("content-type: text/html"),
        "{reply:?}"
    );
    let (_server, reply) = sell_with(FaultKind::RegisterThenEmptyBody).await;
    assert_eq!(reply.body(), "");
    let (_server, reply) = sell_with(FaultKind::TruncatedJson).await;
    assert!(
        reply.body().starts_with('{') && serde_json::from_str::<Value>(reply.body()).is_err(),
        "{reply:?}"
    );
    let (_server, reply) = sell_with(FaultKind::BrokenBody).await;
    let promised = reply
        .0
        .split_once("content-length: ")
        .unwrap()
        .1
        .split_once("\r\n")
        .unwrap()
        .0;
    assert_eq!(reply.body().len(), promised.parse::<usize>().unwrap() / 2);
    let (_server, reply) = sell_with(FaultKind::NumericErrorCode).await;
    assert_eq!(reply.json()["ErrorCode"], 0);
    let (_server, reply) = sell_with(FaultKind::QrAndUrlNull).await;
    assert_eq!(
        (&reply.json()["Url"], &reply.json()["ErrorCode"]),
        (&Value::Null, &Value::from("Ok"))
    );
    let (_server, reply) = sell_with(FaultKind::ErrorCode {
        code: "Unheard".to_owned(),
    })
    .await;
    assert_eq!(
        (&reply.json()["ErrorCode"], &reply.json()["NumFiscal"]),
        (&Value::from("Unheard"), &Value::Null)
    );
}

#[tokio::test]
async fn a_late_registration_follows_a_closed_connection() {
    let (server, reply) = sell_with(FaultKind::LateRegister { after: SHORT }).await;
    assert!(reply.is_nothing(), "{reply:?}");
    eventually(|| server.sales() == 1).await;
    let documents = server.simulator.documents(REGISTER);
    assert!(documents.iter().all(|document| document.late));
    assert!(server.simulator.requests(REGISTER)[0].late);
    assert_eq!(server.simulator.total_overlaps(), 0);
}

#[tokio::test]
async fn a_delayed_command_is_carried_out_though_its_client_left() {
    let server = Server::start().await;
    server.simulator.inject(Fault::once(FaultKind::Delay { by: SHORT }));
    drop(server.send("POST", "/", sale_request().to_string().as_bytes()).await);
    eventually(|| server.sales() == 1).await;
    assert!(
        server
            .simulator
            .documents(REGISTER)
            .iter()
            .all(|document| document.late)
    );
}

#[tokio::test]
async fn a_hanging_answer_keeps_the_connection_open_without_a_byte() {
    let server = Server::start().await;
    server
        .simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: LONG }));
    let mut stream = server.send("POST", "/", sale_request().to_string().as_bytes()).await;
    eventually(|| server.sales() == 1).await;
    let read = tokio::time::timeout(SHORT, stream.read_u8()).await;
    assert!(read.is_err(), "nothing may come and the connection must stay");
}

#[tokio::test]
async fn a_client_that_gave_up_and_asks_again_is_no_overlap() {
    let server = Server::start().await;
    server
        .simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: LONG }));
    let stream = server.send("POST", "/", sale_request().to_string().as_bytes()).await;
    eventually(|| server.sales() == 1).await;
    drop(stream);
    let reply = soon(server.post(&state_request())).await;
    assert_eq!(reply.json()["NextLocalNum"], 3);
    eventually(|| server.simulator.requests_under_way(REGISTER) == 0).await;
    assert_eq!(server.simulator.total_overlaps(), 0);
}

#[tokio::test]
async fn two_requests_at_once_for_one_register_are_an_overlap() {
    let server = Server::start().await;
    server
        .simulator
        .inject(Fault::once(FaultKind::RegisterThenHang { close_after: SHORT }));
    let mut stream = server.send("POST", "/", sale_request().to_string().as_bytes()).await;
    eventually(|| server.sales() == 1).await;
    soon(server.post(&state_request())).await;
    let mut rest = Vec::new();
    let _ = soon(stream.read_to_end(&mut rest)).await;
    assert_eq!(
        (server.simulator.overlaps(REGISTER), server.simulator.total_overlaps()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_fault_waits_for_its_command_and_its_register() {
    let server = Server::start().await;
    let on_check = Fault::once(FaultKind::CloseBefore)
        .on_command("registercheck")
        .on_register(REGISTER);
    server.simulator.inject(Fault { times: 2, ..on_check });
    assert_eq!(soon(server.post(&state_request())).await.status(), 200);
    assert!(soon(server.sell()).await.is_nothing());
    assert!(soon(server.sell()).await.is_nothing());
    assert_eq!(soon(server.sell()).await.status(), 200);
    assert_eq!(server.sales(), 1);
}

#[tokio::test]
async fn chaos_of_one_seed_repeats_itself_and_spares_other_commands() {
    let plan = ChaosPlan {
        seed: 7,
        rates: vec![
            ChaosRate {
                fault: FaultKind::CloseBefore,
                per_mille: 200,
            },
            ChaosRate {
                fault: FaultKind::Http {
                    status: 500,
                    registers: true,
                },
                per_mille: 200,
            },
            ChaosRate {
                fault: FaultKind::Delay { by: LONG },
                per_mille: 100,
            },
        ],
        delay_ms: Some((0, 1)),
        only_document_commands: true,
    };
    let mut runs = Vec::new();
    for _ in 0..2 {
        let server = Server::start().await;
        server.simulator.set_chaos(Some(plan.clone()));
        for _ in 0..40 {
            soon(server.sell()).await;
            assert_eq!(soon(server.post(&state_request())).await.status(), 200);
        }
        let faults: Vec<_> = server
            .simulator
            .requests(REGISTER)
            .into_iter()
            .map(|request| request.fault)
            .collect();
        runs.push(faults);
    }
    let hit = runs[0].iter().flatten().count();
    assert!((5..40).contains(&hit), "{hit} of 40 sales were hit");
    assert_eq!(runs[0], runs[1]);
}
