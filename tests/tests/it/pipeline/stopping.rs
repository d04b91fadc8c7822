use std::time::Duration;

use sandbox::cashalot::{Fault, FaultKind};
use tests::bed::{PATIENCE, TestBed, on_each, short_times};
use tests::eventually;

#[tokio::test]
async fn a_worker_told_to_stop_finishes_the_call_in_hand() {
    on_each(async |database| {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let worker = bed.start_worker(short_times()).await;
        bed.sell(&shop, "A-0", 100).await;
        let slow = FaultKind::SlowAnswer {
            by: Duration::from_millis(700),
        };
        bed.cashalot.inject(Fault::once(slow).on_command("RegisterCheck"));
        let first = bed.pay(&shop, "A-1", 10_000);
        eventually(PATIENCE, async || bed.receipts(&shop).len() == 2).await;
        assert_eq!(bed.states(&first).await, ["sale sending"], "its answer is on its way");
        let second = bed.pay(&shop, "A-2", 20_000);
        worker.stop().await;
        // Nobody works any more: what is registered now was registered by the one that stopped.
        assert_eq!(bed.states(&first).await, ["sale registered"]);
        let asked = bed.cashalot.requests(shop.number);
        let sent = asked.iter().filter(|asked| asked.command == "RegisterCheck").count();
        assert_eq!(sent, 2, "nothing was sent after the call in hand: {asked:?}");
        assert_eq!(bed.documents(&first).await[0].attempts, 1);
        let next = bed.start_worker(short_times()).await;
        bed.until(&second, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 100.00", "sale 200.00"]);
        next.stop().await;
    })
    .await;
}

#[tokio::test]
async fn callbacks_taken_before_a_stop_are_done_after_it() {
    on_each(async |database| {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let orders: Vec<_> = (1..=20)
            .map(|number| bed.pay(&shop, &format!("A-{number}"), 100 + number))
            .collect();
        eventually(PATIENCE, async || bed.fondy.waiting_callbacks() == 0).await;
        assert_eq!(bed.tape(&shop).await, [""; 0], "nobody works yet");
        // Two workers at once, one of them cut off in the middle.
        let one = bed.start_worker(short_times()).await;
        let two = bed.start_worker(short_times()).await;
        eventually(PATIENCE, async || bed.receipts(&shop).len() > 3).await;
        drop(one);
        for order in &orders {
            bed.until(order, &["sale registered"]).await;
        }
        assert_eq!(bed.tape(&shop).await.len(), 20);
        two.stop().await;
    })
    .await;
}
