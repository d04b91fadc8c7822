//! Working a register from the command line.

use std::time::Duration;

use ledger::actions::Ask;
use sandbox::cashalot::{Fault, FaultKind};

use crate::shop::Shop;

const LEASE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_shift_is_closed_though_no_worker_runs() {
    let shop = Shop::start().await;
    shop.kasyr(&["close-shift", "flowers-1", "--wait"])
        .await
        .expect(0, &["Register flowers-1: no shift was open."]);
    shop.kasyr(&["cash-in", "flowers-1", "100.00", "--key", "morning"])
        .await
        .expect(0, &["cash_in", "100.00", "registered"]);
    assert!(shop.shift_is_open());
    shop.kasyr(&["totals", "flowers-1"])
        .await
        .expect(0, &["The shift open since", "Both sides agree."]);
    // Asked only: nobody is there to do it.
    shop.kasyr(&["close-shift", "flowers-1"])
        .await
        .expect(0, &["asked, action", "kasyr close-shift flowers-1 --wait"]);
    assert!(shop.shift_is_open());
    shop.kasyr(&["state", "flowers-1"]).await.expect(
        0,
        &[
            "its shift is open since",
            "asked and not done yet: close (by command line",
        ],
    );

    shop.kasyr(&["close-shift", "flowers-1", "--wait"])
        .await
        .expect(0, &["is closed, Z-report"]);
    assert!(!shop.shift_is_open());
    let ledger = shop.ledger().await;
    assert!(ledger.open_actions(&Shop::register()).await.unwrap().is_empty());
    let closings = shop.cashalot.documents(crate::shop::NUMBER);
    shop.kasyr(&["close-shift", "flowers-1", "--wait"])
        .await
        .expect(0, &["no shift was open"]);
    assert_eq!(shop.cashalot.documents(crate::shop::NUMBER).len(), closings.len());
    shop.kasyr(&["totals", "flowers-1"])
        .await
        .expect(0, &["No shift is open; the last one", "Both sides agree."]);
}

#[tokio::test]
async fn a_lost_answer_to_the_closing_is_asked_about() {
    let shop = Shop::start().await;
    shop.kasyr(&["cash-in", "flowers-1", "1", "--key", "k"])
        .await
        .expect(0, &[]);
    shop.cashalot
        .inject(Fault::once(FaultKind::RegisterThenClose).on_command("CloseShift"));
    shop.kasyr(&["close-shift", "flowers-1", "--wait"])
        .await
        .expect(0, &["is closed, Z-report"]);
    let closings = shop.cashalot.requests(crate::shop::NUMBER);
    let sent = closings
        .iter()
        .filter(|request| request.command == "CloseShift")
        .count();
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn what_cannot_be_asked_ends_with_one_and_what_is_not_understood_with_two() {
    let shop = Shop::start().await;
    for command in ["close-shift", "z-report", "totals", "cleanup", "sync", "state"] {
        shop.kasyr(&[command, "flowers-9"])
            .await
            .expect(1, &["There is no register \"flowers-9\". Known are: flowers-1"]);
    }
    shop.kasyr(&["fetch", "7"]).await.expect(1, &["is not a document's id"]);
    shop.kasyr(&["alerts", "ack", "7"])
        .await
        .expect(1, &["There is no alert 7"]);
    for usage in [
        &["close-shift"] as &[&str],
        &["close-shift", "flowers-1", "--timeout", "soon"],
        &["cash-in", "flowers-1", "100.00"],
        &["cash-in", "flowers-1", "1.001", "--key", "k"],
        &["cash-out", "flowers-1", "0", "--key", "k"],
        &["cleanup", "flowers-1", "--confirm", "yes"],
        &["alerts", "--all", "ack", "7"],
    ] {
        shop.kasyr(usage).await.expect(2, &[]);
    }
}

#[tokio::test]
async fn while_somebody_else_is_at_the_register_it_stays_asked() {
    let shop = Shop::start().await;
    let ledger = shop.ledger().await;
    let lease = ledger
        .acquire_lease(&Shop::register(), "somebody", LEASE)
        .await
        .unwrap()
        .unwrap();
    shop.kasyr(&["close-shift", "flowers-1", "--wait", "--timeout", "1"])
        .await
        .expect(3, &["1 seconds are over", "It stays asked", "kasyr state flowers-1"]);
    assert_eq!(ledger.open_actions(&Shop::register()).await.unwrap()[0].ask, Ask::Close);
    ledger.release_lease(&lease).await.unwrap();
    shop.kasyr(&["close-shift", "flowers-1", "--wait"]).await.expect(0, &[]);
}

#[tokio::test]
async fn a_worker_that_does_it_meanwhile_is_noticed() {
    let shop = Shop::start().await;
    let ledger = shop.ledger().await;
    let register = Shop::register();
    let lease = ledger
        .acquire_lease(&register, "somebody", LEASE)
        .await
        .unwrap()
        .unwrap();
    let waiting = shop.kasyr(&["sync", "flowers-1"]);
    let worker = async {
        let action = loop {
            if let Some(action) = ledger.open_actions(&register).await.unwrap().pop() {
                break action;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let end = ledger::actions::End {
            done: true,
            result: "somebody looked".to_owned(),
        };
        ledger.end_action(&action.id, &end, ledger.now()).await.unwrap();
    };
    let (ended, ()) = tokio::join!(waiting, worker);
    ended.expect(0, &["Register flowers-1: somebody looked."]);
    ledger.release_lease(&lease).await.unwrap();
}

#[tokio::test]
async fn a_register_that_does_not_answer_ends_with_four_and_its_trouble() {
    let shop = Shop::without_provider().await;
    for command in [
        &["close-shift", "flowers-1", "--wait", "--timeout", "3"] as &[&str],
        &["cash-in", "flowers-1", "1", "--key", "k", "--timeout", "1"],
        &["sync", "flowers-1", "--timeout", "1"],
    ] {
        shop.kasyr(command)
            .await
            .expect(4, &["Register flowers-1 is in trouble: ", "  → "]);
    }
    shop.kasyr(&["state"]).await.expect(0, &["it is in trouble: "]);
}

#[tokio::test]
async fn what_is_refused_needs_a_person() {
    let shop = Shop::start().await;
    shop.kasyr(&["z-report", "flowers-1", "--wait"]).await.expect(
        5,
        &["no shift is open, so there is nothing to report. A person is needed."],
    );
    shop.kasyr(&["cash-in", "flowers-1", "1", "--key", "k"])
        .await
        .expect(0, &[]);
    shop.cashalot.set_fsko(false);
    shop.kasyr(&["cash-in", "flowers-1", "2", "--key", "l"])
        .await
        .expect(0, &["registered"]);
    shop.kasyr(&["cleanup", "flowers-1", "--remove"])
        .await
        .expect(5, &["would be lost", "lose undelivered documents"]);
    assert!(shop.cashalot.lost_documents(crate::shop::NUMBER).is_empty());
}

#[tokio::test]
async fn a_register_is_looked_at_cleaned_and_its_documents_are_read() {
    let shop = Shop::start().await;
    let put_in = shop.kasyr(&["cash-in", "flowers-1", "100", "--key", "k"]).await;
    put_in.expect(0, &["registered"]);
    let id = put_in.said.split_whitespace().next().unwrap().to_owned();
    shop.kasyr(&["fetch", &id]).await.expect(0, &["100.00"]);
    shop.kasyr(&["fetch", &id, "--html"]).await.expect(0, &["<", "100.00"]);
    shop.kasyr(&["sync", "flowers-1"])
        .await
        .expect(0, &["the register was looked at"]);
    shop.kasyr(&["cleanup", "flowers-1"])
        .await
        .expect(0, &["was brought in line"]);
    // Both are kept by their keys.
    shop.kasyr(&["cash-in", "flowers-1", "100", "--key", "k"])
        .await
        .expect(0, &["was used before", &id]);
    shop.kasyr(&["cash-out", "flowers-1", "100", "--key", "k"])
        .await
        .expect(1, &["Take another key"]);
    shop.kasyr(&["z-report", "flowers-1"])
        .await
        .expect(0, &["asked, action"]);
    shop.kasyr(&["z-report", "flowers-1", "--wait"])
        .await
        .expect(0, &["Z-report "]);
}
