//! Plays the load: buyers pay, shops tell of orders and of their own payments and refunds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::time::UnixMillis;
use reqwest::{Method, StatusCode};
use sandbox::fondy::{Fault, NewOrder, OrderRef, Refusal, Version};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::cast::Till;
use super::load::{Lines, Order, Payment, Refund, Way};
use super::world::World;

/// Buyers and shops.
#[derive(Clone)]
pub struct Shop {
    http: reqwest::Client,
    world: Arc<World>,
    accepted: Arc<Mutex<Vec<Accepted>>>,
}

/// An API event that was answered 2xx: from here on Kasyr owes its document.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    /// Of which order.
    pub order: u32,
    /// A refund, not a payment.
    pub refund: bool,
    /// Kopecks.
    pub amount: u64,
    /// Meant to be refused a receipt.
    pub too_much: bool,
    /// When the first 2xx was read.
    pub at: UnixMillis,
}

/// A request that was not accepted is made again after this, as a shop would.
const AGAIN: Duration = Duration::from_millis(200);
/// Nothing in this world is away for so long.
const PATIENCE: Duration = Duration::from_secs(120);

impl Shop {
    /// Nobody has bought anything yet.
    pub fn new(world: Arc<World>) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self {
            http,
            world,
            accepted: Arc::default(),
        })
    }

    /// Plays all orders, each at its time; comes back when the last step of the last one is done.
    pub async fn play(&self, orders: Vec<Order>) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut playing = JoinSet::new();
        for order in orders {
            tokio::time::sleep_until(start + order.at).await;
            let shop = self.clone();
            playing.spawn(async move {
                let played = shop.play_one(&order).await;
                played.with_context(|| format!("order {}", order.id()))
            });
            while let Some(played) = playing.try_join_next() {
                played??;
            }
        }
        while let Some(played) = playing.join_next().await {
            played??;
        }
        Ok(())
    }

    /// The API events accepted so far.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn play_one(&self, order: &Order) -> anyhow::Result<()> {
        let till = self.world.tills.get(order.register).context("the order's register")?;
        if matches!(order.lines, Lines::Shop | Lines::WrongShop) {
            self.put_order(order, till).await?;
        }
        match order.way {
            Way::Fondy(payment) => self.buy(order, till, payment).await,
            Way::Api => self.tell(order, till).await,
        }
    }

    async fn put_order(&self, order: &Order, till: &Till) -> anyhow::Result<()> {
        let url = format!("http://{}/v1/orders/{}", self.world.ingress_addr, order.id());
        let body = json!({ "description": format!("Замовлення {}", order.id()), "basket": basket(order, till), "buyer": { "email": buyer(&order.id()) } });
        self.request(Method::PUT, &url, till, None, &body).await
    }

    /// Through the payment system.
    async fn buy(&self, order: &Order, till: &Till, payment: Payment) -> anyhow::Result<()> {
        let payments = &self.world.payments;
        let callback = format!("http://{}/callbacks/{}", self.world.ingress_addr, till.source);
        let key = payments
            .create_order(NewOrder {
                merchant_id: till.gateway,
                order_id: order.id(),
                amount: order.amount,
                order_desc: "Хаос".to_owned(),
                callback_url: Some(callback),
                version: version(order),
                reservation_data: matches!(order.lines, Lines::Payment | Lines::WrongPayment)
                    .then(|| reservation(order)),
                preauth: payment == Payment::Captured,
                sender_email: buyer(&order.id()),
                ..NewOrder::default()
            })
            .map_err(refused)?;
        if payment == Payment::Declined {
            return payments.decline(&key).map(drop).map_err(refused);
        }
        let early = order.refunds.iter().any(|refund| refund.early);
        if early {
            // Its news is overtaken by the refund's, or lost the first time.
            let fault = if order.number.is_multiple_of(2) {
                Fault::Reorder
            } else {
                Fault::Drop
            };
            payments.inject(&key, fault).map_err(refused)?;
        }
        payments.pay(&key).map_err(refused)?;
        if payment == Payment::Captured {
            tokio::time::sleep(Duration::from_millis(300)).await;
            payments.capture(&key, order.amount).map_err(refused)?;
        }
        self.give_back(order, &key).await
    }

    async fn give_back(&self, order: &Order, key: &OrderRef) -> anyhow::Result<()> {
        let start = Instant::now();
        for refund in &order.refunds {
            if !refund.early {
                tokio::time::sleep_until(start + refund.after).await;
            }
            self.world.payments.reverse(key, refund.amount).map_err(refused)?;
        }
        Ok(())
    }

    /// Through the API.
    async fn tell(&self, order: &Order, till: &Till) -> anyhow::Result<()> {
        for (index, refund) in order.refunds.iter().enumerate().filter(|(_, refund)| refund.early) {
            self.tell_refund(order, till, index, refund).await?;
            tokio::time::sleep(refund.after).await;
        }
        let mut body = json!({
            "type": "payment",
            "order_id": order.id(),
            "amount": hryvnias(order.amount),
            "currency": "UAH",
            "register": till.register.as_str(),
            "means": { "system": "Готівкова пошта", "masked_card": "444455XXXXXX1111" },
        });
        if matches!(order.lines, Lines::Payment | Lines::WrongPayment) {
            body["basket"] = basket(order, till);
        }
        self.post_event(order, till, "payment", &body).await?;
        self.keep(order, false, order.amount, false);
        if order.repeated {
            self.post_event(order, till, "payment", &body).await?;
        }
        let start = Instant::now();
        for (index, refund) in order.refunds.iter().enumerate().filter(|(_, refund)| !refund.early) {
            tokio::time::sleep_until(start + refund.after).await;
            self.tell_refund(order, till, index, refund).await?;
        }
        Ok(())
    }

    async fn tell_refund(&self, order: &Order, till: &Till, index: usize, refund: &Refund) -> anyhow::Result<()> {
        let body = json!({
            "type": "refund",
            "order_id": order.id(),
            "amount": hryvnias(refund.amount),
            "currency": "UAH",
            "register": till.register.as_str(),
        });
        let key = format!("refund-{index}");
        self.post_event(order, till, &key, &body).await?;
        self.keep(order, true, refund.amount, refund.too_much);
        if order.repeated {
            self.post_event(order, till, &key, &body).await?;
        }
        Ok(())
    }

    fn keep(&self, order: &Order, refund: bool, amount: u64, too_much: bool) {
        let accepted = Accepted {
            order: order.number,
            refund,
            amount,
            too_much,
            at: ledger::wall_clock(),
        };
        self.accepted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(accepted);
    }

    async fn post_event(&self, order: &Order, till: &Till, what: &str, body: &Value) -> anyhow::Result<()> {
        let url = format!("http://{}/v1/events", self.world.ingress_addr);
        let key = format!("{}/{what}", order.id());
        self.request(Method::POST, &url, till, Some(&key), body).await
    }

    /// Again and again until it is accepted; an answer that no repetition changes is an error.
    async fn request(
        &self,
        method: Method,
        url: &str,
        till: &Till,
        key: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<()> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let mut request = self
                .http
                .request(method.clone(), url)
                .bearer_auth(&till.api_key)
                .json(body);
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
            match request.send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                }
                Ok(answer) => {
                    let status = answer.status();
                    bail!(
                        "{url} was answered {status}: {}",
                        answer.text().await.unwrap_or_default()
                    );
                }
                Err(error) if Instant::now() > give_up => return Err(error.into()),
                Err(_) => {}
            }
            if Instant::now() > give_up {
                bail!("{url} was not accepted within {PATIENCE:?}");
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// Every order has a buyer of its own, so that a letter to a wrong one is seen.
pub fn buyer(order: &str) -> String {
    format!("{order}@buyers.example")
}

/// Two lines that name their order; together what is paid, unless they are meant to be wrong.
fn prices(order: &Order) -> [u64; 2] {
    let worth = if order.lines.are_wrong() {
        order.amount + 1
    } else {
        order.amount
    };
    [worth / 3, worth - worth / 3]
}

fn basket(order: &Order, till: &Till) -> Value {
    let [first, second] = prices(order);
    let line = |name: &str, price: u64| json!({ "name": format!("{name} {}", order.id()), "price": hryvnias(price), "quantity": "1" });
    let mut lines = [line("Чай", first), line("Кава", second)];
    if till.vat {
        lines[1]["vat"] = "Б".into();
    }
    lines.to_vec().into()
}

/// As the payment system wants a basket (`fondy.md` §9).
fn reservation(order: &Order) -> String {
    let [first, second] = prices(order);
    let line = |id: u32, name: &str, price: u64| {
        let price = hryvnias(price);
        format!(
            r#"{{"id":{id},"name":"{name} {}","price":{price},"total_amount":{price},"quantity":1}}"#,
            order.id()
        )
    };
    STANDARD.encode(format!(
        r#"{{"products":[{},{}]}}"#,
        line(1, "Чай", first),
        line(2, "Кава", second)
    ))
}

/// All protocols in turn. Protocol 1.0 carries no basket, so a wrong one would go unnoticed.
fn version(order: &Order) -> Version {
    match order.number % 3 {
        0 if order.lines != Lines::WrongPayment => Version::V1_0,
        1 => Version::V1_0_1,
        _ => Version::V2_0,
    }
}

fn hryvnias(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("the payment system refused: {refusal:?}")
}
