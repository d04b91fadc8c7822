use std::time::Duration;

use domain::document::Kind;
use domain::money::Kopecks;
use ledger::shifts::NewCash;

use super::goods::{YESTERDAY, by_card, order};
use super::until_compared;
use crate::bed::{Shop, TestBed};

/// A day that is over: cash in the drawer, a sale every two hours, one return, and the shift closed itself.
pub(super) async fn live(bed: &TestBed, flowers: &Shop) {
    let float = Kopecks::from_minor(100_000).expect("an amount");
    bed.ledger
        .plan_cash(
            &NewCash {
                merchant: &flowers.merchant,
                register: &flowers.register,
                kind: Kind::CashIn,
                key: "morning",
                amount: float,
            },
            "the accountant",
            bed.now(),
        )
        .await
        .expect("cash is put in");
    bed.ledger
        .look_soon(&flowers.register)
        .await
        .expect("the ledger answers");
    for (number, sale) in YESTERDAY.iter().enumerate() {
        let placed = bed.place_with(flowers, by_card(order(sale.id, sale.kopecks, sale.lines), sale.card));
        bed.fondy.pay(&placed.at_gateway).expect("the order can be paid");
        bed.until(&placed, &["sale registered"]).await;
        if number == 1 {
            bed.give_back(&placed, 10_500);
            bed.until(&placed, &["sale registered", "return registered"]).await;
        }
        bed.later(Duration::from_secs(2 * 3600 + 7 * 60));
    }
    // It is past five; the shift is to be closed at ten.
    bed.later(Duration::from_secs(5 * 3600));
    until_compared(bed, flowers).await;
    // And the next morning.
    bed.later(Duration::from_secs(10 * 3600 + 1800));
}
