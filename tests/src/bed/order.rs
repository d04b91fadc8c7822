use domain::ids::{DocumentId, ExternalOrderId};
use ledger::views::{AttemptView, DocumentView, OrderView};
use sandbox::fondy::{NewOrder, OrderRef};

use super::{PATIENCE, Shop, TestBed};
use crate::eventually;

/// An order of a shop, at the payment system and with us.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Whose.
    pub shop: Shop,
    /// At the payment system.
    pub at_gateway: OrderRef,
    /// The shop's id.
    pub id: ExternalOrderId,
}

impl TestBed {
    /// Places an order of `amount` kopecks; callbacks go to ingress, if it is started.
    pub fn place(&self, shop: &Shop, id: &str, amount: u64) -> Placed {
        self.place_with(
            shop,
            NewOrder {
                order_id: id.to_owned(),
                amount,
                ..NewOrder::default()
            },
        )
    }

    /// The same with more said; whose it is and where callbacks go is filled in.
    pub fn place_with(&self, shop: &Shop, order: NewOrder) -> Placed {
        let id = ExternalOrderId::parse(&order.order_id).expect("an order's id");
        let order = NewOrder {
            merchant_id: shop.gateway,
            callback_url: self
                .ingress_addr
                .map(|addr| format!("http://{addr}/callbacks/{}", shop.source)),
            ..order
        };
        let at_gateway = self
            .fondy
            .create_order(order)
            .expect("the payment system takes the order");
        Placed {
            shop: shop.clone(),
            at_gateway,
            id,
        }
    }

    /// Places an order and pays it.
    pub fn pay(&self, shop: &Shop, id: &str, amount: u64) -> Placed {
        let order = self.place(shop, id, amount);
        self.fondy.pay(&order.at_gateway).expect("the order can be paid");
        order
    }

    /// Pays an order and waits for its receipt.
    pub async fn sell(&self, shop: &Shop, id: &str, amount: u64) -> Placed {
        let order = self.pay(shop, id, amount);
        self.until(&order, &["sale registered"]).await;
        order
    }

    /// Gives `amount` kopecks back.
    pub fn give_back(&self, order: &Placed, amount: u64) {
        self.fondy.reverse(&order.at_gateway, amount).expect("so much is left");
    }

    /// Gives everything back.
    pub fn give_all_back(&self, order: &Placed) {
        self.fondy.reverse_all(&order.at_gateway).expect("something is left");
    }

    /// The order as the ledger shows it, once it was heard of.
    pub async fn view(&self, order: &Placed) -> Option<OrderView> {
        self.ledger
            .order_view(&order.shop.merchant, &order.id)
            .await
            .expect("the ledger answers")
    }

    /// The order's documents, oldest first.
    pub async fn documents(&self, order: &Placed) -> Vec<DocumentView> {
        self.view(order).await.map(|view| view.documents).unwrap_or_default()
    }

    /// The order's documents in words: `sale registered`, `return held basket_mismatch`.
    pub async fn states(&self, order: &Placed) -> Vec<String> {
        self.documents(order).await.iter().map(words).collect()
    }

    /// Waits until the order has exactly these documents, oldest first; gives them back.
    #[track_caller]
    pub fn until<'a>(
        &'a self,
        order: &'a Placed,
        expected: &'a [&'a str],
    ) -> impl Future<Output = Vec<DocumentView>> + 'a {
        eventually(PATIENCE, async move || {
            let documents = self.documents(order).await;
            let words: Vec<String> = documents.iter().map(words).collect();
            if words == expected {
                return Ok(documents);
            }
            let notes = self.view(order).await.map(|view| view.events);
            Err(format!("{words:?} instead of {expected:?}; events {notes:?}"))
        })
    }

    /// Waits until every event that came is planned and no document is on its way.
    #[track_caller]
    pub fn at_rest(&self) -> impl Future<Output = ()> + '_ {
        let waited = eventually(PATIENCE, async || {
            if self.fondy.open_callbacks() > 0 {
                return Err("callbacks are on their way".to_owned());
            }
            // Planning turns an event into documents: once no event waits, a later look at the
            // documents misses none.
            let waiting = self.ledger.stats().await.expect("the ledger answers").events_waiting;
            let stats = self.ledger.stats().await.expect("the ledger answers");
            let open: i64 = stats
                .documents
                .iter()
                .filter(|(state, _)| state != "held")
                .map(|(_, number)| number)
                .sum();
            if waiting == 0 && open == 0 {
                Ok(())
            } else {
                Err(format!("{stats:?}"))
            }
        });
        async {
            waited.await;
        }
    }

    /// The requests made for a document, as kept.
    pub async fn attempts(&self, document: &DocumentView) -> Vec<AttemptView> {
        let id = DocumentId::parse(&document.id).expect("a document's id");
        let shown = self.ledger.document_view(None, id).await.expect("the ledger answers");
        shown.map(|(_, attempts)| attempts).unwrap_or_default()
    }
}

fn words(document: &DocumentView) -> String {
    let (kind, state) = (&document.kind, &document.state);
    match &document.hold {
        Some((reason, _)) => format!("{kind} {state} {reason}"),
        None => format!("{kind} {state}"),
    }
}
