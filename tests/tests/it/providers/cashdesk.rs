//! CashDesk: nothing is registered twice, nothing is lost, days are closed and compared.

mod day;
mod lost;
mod told;

use std::time::Duration;

use ledger::settings::{Provider, Settings};
use ledger::shifts::Shift;
use sandbox::cashdesk::{DocKind, Mode, RecordedDocument, RegisterSetup};
use tests::bed::{PATIENCE, Shop, TestBed, on_each, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;

const NUMBER: u64 = 4_000_999_001;
const MORNING: &str = "2026-03-05T10:00:00+02:00";

/// A shop with a register at CashDesk, and everybody at work.
struct Stall {
    bed: TestBed,
    shop: Shop,
}

impl Stall {
    async fn open(database: Database) -> Self {
        Self::with(database, Mode::Cloud, |_| {}).await
    }

    async fn with(database: Database, mode: Mode, change: impl FnOnce(&mut Settings)) -> Self {
        let mut bed = TestBed::start_at(database, MORNING).await;
        bed.start_ingress().await;
        bed.cashdesk.add_register(RegisterSetup {
            mode,
            ..RegisterSetup::new(NUMBER)
        });
        let server = match mode {
            Mode::Cloud => "cloud",
            Mode::SmartConnect => "smartconnect",
        };
        let shop = bed
            .open_shop_at(Provider::CashDesk, "flowers", NUMBER, |settings| {
                let options = &mut settings.registers[0].options;
                options.insert("server".to_owned(), server.to_owned());
                change(settings);
            })
            .await;
        let worker = bed.start_worker(WorkerTimes {
            watch: Duration::from_millis(150),
            watch_soon: Duration::from_millis(60),
            ..short_times()
        });
        let worker = worker.await;
        bed.keep(worker);
        Self { bed, shop }
    }

    /// Everything on the register's tape, in words: `OPEN_SHIFT`, `Z_SALE 267.50`.
    fn tape(&self) -> Vec<String> {
        assert_eq!(self.bed.cashdesk.overlaps(self.shop.number), 0, "one request at a time");
        self.documents().iter().map(words).collect()
    }

    fn documents(&self) -> Vec<RecordedDocument> {
        self.bed.cashdesk.documents(self.shop.number)
    }

    /// How often this was asked of the register.
    fn asked(&self, command: &str) -> usize {
        let requests = self.bed.cashdesk.requests(self.shop.number);
        requests.iter().filter(|request| request.command == command).count()
    }

    /// The register's shifts, newest first, once the newest is compared.
    async fn compared(&self) -> Vec<Shift> {
        eventually(PATIENCE, async || {
            let shifts = self.bed.ledger.recent_shifts(&self.shop.register, 10).await.unwrap();
            let done = shifts.first().is_some_and(|shift| shift.compared_at.is_some());
            if done { Ok(shifts) } else { Err(format!("{shifts:?}")) }
        })
        .await
    }
}

fn words(document: &RecordedDocument) -> String {
    let name = serde_json::to_value(document.kind).unwrap();
    let name = name.as_str().unwrap().to_owned();
    match document.kind {
        DocKind::OpenShift | DocKind::ZReport => name,
        DocKind::Sale | DocKind::Return | DocKind::ServiceInput | DocKind::ServiceOutput => {
            format!(
                "{name} {}.{:02}",
                document.sum_kopecks / 100,
                document.sum_kopecks % 100
            )
        }
    }
}

#[tokio::test]
async fn a_sale_and_its_refunds_become_checks() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        let order = stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        stall.bed.give_back(&order, 1_000);
        stall.bed.until(&order, &["sale registered", "return registered"]).await;
        stall.bed.give_all_back(&order);
        let expected = ["sale registered", "return registered", "return registered"];
        let documents = stall.bed.until(&order, &expected).await;
        assert_eq!(
            stall.tape(),
            ["OPEN_SHIFT", "Z_SALE 267.50", "Z_RETURN 10.00", "Z_RETURN 257.50"]
        );
        let theirs = stall.documents();
        for (ours, theirs) in documents.iter().zip(&theirs[1..]) {
            assert_eq!(ours.fiscal_number.as_deref(), Some(theirs.ordernum.as_str()));
            assert_eq!(ours.local_number, theirs.local_number.map(|number| number as i64));
            assert_eq!(ours.presence.as_deref(), Some("online"));
            assert!(ours.url.as_deref().unwrap().contains(&theirs.ordernum), "{ours:?}");
            assert!(ours.registered_at.as_deref().unwrap().ends_with("+02:00"), "{ours:?}");
            assert_eq!(theirs.cashless_kopecks, theirs.sum_kopecks);
        }
        // One login serves the register, and nobody was asked who did not need to be.
        let logins = stall.bed.cashdesk.requests(0);
        assert_eq!(
            logins
                .iter()
                .filter(|request| request.command == "authenticate")
                .count(),
            1
        );
        assert_eq!(stall.asked("shift/zReport/period"), 0);
    })
    .await;
}
