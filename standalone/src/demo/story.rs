//! What happens in the demo, scene by scene.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::ExternalOrderId;
use ledger::actions::Ask;
use ledger::views::DocumentView;
use sandbox::fondy::{NewOrder, OrderRef};

use super::counter::Counter;
use super::show;
use super::world::World;

/// A scene that has been played: what was expected of it and what came.
pub(super) struct Scene {
    pub title: &'static str,
    pub document: DocumentView,
    pub took: Duration,
}

pub(super) struct Story<'a> {
    world: &'a World,
    counter: &'a Counter,
    scenes: Vec<Scene>,
}

/// How long a document may take before the demo gives up.
const PATIENCE: Duration = Duration::from_secs(20);

impl<'a> Story<'a> {
    pub fn new(world: &'a World, counter: &'a Counter) -> Self {
        Self {
            world,
            counter,
            scenes: Vec::new(),
        }
    }

    pub fn scenes(&self) -> &[Scene] {
        &self.scenes
    }

    pub async fn tell(&mut self) -> anyhow::Result<()> {
        let can = self.counter.provider.capabilities();
        show::scene("A buyer pays 267.50 by card; the shop's basket came with the payment.");
        let first = self.pay("tulips-1001", 26_750, Some(basket())).await?;
        self.wait("a payment becomes a receipt", &first, "sale").await?;

        self.delivered(&first).await?;

        show::scene("The buyer changes their mind at once: all of it goes back.");
        self.world.fondy.reverse_all(&first).map_err(refused)?;
        let (title, kind) = if can.storno {
            ("a full refund right after cancels it (storno)", "storno")
        } else {
            ("a full refund becomes a return", "return")
        };
        self.wait(title, &first, kind).await?;

        show::scene("Two more buyers pay: 450.00 and 120.00.");
        let older = self.pay("roses-1002", 45_000, None).await?;
        self.wait("another payment, described by its order", &older, "sale")
            .await?;
        let newer = self.pay("card-1003", 12_000, None).await?;
        self.wait("and one more", &newer, "sale").await?;

        show::scene("150.00 of the older payment goes back: the receipt of a return.");
        self.world.fondy.reverse(&older, 15_000).map_err(refused)?;
        self.wait("a partial refund of an older sale becomes a return", &older, "return")
            .await?;

        show::scene("The provider gets the next receipt, makes it, and the connection breaks before it can say so.");
        self.counter.till.lose_next_answer();
        let lost = self.pay("lilies-1004", 33_300, None).await?;
        self.wait("a lost answer is asked about, not sent again", &lost, "sale")
            .await?;

        show::scene("The provider is away: its next three answers never come, and nothing is made.");
        self.counter.till.hear_nothing(3);
        let late = self.pay("asters-1005", 20_000, None).await?;
        self.wait("an outage costs time, not the receipt", &late, "sale")
            .await?;

        if can.shifts {
            show::scene("The day ends: the shift is closed, and its Z-report is compared with our documents.");
            self.close().await?;
        }
        Ok(())
    }

    /// Closes the shift and waits until its report was compared.
    async fn close(&self) -> anyhow::Result<()> {
        let (ledger, register) = (&self.world.ledger, &self.counter.register);
        ledger.ask(register, Ask::Close, "", "demo", ledger.now()).await?;
        let started = Instant::now();
        loop {
            let shifts = ledger.recent_shifts(register, 1).await?;
            if let Some(shift) = shifts.first().filter(|shift| shift.compared_at.is_some()) {
                if let Some(difference) = &shift.difference {
                    bail!("the Z-report and our documents differ: {difference}");
                }
                show::closed(shift);
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the shift was not closed and compared within {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the buyer has a mail about the order's first receipt and the shop a signed message.
    async fn delivered(&self, order: &OrderRef) -> anyhow::Result<()> {
        let id = ExternalOrderId::parse(&order.order_id)?;
        let view = self.world.ledger.order_view(&self.world.merchant, &id).await?;
        let number = view
            .and_then(|view| view.documents.first()?.fiscal_number.clone())
            .context("the receipt has a number")?;
        let about = |text: Option<String>| text.is_some_and(|text| text.contains(&number));
        let mail = self.world.mailbox.wait_until(|all| {
            all.iter()
                .any(|message| about(message.decoded().and_then(|decoded| decoded.text)))
        });
        let mail = tokio::time::timeout(PATIENCE, mail).await;
        let mail = mail.context("the buyer got no mail in time")?;
        let told = self.world.shop.wait_until(|all| {
            all.iter()
                .any(|request| String::from_utf8_lossy(&request.body).contains(&number))
        });
        let told = tokio::time::timeout(PATIENCE, told).await;
        let told = told.context("the shop was not told in time")?;
        show::delivered(&mail, &told, &number);
        Ok(())
    }

    /// Orders of one merchant have names of their own, whatever register they go to.
    fn tail(&self) -> String {
        match self.world.counters.len() {
            1 => String::new(),
            _ => format!("-{}", self.counter.provider.as_str()),
        }
    }

    async fn pay(&self, id: &str, amount: u64, reservation_data: Option<String>) -> anyhow::Result<OrderRef> {
        let order = NewOrder {
            merchant_id: self.counter.gateway,
            order_id: format!("{id}{}", self.tail()),
            amount,
            order_desc: "Квіти з доставкою".to_owned(),
            callback_url: Some(self.world.callback_url(self.counter)),
            reservation_data,
            sender_email: "buyer@shop.example".to_owned(),
            ..NewOrder::default()
        };
        let order = self.world.fondy.create_order(order).map_err(refused)?;
        self.world.fondy.pay(&order).map_err(refused)?;
        Ok(order)
    }

    /// Waits until the order has a registered document of this kind, and shows it.
    async fn wait(&mut self, title: &'static str, order: &OrderRef, kind: &str) -> anyhow::Result<()> {
        let started = Instant::now();
        let id = ExternalOrderId::parse(&order.order_id)?;
        loop {
            let view = self.world.ledger.order_view(&self.world.merchant, &id).await?;
            let documents = view.map(|view| view.documents).unwrap_or_default();
            if let Some(document) = documents
                .iter()
                .find(|one| one.kind == kind && one.state == "registered")
            {
                let scene = Scene {
                    title,
                    document: document.clone(),
                    took: started.elapsed(),
                };
                show::document(&scene);
                self.scenes.push(scene);
                return Ok(());
            }
            if let Some((reason, text)) = documents.iter().find_map(|document| document.hold.clone()) {
                bail!("the {kind} of {id} is on hold ({reason}): {text}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the {kind} of {id} was not registered within {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn refused(refusal: sandbox::fondy::Refusal) -> anyhow::Error {
    anyhow::anyhow!("the sandbox's payment system refused: {refusal:?}")
}

/// Two goods worth 267.50, encoded as Fondy wants a basket (`fondy.md` §9).
fn basket() -> String {
    STANDARD.encode(
        r#"{"products":[{"id":1,"name":"Мигдаль смажений","price":700.00,"total_amount":140.00,"quantity":0.2},
        {"id":2,"name":"Кеш’ю очищений","price":850.00,"total_amount":127.50,"quantity":0.15}]}"#,
    )
}
