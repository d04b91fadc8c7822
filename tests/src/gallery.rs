//! A world with something of everything: what the pages are photographed and judged in.
//!
//! It is a Friday afternoon. The flower shop has two days behind it; other merchants have the trouble that
//! would spoil its picture; one has nothing at all, for the pages' empty texts.

mod goods;
mod messages;
mod pages;
mod places;
mod scenes;
mod today;
mod tour;
mod troubles;
mod yesterday;

use std::time::Duration;

use domain::ids::MerchantId;
use domain::receipt::MismatchPolicy;
use ledger::settings::{Merchant, Settings, ShopWebhook};
use worker::WorkerTimes;
use worker::backoff::Schedule;

pub use pages::{PAGES, Shot, Who};
pub use places::Places;
pub use tour::{View, Ways, faults};

use crate::bed::{PATIENCE, Placed, Shop, TestBed, short_times};
use crate::db::Database;
use crate::eventually;

/// The world and what is worth a look in it.
pub struct Gallery {
    /// Simulators, ingress with the admin pages, a worker.
    pub bed: TestBed,
    /// The flower shop: two days of work, every kind of document and hold.
    pub flowers: Shop,
    /// Its second register, which works offline.
    pub kiosk: Shop,
    /// A register that cannot be reached, with a very long name.
    pub bakery: Shop,
    /// A register whose last receipt is in doubt.
    pub pharmacy: Shop,
    /// A certificate that ends and a Z-report that differs.
    pub workshop: Shop,
    /// A merchant with nothing at all.
    pub empty: MerchantId,
    /// Orders by what became of them.
    pub orders: Orders,
    /// Where things are.
    pub places: Places,
}

/// Orders by what became of them.
pub struct Orders {
    /// Sold; four lines.
    pub sold: Placed,
    /// Sold and cancelled by a storno.
    pub cancelled: Placed,
    /// Sold; two parts were given back.
    pub returned: Placed,
    /// Held: its basket is not worth what was paid.
    pub mismatched: Placed,
    /// Held: the provider refused it; its refund waits.
    pub refused: Placed,
    /// Held: paid in euros, which no rule covers.
    pub strange: Placed,
    /// Sold; a second refund is held, for it is more than is left.
    pub overdrawn: Placed,
    /// Its names are markup.
    pub marked: Placed,
    /// Its names do not end.
    pub long: Placed,
    /// Told by the shop, never paid.
    pub unpaid: Placed,
    /// The buyer's bank declined.
    pub declined: Placed,
    /// The money is held at the payment system.
    pub preauthorised: Placed,
    /// Registered offline, not delivered yet.
    pub offline: Placed,
    /// Waits for its register.
    pub waiting: Placed,
    /// Sent; nobody knows what came of it.
    pub doubtful: Placed,
}

/// A Thursday morning.
const BEGINNING: &str = "2026-11-19T09:05:00+02:00";

impl Gallery {
    /// Lives through the two days.
    pub async fn open() -> Self {
        let mut bed = TestBed::start_at(Database::Sqlite, BEGINNING).await;
        bed.start_ingress_with_admin().await;
        messages::start(&mut bed, times()).await;
        let flowers = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                name(settings, "ФОП Квіткова Олена Іванівна");
                settings.registers[0].close_at = Some("22:00".to_owned());
                messages::settings(settings);
                let webhook = "http://127.0.0.1:9501/fiscal".to_owned();
                settings.shop_webhooks.push(ShopWebhook::new(
                    settings.merchants[0].id.clone(),
                    webhook,
                    "a webhook's secret",
                ));
            })
            .await;
        let kiosk = second_register(&bed, &flowers).await;
        yesterday::live(&bed, &flowers).await;
        let (bakery, waiting) = troubles::bakery(&bed).await;
        let (pharmacy, doubtful) = troubles::pharmacy(&bed).await;
        let workshop = troubles::workshop(&bed).await;
        let day = today::live(&bed, &flowers, &kiosk).await;
        let empty = MerchantId::parse("newcomer").expect("a merchant's id");
        let newcomer = Merchant {
            id: empty.clone(),
            name: "Нова крамниця".to_owned(),
        };
        bed.apply(&Settings {
            merchants: vec![newcomer],
            ..Settings::default()
        })
        .await;
        let orders = day.with(waiting, doubtful);
        messages::until_mail(&bed, &orders.returned, "failed").await;
        let letter = messages::until_mail(&bed, &orders.sold, "done").await;
        let places = Places::of(&bed, &flowers, &workshop, &orders.sold, letter).await;
        Self {
            bed,
            flowers,
            kiosk,
            bakery,
            pharmacy,
            workshop,
            empty,
            orders,
            places,
        }
    }
}

/// Registers are looked at often, for the clock makes leaps here.
fn times() -> WorkerTimes {
    WorkerTimes {
        watch: Duration::from_millis(150),
        watch_soon: Duration::from_millis(60),
        delivery_backoff: Schedule {
            first: Duration::from_millis(50),
            ..short_times().delivery_backoff
        },
        ..short_times()
    }
}

fn name(settings: &mut Settings, name: &str) {
    name.clone_into(&mut settings.merchants[0].name);
}

/// Another register and payment source of the same merchant.
async fn second_register(bed: &TestBed, flowers: &Shop) -> Shop {
    let change = |settings: &mut Settings| {
        settings.merchants.clear();
        settings.api_keys.clear();
        settings.registers[0].merchant = flowers.merchant.clone();
        settings.sources[0].merchant = flowers.merchant.clone();
        settings.sources[0].on_mismatch = MismatchPolicy::Adjust;
    };
    let kiosk = bed.open_shop("kiosk", 4_000_999_002, change).await;
    Shop {
        merchant: flowers.merchant.clone(),
        api_key: flowers.api_key.clone(),
        ..kiosk
    }
}

/// Waits until an alert of this kind about the shop's register is open.
async fn until_alert(bed: &TestBed, shop: &Shop, kind: &str) {
    eventually(PATIENCE, async || {
        let open = bed
            .ledger
            .open_alerts(Some(&shop.merchant))
            .await
            .expect("the ledger answers");
        let kinds: Vec<String> = open.into_iter().map(|alert| alert.kind).collect();
        if kinds.iter().any(|open| open == kind) {
            Ok(())
        } else {
            Err(kinds)
        }
    })
    .await;
}

/// Waits until the newest shift of the shop's register is closed and its report compared.
async fn until_compared(bed: &TestBed, shop: &Shop) {
    eventually(PATIENCE, async || {
        let shifts = bed
            .ledger
            .recent_shifts(&shop.register, 1)
            .await
            .expect("the ledger answers");
        let compared = shifts.first().is_some_and(|shift| shift.compared_at.is_some());
        if compared { Ok(()) } else { Err(shifts) }
    })
    .await;
}
