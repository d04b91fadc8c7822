//! What CashDesk tells by itself: of our checks, in whatever order, and of those that somebody made at the till.

use std::collections::HashSet;

use ledger::settings::{Settings, SourceKind};
use sandbox::cashdesk::{DeliveryState, Fault, FaultKind, Mode, Switches};
use tests::bed::{PATIENCE, listen_to, on_each, told_at};
use tests::db::Database;
use tests::eventually;

use super::{NUMBER, Stall};

async fn listening(database: Database) -> Stall {
    let listen = |settings: &mut Settings| listen_to(SourceKind::CashDesk, settings);
    let stall = Stall::with(database, Mode::Cloud, listen).await;
    let address = stall.bed.ingress_url(&told_at(SourceKind::CashDesk));
    stall.bed.cashdesk.set_webhook(NUMBER, Some(address));
    stall
}

/// Of all that is on the tape: what was taken for somebody else's.
async fn strangers(stall: &Stall) -> HashSet<String> {
    let numbers: Vec<String> = stall
        .documents()
        .into_iter()
        .map(|document| document.ordernum)
        .collect();
    stall
        .bed
        .ledger
        .known_strangers(&stall.shop.register, &numbers)
        .await
        .unwrap()
}

async fn all_settled(stall: &Stall) {
    eventually(PATIENCE, async || {
        stall.bed.cashdesk.deliver_pending().await;
        let waiting = stall.bed.ledger.next_notice(&stall.shop.register).await.unwrap();
        waiting.is_none()
    })
    .await;
    for delivery in stall.bed.cashdesk.deliveries(Some(NUMBER)) {
        assert_eq!(delivery.state, DeliveryState::Taken, "{delivery:?}");
    }
}

#[tokio::test]
async fn our_own_checks_told_before_the_answer_twice_or_instead_of_it_stay_ours() {
    on_each(async |database| {
        let stall = listening(database).await;
        let bed = &stall.bed;
        bed.cashdesk.set_switches(Switches {
            webhook_before_reply: true,
            webhook_duplicates: 2,
            webhook_service_documents: true,
            ..Switches::default()
        });
        let order = bed.sell(&stall.shop, "A-1", 26_750).await;
        bed.cashdesk
            .inject(Fault::once(FaultKind::RegisterThenClose).on_command("check/sale"));
        bed.sell(&stall.shop, "A-2", 10_000).await;
        bed.give_back(&order, 5_000);
        bed.until(&order, &["sale registered", "return registered"]).await;
        bed.at_rest().await;
        all_settled(&stall).await;
        assert_eq!(
            bed.tape(&stall.shop).await,
            ["sale 267.50", "sale 100.00", "return 50.00"]
        );
        assert_eq!(strangers(&stall).await, HashSet::new());
    })
    .await;
}

#[tokio::test]
async fn a_check_made_at_the_till_is_kept_as_somebody_else_s_once() {
    on_each(async |database| {
        let stall = listening(database).await;
        stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        stall.bed.cashdesk.set_switches(Switches {
            webhook_duplicates: 1,
            ..Switches::default()
        });
        let by_hand = FaultKind::ForeignCheck;
        assert!(stall.bed.cashdesk.apply(&by_hand, Some(NUMBER)));
        let foreign = stall.documents().pop().unwrap().ordernum;
        all_settled(&stall).await;
        assert_eq!(strangers(&stall).await, HashSet::from([foreign]));
        let alerts = stall.bed.ledger.open_alerts(None).await.unwrap();
        assert!(alerts.is_empty(), "{alerts:?}");
    })
    .await;
}
