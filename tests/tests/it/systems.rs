//! LiqPay, WayForPay and monobank from the callback to the receipt: their callbacks and the answers of
//! their status APIs are made here.

mod api;
mod liqpay;
mod monobank;
mod simulated;
mod wayforpay;

use std::net::SocketAddr;
use std::time::Duration;

use domain::ids::{ExternalOrderId, MerchantId};
use ledger::Ledger;
use ledger::settings::SourceKind;
use ledger::views::OrderView;
use tests::bed::{PATIENCE, Shop, TestBed, short_times};
use tests::db::Database;
use tests::eventually;

use self::api::Api;

/// The account of the shop at any of the systems.
const ACCOUNT: &str = "flowers_account";
/// Its key there.
const KEY: &str = "key-of-flowers";

/// A shop whose payments come from another system, with that system's status API.
struct World {
    bed: TestBed,
    shop: Shop,
    api: Api,
    http: reqwest::Client,
}

impl World {
    async fn start(database: Database, kind: SourceKind) -> Self {
        Self::with_limit(database, kind, Duration::from_secs(60)).await
    }

    /// The same where a payment that is not confirmed is given up after so long.
    async fn with_limit(database: Database, kind: SourceKind, confirm_limit: Duration) -> Self {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        let api = Api::start(ACCOUNT, KEY).await;
        let addr: SocketAddr = api.addr;
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                for source in &mut settings.sources {
                    source.kind = kind;
                    source.account = ACCOUNT.to_owned();
                    source.secret = KEY.into();
                    source.api_url = format!("http://{addr}");
                    source.confirm = true;
                }
            })
            .await;
        let mut times = short_times();
        times.confirm_limit = confirm_limit;
        let worker = bed.start_worker(times).await;
        bed.keep(worker);
        Self {
            bed,
            shop,
            api,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Posts a callback; gives back the status and the body.
    async fn post(&self, content_type: &str, x_sign: &str, body: String) -> (u16, String) {
        let addr = self.bed.ingress_addr.unwrap();
        let request = self
            .http
            .post(format!("http://{addr}/callbacks/{}", self.shop.source))
            .header("content-type", content_type)
            .header("x-sign", x_sign)
            .body(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    fn watch(&self) -> Watch<'_> {
        Watch {
            ledger: &self.bed.ledger,
            merchant: &self.shop.merchant,
        }
    }

    async fn order(&self, id: &str) -> Option<OrderView> {
        self.watch().order(id).await
    }

    async fn states(&self, id: &str) -> Vec<String> {
        self.watch().states(id).await
    }

    async fn until(&self, id: &str, expected: &[&str]) {
        self.watch().until(id, expected).await;
    }

    /// Waits until the status API was asked so often.
    async fn until_asked(&self, times: usize) {
        eventually(PATIENCE, async || {
            let asked = self.api.asked();
            if asked >= times {
                Ok(())
            } else {
                Err(format!("asked {asked} times"))
            }
        })
        .await;
    }

    async fn tape(&self) -> Vec<String> {
        self.bed.at_rest().await;
        self.bed.tape(&self.shop).await
    }
}

/// A merchant's orders in the ledger.
struct Watch<'a> {
    ledger: &'a Ledger,
    merchant: &'a MerchantId,
}

impl Watch<'_> {
    async fn order(&self, id: &str) -> Option<OrderView> {
        let id = ExternalOrderId::parse(id).unwrap();
        self.ledger.order_view(self.merchant, &id).await.unwrap()
    }

    /// `sale registered`, `sale held not_confirmed`, oldest first.
    async fn states(&self, id: &str) -> Vec<String> {
        let documents = self.order(id).await.map(|order| order.documents).unwrap_or_default();
        let words = documents.iter().map(|document| match &document.hold {
            Some((reason, _)) => format!("{} {} {reason}", document.kind, document.state),
            None => format!("{} {}", document.kind, document.state),
        });
        words.collect()
    }

    /// Waits until the order has exactly these documents.
    async fn until(&self, id: &str, expected: &[&str]) {
        eventually(PATIENCE, async || {
            let states = self.states(id).await;
            let notes = self.order(id).await.map(|order| order.events);
            if states == expected {
                return Ok(());
            }
            Err(format!("{id}: {states:?} instead of {expected:?}; {notes:?}"))
        })
        .await;
    }
}
