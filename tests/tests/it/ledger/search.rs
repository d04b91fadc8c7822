use std::collections::BTreeSet;
use std::time::Duration;

use domain::document::{Kind, Presence, Registration};
use domain::hold::HoldReason;
use ledger::fiscalization::Fiscalization;
use ledger::orders::{Buyer, OrderUpdate};
use ledger::people::Reach;
use ledger::search::OrderFilter;
use ledger::tape::{Due, Outcome};

use super::bed::{Bed, MINUTE, NOW, kopecks, merchant, on_each, order, register_id, registration, sale, till};
use super::shelf::{
    add_bakery, all_pages, baked, flowers_only, found, looking_for, sold_at, sold_by_card, strangers, wide,
};

async fn put(bed: &Bed, id: &str, email: Option<&str>) {
    let update = OrderUpdate {
        basket: None,
        description: None,
        buyer: email.map(|email| Buyer {
            email: Some(email.to_owned()),
            ..Buyer::default()
        }),
        ..OrderUpdate::default()
    };
    bed.ledger
        .put_order(&merchant(), &order(id), &update, NOW)
        .await
        .unwrap();
}

#[tokio::test]
async fn one_box_finds_an_order_by_whatever_is_at_hand() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        put(&bed, "A-1", Some("Buyer@Shop.example")).await;
        let document = sold_by_card(&bed, "A-1", 26_750, "444455XXXXXX1111").await;
        sold_by_card(&bed, "B-2", 5_000, "444455XXXXXX2222").await;
        sold_by_card(&bed, "C-3", 7_000, "4444****").await;
        baked(&bed, "D-4", 26_700).await;
        let lease = bed.lease("a").await;
        bed.register(&lease, document, "9000000106").await;
        let internal = bed
            .ledger
            .document_card(&Reach::Everything, document)
            .await
            .unwrap()
            .and_then(|card| card.order_id);
        let (document, internal) = (document.to_string(), internal.unwrap());
        for text in [
            "A-1",
            " A-1 ",
            "9000000106",
            "1111",
            "**** 1111",
            "buyer@shop.example",
            "BUYER@shop.example",
            "267.50",
            "267,50",
            &document,
            &internal,
        ] {
            for reach in wide().iter().chain([&flowers_only()]) {
                assert_eq!(found(&bed, reach, &looking_for(text)).await, ["A-1"], "{text}");
            }
            for stranger in strangers() {
                assert_eq!(found(&bed, &stranger, &looking_for(text)).await, [""; 0], "{text}");
            }
        }
        for text in [
            "A",
            "a-1",
            "9000000",
            "3333",
            "****",
            "shop.example",
            "267.51",
            "%",
            "A-1'",
            "a\0b",
        ] {
            assert_eq!(
                found(&bed, &Reach::Everything, &looking_for(text)).await,
                [""; 0],
                "{text}"
            );
        }
        let row = all_pages(&bed, &flowers_only(), &looking_for("A-1"), 10)
            .await
            .remove(0);
        assert_eq!(
            (row.sums.sold.minor(), row.sums.returned.minor(), row.status),
            (26_750, 0, Fiscalization::Registered)
        );
        assert_eq!(row.masked_email.as_deref(), Some("b***@shop.example"));
        assert_eq!(row.fiscal_number.as_deref(), Some("9000000106"));
        assert_eq!(row.registers, ["flowers-1"]);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_may_be_several_things_finds_all_of_them_once() {
    on_each(async |bed| {
        sold_at(&bed, "1111", 100, NOW).await;
        sold_by_card(&bed, "A-2", 111_100, "444455XXXXXX1111").await;
        sold_by_card(&bed, "A-3", 100, "444455XXXXXX1111").await;
        sold_at(&bed, "A-4", 111_100, NOW).await;
        let found: BTreeSet<String> = found(&bed, &flowers_only(), &looking_for("1111"))
            .await
            .into_iter()
            .collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1111", "A-2", "A-3", "A-4"]);
        assert_eq!(
            all_pages(&bed, &Reach::Everything, &looking_for("1111"), 1).await.len(),
            4
        );
    })
    .await;
}

#[tokio::test]
async fn an_email_is_found_as_last_told() {
    on_each(async |bed| {
        put(&bed, "A-1", Some("first@shop.example")).await;
        put(&bed, "A-1", None).await;
        let by = async |email: &str| found(&bed, &flowers_only(), &looking_for(email)).await.len();
        assert_eq!(by("first@shop.example").await, 1, "nothing was said of the buyer");
        put(&bed, "A-1", Some("second@shop.example")).await;
        assert_eq!(
            (by("first@shop.example").await, by("second@shop.example").await),
            (0, 1)
        );
    })
    .await;
}

/// One order in each status, named by it.
async fn one_of_each(bed: &Bed) {
    let lease = bed.lease("a").await;
    let number = |place: u32| format!("90000{place}");
    put(bed, "no_payment", None).await;
    let registered = bed.sale("registered", 100).await;
    bed.register(&lease, registered, &number(1)).await;
    for (order, amount, first) in [("partly_refunded", 40, 2), ("refunded", 100, 4)] {
        let sale = bed.sale(order, 100).await;
        bed.register(&lease, sale, &number(first)).await;
        let back = bed.refund(order, amount).await;
        let intent = super::bed::intent(Kind::Return, Some(super::bed::receipt(amount)));
        assert!(
            bed.ledger
                .begin_sending(&lease, back, &intent, MINUTE, NOW)
                .await
                .unwrap()
        );
        let outcome = Outcome::Registered(registration(&number(first + 1)));
        assert!(bed.finish(&lease, back, Due::Sending, &outcome).await);
    }
    let offline = bed.sale("offline", 100).await;
    assert!(bed.begin(&lease, offline).await);
    let outcome = Outcome::Registered(Registration {
        presence: Presence::Offline,
        ..registration(&number(9))
    });
    assert!(bed.finish(&lease, offline, Due::Sending, &outcome).await);
    bed.held("held", sale(100), HoldReason::BasketMismatch).await;
    let closed = bed.held("closed", sale(100), HoldReason::ForeignCurrency).await;
    let done = bed
        .ledger
        .close_hold(&Reach::Everything, closed, "вручну", "olena", NOW)
        .await;
    assert_eq!(done.unwrap(), ledger::close_hold::Closed::Done { refunds: 0 });
    bed.refund("waiting", 10).await;
    let doubt = bed.sale("in_doubt", 100).await;
    assert!(bed.begin(&lease, doubt).await);
    assert!(bed.finish(&lease, doubt, Due::Sending, &super::bed::doubt(NOW)).await);
    bed.sale("under_way", 100).await;
}

#[tokio::test]
async fn each_status_lists_its_orders_and_no_other() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        one_of_each(&bed).await;
        for status in Fiscalization::ALL {
            let filter = OrderFilter {
                status: Some(status),
                ..OrderFilter::default()
            };
            for reach in wide().iter().chain([&flowers_only()]) {
                assert_eq!(found(&bed, reach, &filter).await, [status.as_str()], "{reach:?}");
            }
            for stranger in strangers() {
                assert_eq!(found(&bed, &stranger, &filter).await, [""; 0]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn filters_work_alone_and_together() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        one_of_each(&bed).await;
        baked(&bed, "bread", 40).await;
        let narrow = |change: fn(&mut OrderFilter)| {
            let mut filter = OrderFilter::default();
            change(&mut filter);
            filter
        };
        for (filter, expected) in [
            (
                narrow(|filter| filter.kind = Some(Kind::Return)),
                "partly_refunded refunded waiting",
            ),
            (narrow(|filter| filter.kind = Some(Kind::Storno)), ""),
            (narrow(|filter| filter.kind = Some(Kind::CashIn)), ""),
            (
                narrow(|filter| filter.amount = Some(kopecks(40))),
                "bread partly_refunded",
            ),
            (
                narrow(|filter| filter.register = Some(register_id("bakery-1"))),
                "bread",
            ),
            (narrow(|filter| filter.register = Some(register_id("flowers-2"))), ""),
            (narrow(|filter| filter.merchant = Some(super::shelf::bakery())), "bread"),
            (
                narrow(|filter| {
                    filter.register = Some(till());
                    filter.kind = Some(Kind::Return);
                    filter.status = Some(Fiscalization::Refunded);
                }),
                "refunded",
            ),
            (
                narrow(|filter| {
                    filter.amount = Some(kopecks(40));
                    filter.merchant = Some(merchant());
                }),
                "partly_refunded",
            ),
            (
                narrow(|filter| {
                    filter.text = "held".to_owned();
                    filter.status = Some(Fiscalization::Registered);
                }),
                "",
            ),
        ] {
            for reach in wide() {
                let mut found = found(&bed, &reach, &filter).await;
                found.sort();
                assert_eq!(found.join(" "), expected);
            }
        }
        let other = narrow(|filter| filter.merchant = Some(super::shelf::bakery()));
        assert_eq!(
            found(&bed, &flowers_only(), &other).await,
            [""; 0],
            "naming it does not widen"
        );
    })
    .await;
}

#[tokio::test]
async fn a_span_of_time_begins_with_its_first_moment_and_ends_before_its_last() {
    on_each(async |bed| {
        let hour = Duration::from_secs(3_600);
        for (place, id) in ["first", "second", "third"].into_iter().enumerate() {
            sold_at(&bed, id, 100, NOW.plus(hour * u32::try_from(place).unwrap())).await;
        }
        let span = |from: Option<u32>, to: Option<u32>| OrderFilter {
            from: from.map(|hours| NOW.plus(hour * hours)),
            to: to.map(|hours| NOW.plus(hour * hours)),
            ..OrderFilter::default()
        };
        for (filter, expected) in [
            (span(None, None), "third second first"),
            (span(Some(1), None), "third second"),
            (span(None, Some(1)), "first"),
            (span(Some(1), Some(2)), "second"),
            (span(Some(3), None), ""),
        ] {
            assert_eq!(found(&bed, &flowers_only(), &filter).await.join(" "), expected);
            let by_amount = OrderFilter {
                amount: Some(kopecks(100)),
                ..filter
            };
            assert_eq!(found(&bed, &Reach::Everything, &by_amount).await.join(" "), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn paging_leaves_nothing_out_and_shows_nothing_twice_while_orders_come_in() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let at = |second: u64| NOW.plus(Duration::from_secs(second));
        for number in 0..43_u64 {
            sold_at(&bed, &format!("A-{number}"), 100, at(number)).await;
        }
        baked(&bed, "bread", 100).await;
        let expected: Vec<String> = (0..43).rev().map(|number| format!("A-{number}")).collect();
        for (round, filter) in [
            OrderFilter::default(),
            looking_for("1.00"),
            OrderFilter {
                status: Some(Fiscalization::UnderWay),
                ..OrderFilter::default()
            },
            OrderFilter {
                register: Some(till()),
                kind: Some(Kind::Sale),
                ..OrderFilter::default()
            },
        ]
        .into_iter()
        .enumerate()
        {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = bed
                    .ledger
                    .search_orders(&flowers_only(), &filter, after.as_deref(), 10)
                    .await
                    .unwrap();
                seen.extend(page.rows.into_iter().map(|row| row.external_id));
                if page.next.is_none() {
                    break;
                }
                after = page.next;
                let number = seen.len();
                let late = format!("late-{number}-{round}");
                sold_at(&bed, &late, 100, at(100 + u64::try_from(number).unwrap())).await;
            }
            seen.retain(|id| !id.starts_with("late"));
            assert_eq!(seen, expected);
        }
        let elsewhere = bed
            .ledger
            .search_orders(&flowers_only(), &OrderFilter::default(), Some("\0"), 10)
            .await;
        assert_eq!(elsewhere.unwrap().rows.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_page_with_little_that_fits_is_short_and_goes_on() {
    on_each(async |bed| {
        sold_at(&bed, "old", 100, NOW).await;
        let later = NOW.plus(MINUTE);
        let update = OrderUpdate {
            basket: None,
            description: None,
            buyer: None,
            ..OrderUpdate::default()
        };
        for batch in 0..18 {
            super::opening::futures(30, async |number| {
                let id = order(&format!("{batch}-{number}"));
                bed.ledger.put_order(&merchant(), &id, &update, later).await.unwrap();
            })
            .await;
        }
        let sales = OrderFilter {
            kind: Some(Kind::Sale),
            ..OrderFilter::default()
        };
        let first = bed
            .ledger
            .search_orders(&flowers_only(), &sales, None, 10)
            .await
            .unwrap();
        assert_eq!(
            first.rows.len(),
            0,
            "it looks at some, and does not read the whole shop"
        );
        let second = bed
            .ledger
            .search_orders(&flowers_only(), &sales, first.next.as_deref(), 10)
            .await
            .unwrap();
        assert_eq!((second.rows.len(), second.next), (1, None));
    })
    .await;
}
