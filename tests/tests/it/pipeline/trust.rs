//! What a signature does not protect: the names of fields, and the time a message was sent.

use sandbox::fondy::{ApiFault, Endpoint, Fault, SignedCallback};
use serde_json::Value;
use tests::bed::{Placed, TestBed, on_each};

use super::refunds::place_silent;

/// A refund disguised as a sale: its sum stands under another name, an empty field under the right one. The
/// payer's browser holds such messages, and the signature still fits.
fn disguised(refund: &SignedCallback) -> SignedCallback {
    let mut fields: serde_json::Map<String, Value> = serde_json::from_slice(&refund.body).unwrap();
    let sum = fields.insert("reversal_amount".to_owned(), "".into()).unwrap();
    fields.insert("rn_note".to_owned(), sum);
    SignedCallback {
        content_type: refund.content_type,
        body: Value::Object(fields).to_string().into(),
    }
}

#[tokio::test]
async fn a_message_with_a_renamed_field_is_refused_or_asked_about_before_anything_is_believed() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = place_silent(&bed, &shop, "A-1", 26_750);
        bed.fondy.pay(&order.at_gateway).unwrap();
        // The sheet's A1, for a sale and for a full refund: a mandatory name is missing.
        let renamed = || {
            bed.fondy
                .spoiled_callback_for(&order.at_gateway, Fault::RenamedField)
                .unwrap()
        };
        let refused = bed.post_callback(&shop, renamed()).await;
        assert_eq!(refused.verdict(), "400 missing_field");
        bed.give_back(&order, 12_750);
        let refund = bed.fondy.callback_for(&order.at_gateway).unwrap();
        assert_eq!(bed.post_callback(&shop, renamed()).await.verdict(), "400 missing_field");
        assert!(bed.view(&order).await.is_none(), "nothing was heard of the order");
        // Nothing is missing here, so it is taken, and the status API is asked what it is worth.
        let taken = bed.post_callback(&shop, disguised(&refund)).await;
        assert_eq!(taken.verdict(), "200");
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "return 127.50 of 1"]);
        // The genuine message comes to the same, however late.
        assert_eq!(bed.post_callback(&shop, refund).await.verdict(), "200");
        bed.at_rest().await;
        assert_eq!(bed.documents(&order).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_disguised_message_waits_while_the_payment_system_does_not_say_what_it_is_worth() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = place_silent(&bed, &shop, "A-1", 26_750);
        bed.fondy.pay(&order.at_gateway).unwrap();
        bed.give_back(&order, 12_750);
        let refund = bed.fondy.callback_for(&order.at_gateway).unwrap();
        for _ in 0..2 {
            bed.fondy.fault_next_call(Endpoint::Status, ApiFault::ServerError);
        }
        assert_eq!(bed.post_callback(&shop, disguised(&refund)).await.verdict(), "200");
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "return 127.50 of 1"]);
    })
    .await;
}

/// Every order in which the four could arrive.
fn orders(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    of.iter()
        .flat_map(|first| {
            let rest: Vec<usize> = of.iter().copied().filter(|other| other != first).collect();
            orders(&rest)
                .into_iter()
                .map(move |rest| [&[*first], &rest[..]].concat())
        })
        .collect()
}

/// The sums of what was sold and of what came back, in kopecks, and how many documents say so.
async fn books(bed: &TestBed, order: &Placed) -> (i64, i64, usize) {
    let documents = bed.documents(order).await;
    assert!(
        documents.iter().all(|document| document.state == "registered"),
        "{documents:?}"
    );
    let sum = |sold: bool| {
        let wanted = documents.iter().filter(|document| (document.kind == "sale") == sold);
        wanted.map(|document| document.amount).sum::<i64>()
    };
    (sum(true), sum(false), documents.len())
}

#[tokio::test]
async fn old_messages_in_any_order_and_twice_over_make_one_sale_and_give_back_what_went_back() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let mut placed = Vec::new();
        for (number, arrival) in orders(&[0, 1, 2, 3]).into_iter().enumerate() {
            let order = place_silent(&bed, &shop, &format!("A-{number}"), 26_750);
            bed.fondy.pay(&order.at_gateway).unwrap();
            let mut told = vec![bed.fondy.callback_for(&order.at_gateway).unwrap()];
            for back in [5_000, 7_750, 14_000] {
                bed.give_back(&order, back);
                told.push(bed.fondy.callback_for(&order.at_gateway).unwrap());
            }
            placed.push((order, told, arrival));
        }
        assert_eq!(placed.len(), 24);
        let mut before = Vec::new();
        for round in 0..2 {
            for (_, told, arrival) in &placed {
                for which in arrival {
                    let answer = bed.post_callback(&shop, told[*which].clone()).await;
                    assert_eq!(answer.verdict(), "200", "{arrival:?}");
                }
            }
            bed.at_rest().await;
            let mut now = Vec::new();
            for (order, _, arrival) in &placed {
                let (sold, back, documents) = books(&bed, order).await;
                assert_eq!((sold, back), (26_750, 26_750), "{arrival:?} in round {round}");
                now.push(documents);
            }
            assert!(round == 0 || now == before, "the second time nothing happens");
            before = now;
        }
        let sales = bed.tape(&shop).await;
        let sales = sales.iter().filter(|line| line.starts_with("sale ")).count();
        assert_eq!(sales, 24);
        assert!(bed.ledger.open_alerts(None).await.unwrap().is_empty());
    })
    .await;
}
