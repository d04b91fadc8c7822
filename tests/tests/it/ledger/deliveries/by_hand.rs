//! What people ask for.

use domain::document::{Kind, Presence};
use ledger::audit::AuditFilter;
use ledger::deliveries::{Channel, Which};

use super::super::bed::on_each;
use super::super::shelf::{bakery_only, flowers_only, strangers};
use super::*;

/// Sends everything that is due on the usual endpoint; which news, in order.
async fn deliver(bed: &Bed, now: UnixMillis) -> Vec<String> {
    let lane = hook_lane(bed).await;
    let lease = take(bed, &lane, "worker").await;
    let mut told = Vec::new();
    while let Batch::Send(due) = begin(bed, &lease, now).await {
        let done: Vec<_> = due.iter().map(|message| settled(message, Delivered::Done)).collect();
        told.extend(
            due.iter()
                .map(|message| format!("{} {}", message.document, message.news.as_str())),
        );
        assert!(settle(bed, &lease, &done, &LaneHealth::Good, now).await);
    }
    bed.ledger.release_lane(&lease).await.unwrap();
    told
}

#[tokio::test]
async fn what_was_taken_goes_again_as_copies_in_the_same_order() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        let now = NOW.plus(HOUR * 3);
        let first = sold_offline(&bed, "A-1", NOW).await;
        let second = sold(&bed, "A-2", NOW.plus(HOUR * 2)).await;
        let lane = hook_lane(&bed).await;
        assert_eq!(deliver(&bed, now).await.len(), 3);
        let made = |from, before| Which::Made(from, before);
        // A-2 was made at two o'clock, and a span does not have its end.
        let span = made(NOW, NOW.plus(HOUR * 2));
        for round in 1..=2u64 {
            let count = bed
                .ledger
                .send_lane_again(&flowers_only(), &lane, span, "olena", now)
                .await
                .unwrap();
            assert_eq!(count, Some(2), "copies are not copied");
            let told = deliver(&bed, now).await;
            assert_eq!(
                told,
                [format!("{first} registered"), format!("{first} delivered")],
                "round {round}"
            );
        }
        let span = made(NOW.plus(HOUR * 2), NOW.plus(HOUR * 2).plus(MINUTE));
        let count = bed
            .ledger
            .send_lane_again(&flowers_only(), &lane, span, "olena", now)
            .await
            .unwrap();
        assert_eq!(count, Some(1));
        assert_eq!(deliver(&bed, now).await, [format!("{second} registered")]);
        assert_eq!(
            bed.ledger
                .send_lane_again(&bakery_only(), &lane, span, "eve", now)
                .await
                .unwrap(),
            None
        );
        let audit = bed
            .ledger
            .audit_log(&Reach::Everything, &AuditFilter::default(), None, 50)
            .await
            .unwrap();
        let deeds = audit.iter().filter(|row| row.action == "deliveries_sent_again");
        assert_eq!(deeds.count(), 3);
    })
    .await;
}

#[tokio::test]
async fn one_document_is_sent_again_as_often_as_a_person_asks() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        tell(&bed, "A-1", olena(), NOW).await;
        let sold = sold(&bed, "A-1", NOW).await;
        let again = async |reach: &Reach, id, channel| {
            let asked = bed
                .ledger
                .send_document_again(reach, id, channel, "olena", NOW.plus(HOUR))
                .await;
            asked.unwrap().map(|lanes| lanes.len())
        };
        for _ in 0..2 {
            for channel in Channel::ALL {
                assert_eq!(again(&flowers_only(), sold, channel).await, Some(1), "{channel:?}");
            }
        }
        let mut copies: Vec<u64> = messages(&bed)
            .await
            .iter()
            .filter(|row| row.channel == "mail")
            .map(|row| row.copy)
            .collect();
        copies.sort_unstable();
        assert_eq!(copies, [0, 1, 2]);
        for stranger in strangers() {
            assert_eq!(again(&stranger, sold, Channel::Mail).await, None);
        }
        let ready = bed.sale("A-2", 100).await;
        assert_eq!(
            again(&flowers_only(), ready, Channel::Webhook).await,
            None,
            "it is not on the tape"
        );
        let refund = bed.refund("A-1", 40).await;
        registered(&bed, refund, Kind::Return, Presence::Online, NOW)
            .await
            .unwrap();
        assert_eq!(
            again(&flowers_only(), refund, Channel::Phone).await,
            Some(0),
            "only sales go to phones"
        );
    })
    .await;
}

/// A person who asks for a copy has seen that the first one is held.
#[tokio::test]
async fn a_copy_passes_a_held_message() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        let document = sold(&bed, "A-1", NOW).await;
        let lane = hook_lane(&bed).await;
        let lease = take(&bed, &lane, "a").await;
        let sent = due(&bed, &lease, NOW).await;
        let held = settled(&sent[0], Delivered::Held("gone".to_owned()));
        assert!(settle(&bed, &lease, &[held], &LaneHealth::Good, NOW).await);
        let asked = bed
            .ledger
            .send_document_again(&Reach::Everything, document, Channel::Webhook, "olena", NOW)
            .await;
        assert_eq!(asked.unwrap().unwrap(), std::slice::from_ref(&lane));
        let sent = due(&bed, &lease, NOW).await;
        assert_eq!(sent.iter().map(|message| message.copy).collect::<Vec<_>>(), [1]);
    })
    .await;
}

#[tokio::test]
async fn messages_of_others_are_not_there() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        sold(&bed, "A-1", NOW).await;
        deliver(&bed, NOW).await;
        let id = messages(&bed).await.remove(0).id;
        let seen = async |reach: &Reach| {
            let lanes = bed.ledger.lanes(reach, None, 10).await.unwrap().rows.len();
            let filter = DeliveryFilter::default();
            let listed = bed
                .ledger
                .list_deliveries(reach, &filter, None, 10)
                .await
                .unwrap()
                .rows
                .len();
            (
                lanes,
                listed,
                bed.ledger.delivery_tries(reach, &id).await.unwrap().len(),
            )
        };
        assert_eq!(seen(&flowers_only()).await, (1, 1, 1));
        for stranger in strangers() {
            assert_eq!(seen(&stranger).await, (0, 0, 0), "{stranger:?}");
        }
        assert_eq!(
            bed.ledger.delivery_tries(&Reach::Everything, "\0").await.unwrap().len(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn the_list_goes_page_by_page_and_by_filter() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        let mut documents = Vec::new();
        for number in 0..3u32 {
            let name = format!("A-{number}");
            tell(&bed, &name, buyer(Some("olena@mail.example"), None), NOW).await;
            documents.push(sold(&bed, &name, NOW.plus(MINUTE * number)).await);
        }
        let all = async |filter: DeliveryFilter| {
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let reach = Reach::Everything;
                let page = bed
                    .ledger
                    .list_deliveries(&reach, &filter, after.as_deref(), 2)
                    .await
                    .unwrap();
                rows.extend(page.rows);
                match page.next {
                    None => break rows,
                    next => after = next,
                }
            }
        };
        let everything = all(DeliveryFilter::default()).await;
        let newest_first: Vec<&str> = everything.iter().map(|row| row.order.as_str()).collect();
        assert_eq!(newest_first, ["A-2", "A-2", "A-1", "A-1", "A-0", "A-0"]);
        let of = |lane: Option<&str>, state: Option<&str>, document: Option<String>| DeliveryFilter {
            lane: lane.map(str::to_owned),
            state: state.map(str::to_owned),
            document,
        };
        assert_eq!(all(of(Some("mail:flowers"), None, None)).await.len(), 3);
        assert_eq!(
            all(of(None, Some("due"), Some(documents[1].to_string()))).await.len(),
            2
        );
        assert_eq!(all(of(Some("mail:flowers"), Some("held"), None)).await.len(), 0);
    })
    .await;
}
