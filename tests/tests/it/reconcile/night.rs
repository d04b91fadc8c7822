//! A day of lost messages: every tenth never comes, every twentieth a day late, workers die while they compare.
//! After the night every payment has exactly one receipt.

use std::time::Duration;

use ledger::people::Reach;
use tests::bed::{PATIENCE, TestBed, on_each, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;
use worker::reconcile::day_before;

use super::{deliver_late, silent};

const PAYMENTS: u64 = 80;

fn night_times() -> WorkerTimes {
    WorkerTimes {
        reconcile_at: Duration::from_secs(4 * 3600 + 1800),
        lease: Duration::from_millis(2_300),
        ..short_times()
    }
}

#[tokio::test]
async fn after_the_night_every_payment_has_exactly_one_receipt() {
    on_each(async |database: Database| {
        let mut bed = TestBed::start_at(database, "2026-03-05T10:00:00+02:00").await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let mut worker = bed.start_worker(night_times()).await;
        let (mut orders, mut late) = (Vec::new(), Vec::new());
        for number in 0..PAYMENTS {
            let (id, amount) = (format!("o-{number}"), 1_000 + number);
            let order = match number % 20 {
                3 | 13 => silent(&bed, &shop, &id, amount),
                7 => {
                    let order = silent(&bed, &shop, &id, amount);
                    late.push(order.clone());
                    order
                }
                _ => bed.pay(&shop, &id, amount),
            };
            orders.push((order, amount));
        }
        bed.at_rest().await;
        // Some money went back, and of one refund nobody told.
        bed.give_back(&orders[0].0, 500);
        bed.give_back(&orders[3].0, 400);
        bed.at_rest().await;
        bed.reconcile(&shop, false).await;
        let before = bed.found(&shop).await;
        println!("{database}: before the night {before:?}");
        assert_eq!(before.len(), 12, "{before:?}");
        // The night; a worker dies twice while it is at it.
        bed.later(Duration::from_secs(18 * 3600 + 40 * 60));
        let yesterday = day_before(bed.now(), 1).unwrap().name;
        for _ in 0..2 {
            let night = eventually(PATIENCE, async || {
                let runs = bed
                    .ledger
                    .reconciliations(&Reach::Everything, Some(&yesterday), None, None, 10)
                    .await;
                runs.unwrap().rows.into_iter().find(|run| run.nightly)
            })
            .await;
            println!("{database}: the night is at {}", night.stage);
            drop(worker);
            worker = bed.start_worker(night_times()).await;
        }
        let other = bed.start_worker(night_times()).await;
        bed.keep(other);
        let night = format!("night-{yesterday}-{}", shop.source);
        let run = bed.reconciled(&night).await;
        assert_eq!(run.problem, None);
        bed.until_found(&shop, &[]).await;
        println!(
            "{database}: after the night nothing is open; taken in {}",
            run.counts.taken_in
        );
        // A day late their own messages come.
        bed.later(Duration::from_secs(6 * 3600));
        for order in &late {
            deliver_late(&bed, order).await;
        }
        bed.at_rest().await;
        for (order, amount) in &orders {
            let documents = bed.documents(order).await;
            let sales: Vec<_> = documents.iter().filter(|document| document.kind == "sale").collect();
            assert_eq!(sales.len(), 1, "{documents:?}");
            assert_eq!(sales[0].state, "registered");
            assert_eq!(sales[0].amount, i64::try_from(*amount).unwrap());
        }
        let tape = bed.tape(&shop).await;
        let sold = tape.iter().filter(|line| line.starts_with("sale")).count();
        assert_eq!(u64::try_from(sold).unwrap(), PAYMENTS);
        assert_eq!(tape.iter().filter(|line| line.starts_with("return")).count(), 2);
        // One night is one run, whoever planned it.
        let runs = bed
            .ledger
            .reconciliations(&Reach::Everything, Some(&yesterday), None, None, 10)
            .await;
        assert_eq!(runs.unwrap().rows.iter().filter(|run| run.nightly).count(), 1);
        drop(worker);
    })
    .await;
}
