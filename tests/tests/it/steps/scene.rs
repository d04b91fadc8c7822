//! The three things that are done to every step: a sale, a storno, a return.

use ingress::Parts;
use ledger::settings::Provider;
use ledger::views::DocumentView;
use sandbox::fondy::SignedCallback;
use tests::bed::{Placed, Shop, TestBed};

use super::life::Life;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A payment.
    Sale,
    /// A full refund right after the sale.
    Storno,
    /// A part of an older sale goes back.
    Return,
}

/// A deed and the provider at whose register it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    pub deed: Deed,
    pub at: Provider,
}

impl Scene {
    pub const SALE: Self = Self::of(Deed::Sale);
    pub const STORNO: Self = Self::of(Deed::Storno);
    pub const RETURN: Self = Self::of(Deed::Return);

    const fn of(deed: Deed) -> Self {
        Self {
            deed,
            at: Provider::Cashalot,
        }
    }

    pub const fn at(self, at: Provider) -> Self {
        Self { at, ..self }
    }
}

impl std::fmt::Debug for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}", self.deed, self.at.name())
    }
}

pub const EACH: [Scene; 3] = [Scene::SALE, Scene::STORNO, Scene::RETURN];

/// What a return's sale was worth, so that many returns fit.
const OLD_SALE: u64 = 9_000_000;

/// A world in which one scene is played again and again on one register.
pub struct Stage {
    pub bed: TestBed,
    pub shop: Shop,
    parts: Parts,
    scene: Scene,
    old: Option<Placed>,
    played: u64,
}

/// A callback that is about to come, and what the tape must gain by it.
pub struct Act {
    pub callback: SignedCallback,
    pub order: Placed,
    gain: String,
    tape_before: Vec<String>,
    pub documents_before: usize,
}

impl Act {
    pub fn receipts_before(&self) -> usize {
        self.tape_before.len()
    }
}

impl Stage {
    pub async fn new(database: tests::db::Database, scene: Scene) -> Self {
        let bed = TestBed::start(database).await;
        let shop = bed
            .open_shop_at(scene.at, "flowers", 4_000_999_001, |settings| {
                // One outside call more that can fail.
                settings.sources[0].confirm = true;
            })
            .await;
        let parts = Parts {
            ledger: bed.ledger.clone(),
            doorbell: bed.doorbell(),
        };
        let mut stage = Self {
            bed,
            parts,
            shop,
            scene,
            old: None,
            played: 0,
        };
        if scene.deed == Deed::Return {
            stage.old = Some(stage.sell("older", OLD_SALE).await);
            stage.sell("newer", 100).await;
        }
        stage
    }

    /// A process that nobody will kill.
    pub fn calm_life(&self) -> Life {
        Life::calm(&self.parts, &self.shop)
    }

    /// A process with connections of its own.
    pub async fn life(&self) -> Life {
        Life::begin(&self.bed, &self.shop).await
    }

    /// Prepares the next act: everything before the callback in question is done in peace.
    pub async fn next(&mut self) -> Act {
        self.played += 1;
        let number = self.played;
        let name = format!("order-{number}");
        let amount = 10_000 + number;
        let can = self.scene.at.capabilities();
        let (order, gain) = match self.scene.deed {
            Deed::Sale => (
                self.bed.pay(&self.shop, &name, amount),
                format!("sale {}", hryvnias(amount)),
            ),
            Deed::Storno => {
                let order = self.sell(&name, amount).await;
                let place = self.bed.tape(&self.shop).await.len();
                self.bed.give_all_back(&order);
                let gain = if can.storno {
                    format!("storno of {place}")
                } else {
                    format!("return {}", hryvnias(amount))
                };
                (order, gain)
            }
            Deed::Return => {
                let order = self.old.clone().unwrap();
                self.bed.give_back(&order, 100 + number);
                // Only where the protocol says of which sale.
                let of = if can.storno { " of 1" } else { "" };
                (order, format!("return {}{of}", hryvnias(100 + number)))
            }
        };
        Act {
            callback: self.bed.fondy.callback_for(&order.at_gateway).unwrap(),
            gain,
            tape_before: self.bed.tape(&self.shop).await,
            documents_before: self.bed.documents(&order).await.len(),
            order,
        }
    }

    /// The tape gained exactly the one document, and the ledger knows it as registered.
    pub async fn check(&self, act: &Act, what: &str) {
        let mut expected = act.tape_before.clone();
        expected.push(act.gain.clone());
        assert_eq!(self.bed.tape(&self.shop).await, expected, "{what}");
        let documents = self.bed.documents(&act.order).await;
        let states: Vec<&str> = documents.iter().map(|document| document.state.as_str()).collect();
        assert!(states.iter().all(|state| *state == "registered"), "{what}: {states:?}");
        assert_eq!(documents.len(), act.documents_before + 1, "{what}: {states:?}");
        if self.scene.deed == Deed::Storno && self.scene.at.capabilities().storno {
            let storned = self.shop.till.papers().into_iter().rev().nth(1).unwrap().storned;
            assert!(storned, "{what}: the sale is cancelled");
        }
    }

    /// Why the ledger is not at rest, for a panic message.
    pub async fn story(&self, act: &Act) -> String {
        let documents: Vec<DocumentView> = self.bed.documents(&act.order).await;
        let mut story = String::new();
        for document in documents.iter().filter(|document| document.state != "registered") {
            story.push_str(&format!("{document:?}\n"));
            for attempt in self.bed.attempts(document).await {
                story.push_str(&format!(
                    "  {} {} {:?}\n",
                    attempt.command, attempt.outcome, attempt.code
                ));
            }
        }
        story
    }

    async fn sell(&self, name: &str, amount: u64) -> Placed {
        let order = self.bed.pay(&self.shop, name, amount);
        let callback = self.bed.fondy.callback_for(&order.at_gateway).unwrap();
        self.calm_life().whole(callback).await;
        assert_eq!(self.bed.states(&order).await, ["sale registered"], "{name}");
        order
    }
}

fn hryvnias(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
