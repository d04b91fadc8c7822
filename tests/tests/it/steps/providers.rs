//! The same at the other providers: killed at every await, and each kind of request failed in each way. What both
//! databases must stand is shown by sales; returns are on one, for they differ at the provider only.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use ledger::settings::Provider;
use sandbox::{atol, cashdesk};
use tests::db::Database;

use super::scene::{Scene, Stage};
use super::{enumerate, killed_everywhere, killed_on, settle, times};

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_at_cashdesk_killed_at_any_await_is_one_receipt() {
    killed_everywhere(Scene::SALE.at(Provider::CashDesk)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_at_cashdesk_killed_at_any_await_is_one_return() {
    killed_on(&[Database::Sqlite], Scene::RETURN.at(Provider::CashDesk)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_at_atol_online_killed_at_any_await_is_one_receipt() {
    killed_everywhere(Scene::SALE.at(Provider::AtolOnline)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_at_atol_online_killed_at_any_await_is_one_return() {
    killed_on(&[Database::Sqlite], Scene::RETURN.at(Provider::AtolOnline)).await;
}

/// What goes wrong, one after another, while one document is made.
#[derive(Clone, Debug)]
enum Spoiled {
    CashDesk(Vec<cashdesk::Fault>),
    Atol(Vec<atol::Fault>),
}

impl Spoiled {
    fn begin(&self, stage: &Stage) {
        match self {
            Self::CashDesk(faults) => faults.iter().for_each(|fault| stage.bed.cashdesk.inject(fault.clone())),
            Self::Atol(faults) => faults.iter().for_each(|fault| stage.bed.atol.inject(fault.clone())),
        }
    }
}

/// At CashDesk: the login, the look, the document in each way; and the questions of a doubt.
fn at_cashdesk() -> Vec<Spoiled> {
    use cashdesk::{Fault, FaultKind as F};
    let soon = Duration::from_millis(60);
    let asking = || {
        vec![
            F::CloseBefore,
            F::Http {
                status: 500,
                registers: false,
            },
            F::TruncatedJson,
            F::HtmlBody,
        ]
    };
    let sending = vec![
        F::RegisterThenClose,
        F::RegisterThenHang {
            close_after: times().call_timeout * 2,
        },
        F::RegisterThenEmptyBody,
        F::Http {
            status: 502,
            registers: true,
        },
        F::BrokenBody,
        F::LateRegister { after: soon },
        F::Refuse {
            status: 429,
            message: "Забагато запитів".to_owned(),
        },
        F::ExpireToken,
    ];
    let mut cases = Vec::new();
    for command in ["authenticate", "tax_objects/{num_fiscal}"] {
        cases.extend(
            asking()
                .into_iter()
                .map(|kind| vec![Fault::once(kind).on_command(command)]),
        );
    }
    for kind in asking().into_iter().chain(sending) {
        cases.push(vec![Fault::once(kind).on_command("check/sale")]);
    }
    for command in ["shift/xReport", "shift/zReport/period", "shift/lastCheck"] {
        for kind in asking() {
            let lost = Fault::once(F::RegisterThenClose).on_command("check/sale");
            cases.push(vec![lost, Fault::once(kind).on_command(command)]);
        }
    }
    cases.into_iter().map(Spoiled::CashDesk).collect()
}

/// At ATOL Online: the token, the registration in each way and repeated, the question for the result, the register
/// behind it, the callback.
fn at_atol_online() -> Vec<Spoiled> {
    use atol::{ErrorType, Fault, FaultKind as F, Forgery};
    let soon = Duration::from_millis(60);
    let asking = || {
        vec![
            F::CloseBefore,
            F::server_error(false),
            F::bad_gateway(false),
            F::TruncatedJson,
            F::TooManyRequests { retry_after: None },
            F::ExpireTokens,
        ]
    };
    let sending = || {
        vec![
            F::StoreThenClose,
            F::StoreThenHang {
                close_after: times().call_timeout * 2,
            },
            F::StoreThenEmptyBody,
            F::BrokenBody,
            F::LateStore { after: soon },
            F::server_error(true),
            F::bad_gateway(true),
            F::CallbackFirst,
        ]
    };
    let mut cases = Vec::new();
    for pattern in ["getToken", "report*"] {
        cases.extend(asking().into_iter().map(|kind| vec![Fault::once(kind).only(pattern)]));
    }
    for kind in asking().into_iter().chain(sending()) {
        cases.push(vec![Fault::once(kind).only("sell*")]);
    }
    // The repetition that settles the doubt fails, too; and the duplicate is told without its uuid.
    for kind in asking().into_iter().chain(sending()) {
        cases.push(vec![
            Fault::once(F::StoreThenClose).only("sell*"),
            Fault::once(kind).only("sell*"),
        ]);
    }
    cases.push(vec![
        Fault::once(F::StoreThenClose).only("sell*"),
        Fault::once(F::DuplicateWithoutUuid),
    ]);
    // A register that says later that it could not: a new document of a new name.
    for code in [36, 40] {
        cases.push(vec![Fault::once(F::Fails {
            error_type: ErrorType::Driver,
            code,
            prints: false,
        })]);
    }
    cases.push(vec![Fault::once(F::SlowRegister { takes: soon * 5 })]);
    for kind in [
        F::NoCallback,
        F::LateCallback { by: soon * 3 },
        F::RepeatedCallback { copies: 3, every: soon },
        F::ForgedCallback {
            forgery: Forgery::default(),
        },
    ] {
        cases.push(vec![Fault::once(kind)]);
    }
    cases.into_iter().map(Spoiled::Atol).collect()
}

/// Each case once: exactly one document comes of it.
async fn every_case(databases: &[Database], scene: Scene, cases: Vec<Spoiled>) {
    let cases = &cases;
    let on = async |database: Database| {
        enumerate(
            database,
            scene,
            |_| true,
            async |stage, number| {
                let Some(case) = cases.get(number - 1) else {
                    return false;
                };
                let act = stage.next().await;
                let what = format!("{scene:?} on {database}, {case:?}");
                case.begin(stage);
                let life = stage.calm_life();
                assert_eq!(life.receive(act.callback.clone()).await, StatusCode::OK);
                settle(stage, &act, &life, &what).await;
                stage.shop.till.clear_faults();
                stage.check(&act, &what).await;
                true
            },
        )
        .await
    };
    for spoiled in join_all(databases.iter().map(|database| on(*database))).await {
        println!("{scene:?}: spoiled {spoiled} times");
        assert_eq!(spoiled, cases.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_at_cashdesk_survives_any_failure_of_any_request() {
    every_case(&Database::each(), Scene::SALE.at(Provider::CashDesk), at_cashdesk()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_at_cashdesk_survives_any_failure_of_any_request() {
    every_case(&[Database::Sqlite], Scene::RETURN.at(Provider::CashDesk), at_cashdesk()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_at_atol_online_survives_any_failure_of_any_request() {
    every_case(
        &Database::each(),
        Scene::SALE.at(Provider::AtolOnline),
        at_atol_online(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_at_atol_online_survives_any_failure_of_any_request() {
    every_case(
        &[Database::Sqlite],
        Scene::RETURN.at(Provider::AtolOnline),
        at_atol_online(),
    )
    .await;
}
