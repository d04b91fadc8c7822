use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::RegisterId;
use domain::time::UnixMillis;
use ledger::plan::NewDocument;
use ledger::tape::Health;

use super::bed::{Bed, MINUTE, NOW, looked_at, on_each, only, paid, register, register_id, sale, shop};

fn name(number: u64) -> RegisterId {
    register_id(&format!("r-{number:03}"))
}

/// 550 registers, of which every eleventh has 100 ready documents.
async fn backlog(bed: &Bed) -> BTreeSet<RegisterId> {
    let mut settings = shop();
    settings.registers = (0..550)
        .map(|number| register(name(number).as_str(), 5_000_000_000 + number))
        .collect();
    settings.sources.clear();
    bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
    looked_at(&bed.ledger).await;
    let mut busy = BTreeSet::new();
    for number in (0..550).step_by(11) {
        let order = format!("A-{number}");
        let pending = bed.pending(&order, paid(&order, 100)).await;
        let documents = (0..100).map(|place| NewDocument {
            register: name(number),
            slot: format!("sale:{place}"),
            ..sale(100)
        });
        bed.plan(&pending, only(documents.collect())).await;
        busy.insert(name(number));
    }
    busy
}

async fn due(bed: &Bed, now: UnixMillis, after: Option<&RegisterId>, limit: u32) -> Vec<RegisterId> {
    bed.ledger.due_registers(now, after, limit).await.unwrap()
}

#[tokio::test]
async fn the_sweep_finds_the_busy_registers_and_no_others() {
    on_each(async |bed| {
        let mut busy = backlog(&bed).await;
        assert_eq!(busy.len(), 50);
        let found = due(&bed, NOW, None, 1000).await;
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), busy);
        assert_eq!(found.len(), 50, "each once");
        // One rests, one is leased, one was leased and is free again.
        let [resting, leased, free] = [0, 11, 22].map(name);
        let held = bed.ledger.acquire_lease(&resting, "a", MINUTE).await.unwrap().unwrap();
        let until = NOW.plus(MINUTE);
        let trouble = Health::Trouble {
            until,
            word: "down".to_owned(),
            alert: None,
        };
        bed.ledger.note_register(&held, None, &[], &trouble, NOW).await.unwrap();
        bed.ledger.release_lease(&held).await.unwrap();
        bed.ledger.acquire_lease(&leased, "a", MINUTE).await.unwrap().unwrap();
        let given_back = bed.ledger.acquire_lease(&free, "a", MINUTE).await.unwrap().unwrap();
        bed.ledger.release_lease(&given_back).await.unwrap();
        busy.remove(&leased);
        assert_eq!(
            due(&bed, until, None, 1000).await.into_iter().collect::<BTreeSet<_>>(),
            busy,
            "rested enough"
        );
        busy.remove(&resting);
        let expected: Vec<_> = busy.into_iter().collect();
        assert_eq!(due(&bed, NOW, None, 1000).await, expected);
        // Page by page it is the same.
        let mut pages = Vec::new();
        loop {
            let page = due(&bed, NOW, pages.last(), 7).await;
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        assert_eq!(pages, expected);
    })
    .await;
}

#[tokio::test]
async fn a_register_whose_holder_vanished_is_found() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, document).await);
        assert_eq!(due(&bed, NOW, None, 10).await, []);
        assert!(bed.ledger.renew_lease(&lease, Duration::ZERO).await.unwrap());
        tests::eventually(super::bed::LIMIT, async || due(&bed, NOW, None, 10).await.len() == 1).await;
    })
    .await;
}

#[tokio::test]
async fn events_are_found_once_their_own_bell_had_its_time_and_postponed_ones_when_due() {
    on_each(async |bed| {
        let one = bed.pending("k1", paid("A-1", 100)).await.id;
        let two = bed.pending("k2", paid("A-2", 100)).await.id;
        let due = async |now, limit| bed.ledger.due_events(now, MINUTE, limit).await.unwrap();
        let later = NOW.plus(MINUTE);
        assert_eq!(due(NOW, 10).await, []);
        assert_eq!(due(later, 10).await, [one, two]);
        assert_eq!(due(later, 1).await, [one]);
        bed.ledger
            .postpone_event(one, later.plus(MINUTE), "не підтверджено")
            .await
            .unwrap();
        assert_eq!(due(later, 10).await, [two]);
        assert_eq!(due(later.plus(MINUTE), 10).await, [two, one], "longest due first");
        assert_eq!(bed.waiting(one).await.unwrap().attempts, 1);
        let pending = bed.waiting(two).await.unwrap();
        bed.plan(&pending, only(vec![sale(100)])).await;
        assert_eq!(due(later.plus(MINUTE), 10).await, [one]);
    })
    .await;
}

#[tokio::test]
async fn gauges_count_what_is_open_and_fall_back_to_nothing() {
    on_each(async |bed| {
        let empty = bed.ledger.stats().await.unwrap();
        assert_eq!(empty, ledger::stats::Stats::default());
        let document = bed.sale("A-1", 100).await;
        bed.refund("A-2", 100).await;
        bed.pending("k", paid("A-3", 100)).await;
        let mut stats = bed.ledger.stats().await.unwrap();
        stats.documents.sort();
        assert_eq!(stats.documents, [("ready".to_owned(), 1), ("waiting".to_owned(), 1)]);
        assert_eq!(
            (stats.events_waiting, stats.oldest_event, stats.oldest_document),
            (1, Some(NOW), Some(NOW))
        );
        let lease = bed.lease("a").await;
        bed.register(&lease, document, "1").await;
        assert_eq!(bed.ledger.stats().await.unwrap().documents, [("waiting".to_owned(), 1)]);
    })
    .await;
}
