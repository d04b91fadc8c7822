use std::time::Duration;

use domain::document::{Kind, Presence, Registration};
use domain::time::UnixMillis;
use ledger::actions::{Ask, End};
use ledger::alerts::{Acknowledged, EVENT_CONFLICT, NewAlert, Severity, Words};
use ledger::alerts_list::AlertList;
use ledger::people::Reach;
use ledger::register_list::Line;
use ledger::shifts::NewCash;
use ledger::tape::{Due, Follow, Health, Outcome, Settled};

use super::bed::{Bed, MINUTE, NOW, intent, kopecks, merchant, on_each, receipt, register_id, registration, till};
use super::shelf::{add_bakery, baked, bakery_till, flowers_only, strangers, wide};

const HOUR: Duration = Duration::from_secs(3_600);

fn end_of_day() -> UnixMillis {
    NOW.plus(HOUR * 24)
}

/// Registers a ready document of the usual register at a time.
async fn done_at(bed: &Bed, id: domain::ids::DocumentId, kind: Kind, amount: u64, at: UnixMillis, presence: Presence) {
    let lease = bed.take_over("a").await;
    let intent = intent(kind, Some(receipt(amount)));
    assert!(bed.ledger.begin_sending(&lease, id, &intent, MINUTE, at).await.unwrap());
    let outcome = Outcome::Registered(Registration {
        presence,
        ..registration(&id.token())
    });
    let settled = Settled {
        document: id,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &[],
        health: &Health::Good,
        follow: Follow::Nothing,
    };
    assert!(bed.ledger.finish(&lease, &settled, at).await.unwrap().is_some());
    bed.ledger.release_lease(&lease).await.unwrap();
}

async fn hours(bed: &Bed, reach: &Reach) -> Vec<(usize, u64, u64, u64, u64)> {
    let today = bed.ledger.today(reach, NOW, end_of_day(), NOW).await.unwrap();
    assert_eq!(today.hours.len(), 24);
    let busy = today
        .hours
        .iter()
        .enumerate()
        .filter(|(_, hour)| hour.sales + hour.returns > 0);
    busy.map(|(place, hour)| {
        let (sold, returned) = (hour.sold.minor(), hour.returned.minor());
        (place, hour.sales, hour.returns, sold, returned)
    })
    .collect()
}

#[tokio::test]
async fn receipts_count_in_the_hour_they_came_onto_the_tape() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let first = bed.sale("A-1", 500).await;
        let offline = bed.sale("A-2", 200).await;
        let night = bed.sale("A-3", 900).await;
        bed.sale("A-4", 900).await;
        baked(&bed, "bread", 900).await;
        done_at(&bed, first, Kind::Sale, 500, NOW, Presence::Online).await;
        done_at(&bed, offline, Kind::Sale, 200, NOW.plus(HOUR * 3), Presence::Offline).await;
        done_at(&bed, night, Kind::Sale, 900, end_of_day(), Presence::Online).await;
        let part = bed.refund("A-1", 120).await;
        done_at(&bed, part, Kind::Return, 120, NOW.plus(HOUR * 3), Presence::Online).await;
        let cancelled = bed.refund("A-2", 200).await;
        done_at(
            &bed,
            cancelled,
            Kind::Storno,
            200,
            NOW.plus(HOUR * 24).minus(MINUTE),
            Presence::Online,
        )
        .await;
        let drawer = bed
            .ledger
            .plan_cash(
                &NewCash {
                    merchant: &merchant(),
                    register: &till(),
                    kind: Kind::CashIn,
                    key: "key",
                    amount: kopecks(5_000),
                },
                "the test",
                NOW,
            )
            .await
            .unwrap();
        done_at(&bed, drawer.0, Kind::CashIn, 5_000, NOW, Presence::Online).await;
        // Delivered later: it was sold when it was sold.
        bed.ledger
            .note_delivered(offline, None, None, NOW.plus(HOUR * 9))
            .await
            .unwrap();
        for reach in wide().iter().chain([&flowers_only()]) {
            assert_eq!(
                hours(&bed, reach).await,
                [(0, 1, 0, 500, 0), (3, 1, 1, 200, 120), (23, 0, 1, 0, 200)],
                "{reach:?}"
            );
            let total = bed.ledger.today(reach, NOW, end_of_day(), NOW).await.unwrap().total;
            assert_eq!(
                (total.sales, total.returns, total.sold.minor(), total.returned.minor()),
                (2, 2, 700, 320)
            );
        }
        for stranger in strangers() {
            assert_eq!(hours(&bed, &stranger).await, []);
        }
        let long_night = bed
            .ledger
            .today(&flowers_only(), NOW, NOW.plus(HOUR * 25), NOW)
            .await
            .unwrap();
        assert_eq!(
            (long_night.hours.len(), long_night.hours[24].sales),
            (25, 1),
            "the clock went back"
        );
    })
    .await;
}

fn alert(kind: &'static str, register: Option<&str>, severity: Severity) -> NewAlert {
    NewAlert {
        kind,
        subject: format!("{kind} {register:?}"),
        severity,
        merchant: Some(merchant()),
        register: register.map(register_id),
        text: Words::new("Something.", "Щось."),
        next_step: Words::new("Look.", "Подивіться."),
    }
}

#[tokio::test]
async fn the_most_troubled_register_comes_first() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let order = async |reach: &Reach| {
            let today = bed.ledger.today(reach, NOW, end_of_day(), NOW).await.unwrap();
            assert!(!today.more_registers);
            let names: Vec<String> = today.registers.iter().map(|row| row.id.as_str().to_owned()).collect();
            names.join(" ")
        };
        assert_eq!(order(&Reach::Everything).await, "bakery-1 flowers-1 flowers-2");
        let warning = alert("shift_closing", Some("flowers-2"), Severity::Warning);
        bed.ledger.raise_alert(&warning, NOW).await.unwrap();
        assert_eq!(order(&Reach::Everything).await, "flowers-2 bakery-1 flowers-1");
        let critical = alert("register_trouble", Some("flowers-1"), Severity::Critical);
        bed.ledger.raise_alert(&critical, NOW).await.unwrap();
        for reach in wide() {
            assert_eq!(order(&reach).await, "flowers-1 flowers-2 bakery-1");
        }
        assert_eq!(order(&flowers_only()).await, "flowers-1 flowers-2");
        assert_eq!(order(&Reach::Merchants(Vec::new())).await, "");
    })
    .await;
}

#[tokio::test]
async fn a_register_at_a_glance() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let receipt = bed.sale("A-1", 500).await;
        bed.sale("A-2", 500).await;
        bed.held("A-3", super::bed::sale(1), domain::hold::HoldReason::StrangeEvent)
            .await;
        done_at(&bed, receipt, Kind::Sale, 500, NOW.plus(HOUR), Presence::Offline).await;
        let drawer = bed
            .ledger
            .plan_cash(
                &NewCash {
                    merchant: &merchant(),
                    register: &till(),
                    kind: Kind::CashIn,
                    key: "key",
                    amount: kopecks(5),
                },
                "the test",
                NOW,
            )
            .await
            .unwrap();
        done_at(&bed, drawer.0, Kind::CashIn, 5, NOW.plus(HOUR * 2), Presence::Online).await;
        let row = bed.ledger.registers_list(&flowers_only(), None, 1).await.unwrap();
        let row = row.rows.into_iter().find(|row| row.id == till()).unwrap();
        assert_eq!(
            (row.open.due, row.open.in_doubt, row.open.held, row.offline_documents),
            (1, 0, 1, 1)
        );
        assert_eq!(row.last_receipt, Some(NOW.plus(HOUR)), "cash in is no receipt");
        assert_eq!(
            (row.line(), row.shift, row.fiscal_number.as_str()),
            (Line::Unknown, None, "4000999001")
        );
        for stranger in strangers() {
            let shown = bed.ledger.registers_list(&stranger, None, 9).await.unwrap();
            assert!(shown.rows.iter().all(|row| row.id != till()));
        }
        let mut names = Vec::new();
        let mut after = None;
        loop {
            let page = bed
                .ledger
                .registers_list(&Reach::Everything, after.as_deref(), 1)
                .await
                .unwrap();
            names.extend(page.rows.into_iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, [bakery_till(), till(), register_id("flowers-2")]);
        assert_eq!(
            bed.ledger
                .registers_list(&flowers_only(), None, 9)
                .await
                .unwrap()
                .rows
                .len(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn alerts_are_listed_by_reach_and_holds_are_not_told_twice() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        bed.held("A-1", super::bed::sale(1), domain::hold::HoldReason::StrangeEvent)
            .await;
        for (place, kind) in ["one", "two", "three"].into_iter().enumerate() {
            let at = NOW.plus(MINUTE * u32::try_from(place).unwrap());
            bed.ledger
                .raise_alert(&alert(kind, None, Severity::Warning), at)
                .await
                .unwrap();
        }
        let nobodys = NewAlert {
            merchant: None,
            ..alert(EVENT_CONFLICT, None, Severity::Critical)
        };
        bed.ledger.raise_alert(&nobodys, NOW.plus(HOUR)).await.unwrap();
        let listed = async |reach: &Reach, list, size| {
            let (mut kinds, mut after) = (Vec::new(), None);
            loop {
                let page = bed
                    .ledger
                    .list_alerts(reach, list, after.as_deref(), size)
                    .await
                    .unwrap();
                kinds.extend(page.rows.into_iter().map(|alert| alert.kind));
                after = page.next;
                if after.is_none() {
                    return kinds.join(" ");
                }
            }
        };
        for size in [1, 2, 100] {
            assert_eq!(listed(&flowers_only(), AlertList::Open, size).await, "one two three");
            assert_eq!(
                listed(&Reach::Everything, AlertList::Open, size).await,
                "one two three event_conflict"
            );
            assert_eq!(
                listed(&flowers_only(), AlertList::All, size).await,
                "three two one document_held"
            );
        }
        for stranger in strangers() {
            assert_eq!(listed(&stranger, AlertList::All, 10).await, "");
        }
        let alerts = async |reach: &Reach| bed.ledger.attention(reach, NOW).await.unwrap().alerts;
        assert_eq!(
            (alerts(&flowers_only()).await, alerts(&Reach::Everything).await),
            (3, 4)
        );
        bed.ledger
            .resolve_alert("one", "one None", NOW.plus(HOUR))
            .await
            .unwrap();
        let two = bed
            .ledger
            .list_alerts(&flowers_only(), AlertList::Open, None, 1)
            .await
            .unwrap()
            .rows
            .remove(0);
        let known = bed
            .ledger
            .acknowledge_alert(&flowers_only(), &two.id, "olena", NOW)
            .await
            .unwrap();
        assert_eq!(known, Acknowledged::Done { closed: false });
        assert_eq!(
            listed(&flowers_only(), AlertList::Open, 9).await,
            "two three",
            "acknowledged is still open"
        );
        assert_eq!(alerts(&flowers_only()).await, 1);
        assert_eq!(
            listed(&flowers_only(), AlertList::All, 9).await,
            "three two one document_held"
        );
    })
    .await;
}

#[tokio::test]
async fn the_pulse_changes_with_everything_that_shows() {
    on_each(async |bed| {
        let pulse = async || bed.ledger.pulse().await.unwrap();
        let mut last = pulse().await;
        assert_eq!(pulse().await, last, "nothing happened");
        let mut changed = async |what: &str| {
            let now = pulse().await;
            assert_ne!(now, last, "{what}");
            last = now;
        };
        let update = ledger::orders::OrderUpdate {
            basket: None,
            description: None,
            buyer: None,
            ..ledger::orders::OrderUpdate::default()
        };
        bed.ledger
            .put_order(&merchant(), &super::bed::order("A-0"), &update, NOW)
            .await
            .unwrap();
        changed("an order").await;
        let pending = bed.pending("paid A-1", super::bed::paid("A-1", 100)).await;
        changed("an event").await;
        bed.plan(&pending, super::bed::only(vec![super::bed::sale(100)])).await;
        changed("a document").await;
        let one = alert("one", None, Severity::Warning);
        bed.ledger.raise_alert(&one, NOW).await.unwrap();
        changed("an alert").await;
        bed.ledger.resolve_alert("one", &one.subject, NOW).await.unwrap();
        changed("an alert that closed").await;
        let action = bed.ledger.ask(&till(), Ask::Sync, "", "olena", NOW).await.unwrap();
        changed("a question").await;
        let end = End {
            done: true,
            result: String::new(),
        };
        bed.ledger.end_action(&action.id, &end, NOW).await.unwrap();
        changed("its answer").await;
        let held = bed
            .held("A-2", super::bed::sale(100), domain::hold::HoldReason::StrangeEvent)
            .await;
        changed("a hold").await;
        bed.ledger
            .close_hold(&flowers_only(), held, "так", "olena", NOW)
            .await
            .unwrap();
        changed("a hold that was closed").await;
        let lease = bed.lease("a").await;
        let facts = ledger::day::Facts::default();
        assert!(
            bed.ledger
                .note_look(&lease, &facts, None, NOW, MINUTE, NOW)
                .await
                .unwrap()
        );
        changed("a look").await;
    })
    .await;
}
