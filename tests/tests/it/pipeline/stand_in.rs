//! A register that has not worked for too long: another one stands in for what is new, and only for that.

use std::time::Duration;

use domain::ids::{RegisterId, RegisterNumber};
use ledger::settings::{Provider, StandIn};
use sandbox::cashalot::{Fault, FaultKind};
use sandbox::cashdesk;
use sandbox::till::Till;
use tests::bed::{PATIENCE, Shop, TestBed, on_each, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;

const FIRST: u64 = 4_000_999_001;
const SECOND: u64 = 4_000_999_002;

#[tokio::test]
async fn what_is_new_goes_to_the_other_register_and_what_may_have_been_sent_stays() {
    on_each(async |database: Database| {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        // Whether a register works is as old as its settings.
        let times = WorkerTimes {
            settings_ttl: Duration::ZERO,
            ..short_times()
        };
        let worker = bed.start_worker(times).await;
        bed.keep(worker);
        bed.cashdesk.add_register(sandbox::cashdesk::RegisterSetup::new(SECOND));
        let shop = bed.open_shop("flowers", FIRST, |_| {}).await;
        let other = Shop {
            number: SECOND,
            register: RegisterId::parse("flowers-2").unwrap(),
            provider: Provider::CashDesk,
            till: Till::CashDesk(bed.cashdesk.clone(), SECOND),
            ..shop.clone()
        };
        let mut settings = bed.settings_of(&shop);
        let mut second = bed.settings_of(&other).registers.remove(0);
        second.fiscal_number = RegisterNumber::parse(&SECOND.to_string()).unwrap();
        settings.registers[0].stand_in = Some(StandIn {
            register: second.id.clone(),
            after: Duration::ZERO,
        });
        settings.registers.push(second);
        bed.apply(&settings).await;

        // The first register makes the receipt, and never says so; then nobody answers there at all.
        let away = |kind, times| Fault {
            times,
            ..Fault::once(kind).on_register(FIRST)
        };
        bed.cashalot
            .inject(Fault::once(FaultKind::RegisterThenClose).on_command("RegisterCheck"));
        let lost = bed.pay(&shop, "lost", 10_000);
        eventually(PATIENCE, async || shop.till.papers().len() == 1).await;
        let refused = FaultKind::Http {
            status: 500,
            registers: false,
        };
        bed.cashalot.inject(away(refused, u32::MAX));
        failing(&bed, &shop, true).await;

        let new = bed.pay(&shop, "new", 5_000);
        bed.until(&new, &["sale registered"]).await;
        assert_eq!(bed.documents(&new).await[0].register, "flowers-2");
        assert_eq!(bed.documents(&lost).await[0].register, "flowers-1");

        // Both are down: whoever is no help is not asked to be.
        bed.cashdesk.inject(cashdesk::Fault {
            times: u32::MAX,
            ..cashdesk::Fault::once(cashdesk::FaultKind::Http {
                status: 500,
                registers: false,
            })
        });
        let stuck = bed.pay(&shop, "stuck", 3_000);
        failing(&bed, &other, true).await;
        let waits = bed.pay(&shop, "waits", 4_000);
        bed.until(&waits, &["sale ready"]).await;
        assert_eq!(bed.documents(&waits).await[0].register, "flowers-1");
        bed.cashdesk.clear_faults();
        bed.until(&stuck, &["sale registered"]).await;
        assert_eq!(bed.documents(&stuck).await[0].register, "flowers-2");

        // It works again: what was lost is found there, and what is new is made there.
        bed.cashalot.clear_faults();
        bed.until(&lost, &["sale registered"]).await;
        bed.until(&waits, &["sale registered"]).await;
        failing(&bed, &shop, false).await;
        let later = bed.pay(&shop, "later", 7_000);
        bed.until(&later, &["sale registered"]).await;
        assert_eq!(bed.documents(&later).await[0].register, "flowers-1");

        // Money goes back where it was taken.
        bed.give_back(&new, 2_000);
        bed.until(&new, &["sale registered", "return registered"]).await;
        let of = |shop: &Shop| shop.till.papers().iter().map(|paper| paper.sum).collect::<Vec<_>>();
        assert_eq!(
            (of(&shop), of(&other)),
            (vec![10_000, 4_000, 7_000], vec![5_000, 3_000, 2_000])
        );
    })
    .await;
}

async fn failing(bed: &TestBed, shop: &Shop, expected: bool) {
    eventually(PATIENCE, async || {
        let register = bed.ledger.register(&shop.register).await.unwrap().unwrap();
        if register.failing_since.is_some() == expected {
            Ok(())
        } else {
            Err(format!("{} since {:?}", shop.register, register.failing_since))
        }
    })
    .await;
}
