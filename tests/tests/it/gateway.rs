//! Shops whose receipts the payment system makes by itself: found there, shown, told of and checked; nothing ever goes to
//! a register of ours.

mod changes;
mod checks;
mod cuts;
mod files;
mod found;
mod told;

use std::time::Duration;

use ledger::alerts::AlertView;
use ledger::gateway::{ExpectationView, alert};
use ledger::people::Reach;
use ledger::search::OrderFilter;
use ledger::settings::{ReceiptMaker, Settings};
use ledger::views::DocumentView;
use reqwest::Method;
use sandbox::fondy::Merchant;
use serde_json::Value;
use tests::bed::{Answer, PATIENCE, Placed, Shop, TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;
use worker::gateway::when::LookTimes;

/// A shop whose payment system has a register of its own, and everything around it.
struct World {
    bed: TestBed,
    shop: Shop,
}

impl World {
    async fn new(database: Database) -> Self {
        Self::with(database, short_times()).await
    }

    async fn with(database: Database, times: WorkerTimes) -> Self {
        let mut world = Self::quiet(TestBed::start(database).await, |_| {}).await;
        world.start(times).await;
        world
    }

    /// Without any program.
    async fn quiet(bed: TestBed, change: impl FnOnce(&mut Settings)) -> Self {
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                settings.sources[0].makes_receipts = ReceiptMaker::Gateway;
                change(settings);
            })
            .await;
        bed.fondy.add_merchant(Merchant {
            own_prro: true,
            ..Merchant::new(shop.gateway, shop.gateway_key.as_str())
        });
        Self { bed, shop }
    }

    async fn start(&mut self, times: WorkerTimes) {
        self.bed.start_ingress().await;
        let worker = self.bed.start_worker(times).await;
        self.bed.keep(worker);
    }

    fn pay(&self, id: &str, amount: u64) -> Placed {
        self.bed.pay(&self.shop, id, amount)
    }

    /// What is expected of the payment system for an order; `None`: nobody heard of the order.
    async fn expectation(&self, order: &Placed) -> Option<ExpectationView> {
        let filter = OrderFilter {
            text: order.id.to_string(),
            ..OrderFilter::default()
        };
        let found = self
            .bed
            .ledger
            .search_orders(&Reach::Everything, &filter, None, 2)
            .await;
        let row = found.unwrap().rows.into_iter().next()?;
        let mut expectations = self.bed.ledger.expectations_of(&row.id).await.unwrap();
        assert!(expectations.len() <= 1, "{expectations:?}");
        expectations.pop()
    }

    /// Waits until the order has exactly these documents, all of them the payment system's.
    async fn until(&self, order: &Placed, expected: &[&str]) -> Vec<DocumentView> {
        let documents = self.bed.until(order, expected).await;
        for document in &documents {
            assert_eq!((document.made_by.as_str(), document.register.as_str()), ("gateway", ""));
            assert_eq!(document.register_number.as_deref(), Some("4000000001"));
        }
        documents
    }

    /// The newest alert of this kind, open or closed.
    async fn alert(&self, kind: &str) -> Option<AlertView> {
        let alerts = self.bed.ledger.recent_alerts(None, 100).await.unwrap();
        alerts.into_iter().find(|alert| alert.kind == kind)
    }

    async fn until_alert(&self, kind: &str, fits: impl Fn(&AlertView) -> bool) -> AlertView {
        eventually(PATIENCE, async || {
            let found = self.alert(kind).await;
            found.clone().filter(|alert| fits(alert)).ok_or(found)
        })
        .await
    }

    /// A page or file that needs no key.
    async fn browse(&self, path: &str) -> Answer {
        self.bed.api(&self.shop, Method::GET, path, Value::Null).await
    }

    /// No document of ours, on no register of ours.
    async fn check_register(&self) {
        assert_eq!(self.bed.tape(&self.shop).await, Vec::<String>::new());
        let commands = self.bed.cashalot.documents(self.shop.number);
        assert_eq!(commands.len(), 0, "{commands:?}");
    }
}

/// Told early, so that a test need not wait for an hour.
fn impatient() -> WorkerTimes {
    let millis = Duration::from_millis;
    WorkerTimes {
        gateway: LookTimes {
            first: [20, 40, 60, 80, 100].map(millis),
            then: millis(100),
            warn: millis(150),
            missed: millis(600),
            late: millis(100),
            ..LookTimes::default()
        },
        ..short_times()
    }
}

const fn is_open(alert: &AlertView) -> bool {
    alert.resolved_at.is_none()
}

const fn is_closed(alert: &AlertView) -> bool {
    alert.resolved_at.is_some()
}
