//! From a payment to the buyer's mailbox and the shop's endpoint, through the programs as they run, with a mail server
//! and a shop on sockets.

mod hook_faults;
mod hooks;
mod letters;
mod mail_faults;
mod outages;
mod phone;
mod read;

use std::time::Duration;

use ledger::settings::{Settings, ShopWebhook};
use ledger::sheet::MailSettings;
use reqwest::Method;
use sandbox::mailbox::Mailbox;
use serde_json::json;
use tests::bed::{Endpoint, Placed, Shop, TestBed, short_times};
use tests::db::Database;
use worker::WorkerTimes;

const SECRET: &str = "whsec_ZmlzY2FsLXNlY3JldC1vZi10aGUtZmxvd2VyLXNob3A=";
const HOUR: Duration = Duration::from_secs(3_600);

/// A shop that tells its buyers and is told itself, and everything around it.
struct World {
    bed: TestBed,
    mailbox: Mailbox,
    endpoint: Endpoint,
    shop: Shop,
}

/// A busy machine must not look like a mail server that is silent: what is waited for is longer than in other tests.
fn times() -> WorkerTimes {
    WorkerTimes {
        lease: Duration::from_secs(6),
        deliver_timeout: Duration::from_secs(4),
        ..short_times()
    }
}

fn mail(settings: &mut Settings, change: impl FnOnce(&mut MailSettings)) {
    let mut mail = MailSettings {
        mail_buyers: true,
        ..MailSettings::default()
    };
    change(&mut mail);
    settings.mail = vec![(settings.merchants[0].id.clone(), mail)];
}

impl World {
    async fn new(database: Database) -> Self {
        Self::with(TestBed::start(database).await, |_| {}).await
    }

    /// In a world that was made already; `change` may change how the shop is declared.
    async fn with(mut bed: TestBed, change: impl FnOnce(&mut Settings)) -> Self {
        let (mailbox, endpoint) = (bed.start_mailbox().await, bed.start_shop().await);
        let url = endpoint.url.clone();
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                let merchant = settings.merchants[0].id.clone();
                settings.shop_webhooks.push(ShopWebhook::new(merchant, url, SECRET));
                change(settings);
            })
            .await;
        bed.start_ingress().await;
        let worker = bed.start_worker(times()).await;
        bed.keep(worker);
        Self {
            bed,
            mailbox,
            endpoint,
            shop,
        }
    }

    /// Tells who buys.
    async fn tell(&self, order: &str, buyer: serde_json::Value) {
        let body = json!({
            "basket": [{ "name": "Тюльпани «Ґанок»", "price": "100.00", "quantity": 1 }],
            "buyer": buyer,
        });
        let path = format!("/v1/orders/{order}");
        let answer = self.bed.api(&self.shop, Method::PUT, &path, body).await;
        assert_eq!(answer.verdict(), "200", "{}", answer.body);
    }

    /// A sale of 100 hryvnias to `{order}@mail.example`.
    async fn sell(&self, order: &str) -> Placed {
        self.tell(order, json!({ "email": to(order) })).await;
        self.bed.sell(&self.shop, order, 10_000).await
    }

    /// What became of the tries of an order's only message on a channel: `["mail_unclear", "taken"]`.
    async fn outcomes(&self, order: &str, channel: &str) -> Vec<String> {
        let messages = self.bed.messages_of(order, channel).await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        let tries = self.bed.tries(&messages[0]).await;
        tries.into_iter().map(|made| made.outcome).collect()
    }
}

fn to(order: &str) -> String {
    format!("{order}@mail.example")
}
