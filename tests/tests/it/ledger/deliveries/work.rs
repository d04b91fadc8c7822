//! One hand a lane, what it takes, and what becomes of it.

use std::collections::BTreeSet;

use domain::document::{Kind, Presence};
use ledger::deliveries::Which;

use super::super::bed::on_each;
use super::super::opening::futures;
use super::super::shelf::{bakery_only, flowers_only};
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_gets_a_lane_and_the_others_wait_until_its_lease_ends() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        sold(&bed, "A-1", NOW).await;
        let lane = hook_lane(&bed).await;
        let taken = futures(8, async |hand| {
            bed.ledger.take_lane(&lane, &format!("w{hand}"), MINUTE).await
        })
        .await;
        let holders: Vec<LaneLease> = taken.into_iter().filter_map(Result::unwrap).collect();
        let [holder] = &holders[..] else { panic!("{holders:?}") };
        assert_eq!(
            bed.ledger.due_lanes(NOW, None, 10).await.unwrap(),
            [],
            "it is worked on"
        );
        bed.ledger.release_lane(holder).await.unwrap();
        let free = bed.ledger.due_lanes(NOW, None, 10).await.unwrap();
        assert_eq!(free, std::slice::from_ref(&lane));
        let nowhere = LaneId::from_bell("webhook:flowers:0000".to_owned());
        assert!(bed.ledger.take_lane(&nowhere, "w", MINUTE).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_holder_that_was_overtaken_changes_nothing_and_its_message_comes_again_as_unclear() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        sold(&bed, "A-1", NOW).await;
        sold(&bed, "A-2", NOW.plus(MINUTE)).await;
        let lane = hook_lane(&bed).await;
        let zombie = bed.ledger.take_lane(&lane, "a", MINUTE).await.unwrap().unwrap();
        // It sends one message, and its lease is as short as can be.
        let Batch::Send(mine) = bed
            .ledger
            .begin_deliveries(&zombie, 1, Duration::ZERO, NOW)
            .await
            .unwrap()
        else {
            panic!("nothing to send")
        };
        assert_eq!((mine[0].attempts, mine[0].unclear), (1, 0));
        let next = take(&bed, &lane, "b").await;
        let theirs = due(&bed, &next, NOW).await;
        let again = theirs.iter().find(|message| message.id == mine[0].id).unwrap();
        assert_eq!((again.attempts, again.unclear), (2, 1), "under the same id");
        let other = theirs.iter().find(|message| message.id != mine[0].id).unwrap();
        assert_eq!((other.attempts, other.unclear), (1, 0));

        let late = [settled(&mine[0], Delivered::Done)];
        assert!(!settle(&bed, &zombie, &late, &LaneHealth::Good, NOW).await);
        assert!(
            !settle(&bed, &zombie, &[], &trouble(NOW), NOW).await,
            "nor is the lane its to judge"
        );
        assert!(matches!(begin(&bed, &zombie, NOW).await, Batch::Lost));
        bed.ledger.release_lane(&zombie).await.unwrap();
        assert!(bed.ledger.take_lane(&lane, "c", MINUTE).await.unwrap().is_none());

        let done: Vec<_> = theirs.iter().map(|message| settled(message, Delivered::Done)).collect();
        assert!(settle(&bed, &next, &done, &LaneHealth::Good, NOW).await);
        let shown = messages(&bed).await;
        let tries: Vec<(u64, u64, &str)> = shown
            .iter()
            .map(|row| (row.attempts, row.unclear, &*row.state))
            .collect();
        assert_eq!(tries, [(2, 1, "done"), (1, 0, "done")]);
        assert!(matches!(begin(&bed, &next, NOW).await, Batch::Idle));
    })
    .await;
}

#[tokio::test]
async fn a_batch_has_one_message_per_document_oldest_first() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        for number in 0..3u32 {
            sold_offline(&bed, &format!("A-{number}"), NOW.plus(MINUTE * number)).await;
        }
        let lane = hook_lane(&bed).await;
        let now = NOW.plus(HOUR * 2);
        let lease = take(&bed, &lane, "a").await;
        let first = due(&bed, &lease, now).await;
        let news: Vec<&str> = first.iter().map(|message| message.news.as_str()).collect();
        assert_eq!(news, ["registered"; 3]);
        assert!(
            matches!(begin(&bed, &lease, now).await, Batch::Send(again) if again.len() == 3),
            "theirs come first"
        );
        assert!(
            settle(
                &bed,
                &lease,
                &[settled(&first[1], Delivered::Done)],
                &LaneHealth::Good,
                now
            )
            .await
        );
        let second = due(&bed, &lease, now).await;
        let expected: BTreeSet<(String, &str)> = [
            (first[0].document.to_string(), "registered"),
            (first[1].document.to_string(), "delivered"),
            (first[2].document.to_string(), "registered"),
        ]
        .into();
        let got = second
            .iter()
            .map(|message| (message.document.to_string(), message.news.as_str()));
        assert_eq!(got.collect::<BTreeSet<_>>(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_message_waits_alone_and_what_follows_about_its_document_waits_behind_it() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        let document = sold_offline(&bed, "A-1", NOW).await;
        sold(&bed, "A-2", NOW.plus(MINUTE)).await;
        let (lane, now) = (hook_lane(&bed).await, NOW.plus(HOUR * 2));
        let lease = take(&bed, &lane, "a").await;
        let sent = due(&bed, &lease, now).await;
        let of_first = sent.iter().find(|message| message.document == document).unwrap();
        let of_second = sent.iter().find(|message| message.document != document).unwrap();
        let later = now.plus(HOUR);
        let both = [
            settled(of_first, again(later, false)),
            settled(of_second, Delivered::Done),
        ];
        assert!(settle(&bed, &lease, &both, &LaneHealth::Good, now).await);
        sold(&bed, "A-3", now).await;
        let next = due(&bed, &lease, now).await;
        assert_eq!(next.len(), 1, "the lane goes on: {next:?}");
        assert!(
            settle(
                &bed,
                &lease,
                &[settled(&next[0], Delivered::Done)],
                &LaneHealth::Good,
                now
            )
            .await
        );
        let Batch::Rest(until) = begin(&bed, &lease, now).await else {
            panic!("it must rest")
        };
        assert_eq!(until, later, "not earlier for the one that waits behind");
        let first = due(&bed, &lease, later).await;
        assert_eq!((first[0].id.as_str(), first[0].attempts), (of_first.id.as_str(), 2));
    })
    .await;
}

#[tokio::test]
async fn a_lane_in_trouble_rests_and_tells_after_an_hour() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        sold(&bed, "A-1", NOW).await;
        let lane = hook_lane(&bed).await;
        let fail = async |now: UnixMillis| {
            let lease = take(&bed, &lane, "a").await;
            let sent = due(&bed, &lease, now).await;
            assert!(settle(&bed, &lease, &[settled(&sent[0], again(now, true))], &trouble(now), now).await);
            bed.ledger.release_lane(&lease).await.unwrap();
        };
        fail(NOW).await;
        let lease = take(&bed, &lane, "b").await;
        assert_eq!(lease.failures, 1);
        assert!(matches!(begin(&bed, &lease, NOW).await, Batch::Rest(until) if until == NOW.plus(MINUTE)));
        bed.ledger.release_lane(&lease).await.unwrap();
        assert_eq!(bed.ledger.due_lanes(NOW, None, 10).await.unwrap(), []);
        let shown = bed
            .ledger
            .lanes(&Reach::Everything, None, 10)
            .await
            .unwrap()
            .rows
            .remove(0);
        assert_eq!(shown.down_since, Some(NOW));
        assert_eq!(
            (shown.trouble.as_deref(), shown.rests_until),
            (Some("not_reached"), NOW.plus(MINUTE))
        );
        assert_eq!(alerts(&bed, &lane).await, [""; 0]);

        fail(NOW.plus(HOUR)).await;
        assert_eq!(alerts(&bed, &lane).await, ["delivery_trouble warning"]);
        let open = bed.ledger.open_alerts(None).await.unwrap().remove(0);
        let said = format!("{:?} {:?}", open.text, open.next_step);
        assert!(
            said.contains("shop.example") && !said.contains("token"),
            "only the host: {said}"
        );
        fail(NOW.plus(HOUR * 2)).await;
        let open = bed.ledger.open_alerts(None).await.unwrap();
        assert_eq!(open.len(), 1, "one for the lane: {open:?}");

        let now = NOW.plus(HOUR * 3);
        let lease = take(&bed, &lane, "a").await;
        let sent = due(&bed, &lease, now).await;
        assert_eq!((sent[0].attempts, sent[0].unclear), (4, 3));
        assert!(
            settle(
                &bed,
                &lease,
                &[settled(&sent[0], Delivered::Done)],
                &LaneHealth::Good,
                now
            )
            .await
        );
        assert_eq!(alerts(&bed, &lane).await, [""; 0]);
        let shown = bed
            .ledger
            .lanes(&Reach::Everything, None, 10)
            .await
            .unwrap()
            .rows
            .remove(0);
        assert_eq!(
            (shown.down_since, shown.trouble, shown.rests_until),
            (None, None, UnixMillis(0))
        );
        let tries = bed
            .ledger
            .delivery_tries(&Reach::Everything, &sent[0].id)
            .await
            .unwrap();
        assert_eq!(tries.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn after_the_limit_messages_and_what_follows_them_wait_for_a_person() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        // Its second message is young, and still must not pass the first.
        let old = bed.sale("old", 100).await;
        registered(&bed, old, Kind::Sale, Presence::Offline, NOW).await.unwrap();
        let now = NOW.plus(PATIENCE);
        bed.ledger
            .note_delivered(old, None, None, now.minus(HOUR))
            .await
            .unwrap();
        sold(&bed, "young", now.minus(HOUR)).await;
        let lane = hook_lane(&bed).await;
        let lease = take(&bed, &lane, "a").await;
        let sent = due(&bed, &lease, now).await;
        let back: Vec<_> = sent.iter().map(|message| settled(message, again(now, false))).collect();
        assert!(settle(&bed, &lease, &back, &trouble(now), now).await);
        let expected = [
            "old webhook delivered held earlier_held",
            "old webhook registered held not_reached",
            "young webhook registered due endpoint_trouble",
        ];
        assert_eq!(states(&bed).await, expected);
        assert_eq!(alerts(&bed, &lane).await, ["deliveries_held critical"]);
        let shown = bed
            .ledger
            .lanes(&Reach::Everything, None, 10)
            .await
            .unwrap()
            .rows
            .remove(0);
        assert_eq!((shown.due, shown.held), (1, 2));

        // What comes later about the same document is held as well.
        bed.ledger.release_lane(&lease).await.unwrap();
        let stranger = bed
            .ledger
            .send_lane_again(&bakery_only(), &lane, Which::Held, "eve", now)
            .await
            .unwrap();
        assert_eq!(stranger, None);
        assert_eq!(states(&bed).await, expected, "a stranger moved nothing");
        let freed = bed
            .ledger
            .send_lane_again(&flowers_only(), &lane, Which::Held, "olena", now)
            .await
            .unwrap();
        assert_eq!(freed, Some(2));
        assert_eq!(alerts(&bed, &lane).await, [""; 0]);
        let lease = take(&bed, &lane, "b").await;
        let first = due(&bed, &lease, now).await;
        let news: Vec<&str> = first.iter().map(|message| message.news.as_str()).collect();
        assert_eq!(news, ["registered", "registered"], "at once, and still in order");
        assert!(
            first.iter().all(|message| message.due_since >= now.minus(HOUR)),
            "tried for another day: {first:?}"
        );
        let repeated = bed
            .ledger
            .send_lane_again(&flowers_only(), &lane, Which::Held, "olena", now)
            .await
            .unwrap();
        assert_eq!(repeated, Some(0), "safe to repeat");
    })
    .await;
}

#[tokio::test]
async fn a_held_message_holds_what_comes_later_about_its_document_and_nothing_else() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        let document = bed.sale("A-1", 100).await;
        registered(&bed, document, Kind::Sale, Presence::Offline, NOW)
            .await
            .unwrap();
        sold(&bed, "A-2", NOW.plus(MINUTE)).await;
        let lane = hook_lane(&bed).await;
        let lease = take(&bed, &lane, "a").await;
        let sent = due(&bed, &lease, NOW.plus(MINUTE)).await;
        let outcome = |message: &DueDelivery| match message.document == document {
            true => settled(message, Delivered::Held("gone".to_owned())),
            false => settled(message, again(NOW.plus(HOUR), false)),
        };
        let back: Vec<_> = sent.iter().map(outcome).collect();
        assert!(settle(&bed, &lease, &back, &LaneHealth::Good, NOW).await);
        bed.ledger
            .note_delivered(document, None, None, NOW.plus(HOUR))
            .await
            .unwrap();
        let expected = [
            "A-1 webhook delivered held",
            "A-1 webhook registered held gone",
            "A-2 webhook registered due endpoint_trouble",
        ];
        assert_eq!(states(&bed).await, expected);
        // A failed or skipped one is over, and holds nobody.
        let next = due(&bed, &lease, NOW.plus(HOUR)).await;
        assert_eq!(next.len(), 1);
        let failed = settled(&next[0], Delivered::Failed("no_such_address".to_owned()));
        assert!(settle(&bed, &lease, &[failed], &LaneHealth::Unchanged, NOW).await);
        assert!(
            states(&bed)
                .await
                .contains(&"A-2 webhook registered failed no_such_address".to_owned())
        );
        assert_eq!(alerts(&bed, &lane).await, ["deliveries_held critical"]);
    })
    .await;
}

#[tokio::test]
async fn due_lanes_are_found_page_by_page_however_many_messages_they_have() {
    on_each(async |bed| {
        let mut settings = telling();
        settings.mail.clear();
        settings.shop_webhooks = (0..5)
            .map(|number| {
                ShopWebhook::new(
                    merchant(),
                    format!("https://shop{number}.example/"),
                    "sixteen bytes and more",
                )
            })
            .collect();
        bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        for number in 0..3u32 {
            sold(&bed, &format!("A-{number}"), NOW.plus(MINUTE * number)).await;
        }
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = bed.ledger.due_lanes(NOW, after.as_ref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            found.extend(page);
        }
        let mut expected: Vec<LaneId> = messages(&bed).await.into_iter().map(|row| row.lane).collect();
        expected.sort();
        expected.dedup();
        assert_eq!(found, expected);
        assert_eq!(found.len(), 5);
    })
    .await;
}
