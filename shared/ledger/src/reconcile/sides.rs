//! What we know of orders, a page at a time, beside what the payment system will say.

use std::collections::{BTreeMap, HashMap};

use domain::event::Fact;
use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::reconcile::{Made, Money, Place};
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use crate::{Ledger, LedgerError, json, plan, sql};

/// An order as named by both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id in the ledger; `None`: nothing was planned for it yet.
    pub order: Option<String>,
    /// The shop's id.
    pub external: ExternalOrderId,
}

/// What we know of an order.
#[derive(Clone, Debug)]
pub struct OrderSides {
    /// Which.
    pub known: Known,
    /// What this source's messages told of its money.
    pub told: Option<Money>,
    /// Refunds the shop told of by itself.
    pub refunded_elsewhere: Kopecks,
    /// Its receipts, those that people linked to it included.
    pub made: Vec<Made>,
    /// Parts of it that get no receipt.
    pub apart: Money,
    /// A held receipt of it that can be sent again.
    pub resendable: Option<String>,
    /// This source's messages told of it.
    pub ours: bool,
    /// Only others told of its money: another source, or the shop itself.
    pub others: bool,
}

impl OrderSides {
    fn new(known: Known) -> Self {
        Self {
            known,
            told: None,
            refunded_elsewhere: Kopecks::ZERO,
            made: Vec::new(),
            apart: Money::default(),
            resendable: None,
            ours: false,
            others: false,
        }
    }

    /// What is on the tape: sales, and what came back.
    pub fn on_tape(&self) -> (Kopecks, Kopecks) {
        let sum = |refund: bool| {
            let made = self.made.iter().filter(|made| made.refund == refund);
            Kopecks::sum(made.filter(|made| made.place == Place::OnTape).map(|made| made.amount))
                .unwrap_or(Kopecks::MAX)
        };
        (sum(false), sum(true))
    }
}

const WHAT: &str = "read orders to be compared";

impl Ledger {
    /// Orders first heard of in a time, by id; the last one's id is where the next page begins.
    pub async fn orders_between(
        &self,
        merchant: &MerchantId,
        from: UnixMillis,
        to: UnixMillis,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Known>, LedgerError> {
        let first = sql::first_id_at(from);
        let rows = sql::query(
            &self.db,
            WHAT,
            "SELECT id, external_id FROM orders WHERE merchant_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4",
            [
                merchant.as_str().into(),
                after.max(first.as_str()).into(),
                sql::first_id_at(to).into(),
                i64::from(limit).into(),
            ],
        )
        .await?;
        rows.iter().map(known).collect()
    }

    /// Earlier orders with a document that came onto the tape in a time, and where the next page begins.
    pub async fn orders_touched_between(
        &self,
        merchant: &MerchantId,
        from: UnixMillis,
        to: UnixMillis,
        after: &str,
        limit: u32,
    ) -> Result<(Vec<Known>, Option<String>), LedgerError> {
        let (done_at, document) = after.split_once(' ').unwrap_or(("0", ""));
        let rows = sql::query(
            &self.db,
            WHAT,
            "SELECT documents.id AS document, done_at, orders.id AS id, orders.external_id AS external_id
             FROM documents JOIN orders ON orders.id = documents.order_id
             WHERE documents.merchant_id = $1 AND done_at >= $2 AND done_at < $3 AND documents.order_id < $4
               AND (done_at, documents.id) > ($5, $6)
             ORDER BY done_at, documents.id LIMIT $7",
            [
                merchant.as_str().into(),
                from.0.into(),
                to.0.into(),
                sql::first_id_at(from).into(),
                done_at.parse::<i64>().unwrap_or(0).into(),
                document.into(),
                i64::from(limit).into(),
            ],
        )
        .await?;
        let next = match rows.last() {
            None => None,
            Some(row) => {
                let done_at: i64 = sql::get(row, "done_at")?;
                Some(format!("{done_at} {}", sql::get::<String>(row, "document")?))
            }
        };
        let mut orders: Vec<Known> = rows.iter().map(known).collect::<Result<_, _>>()?;
        orders.sort_by(|one, other| one.order.cmp(&other.order));
        orders.dedup();
        Ok((orders, next))
    }

    /// Orders with a receipt that is not made yet, whenever they began; by id.
    pub async fn open_orders(&self, merchant: &MerchantId, after: &str, limit: u32) -> Result<Vec<Known>, LedgerError> {
        let rows = sql::query(
            &self.db,
            WHAT,
            "SELECT orders.id AS id, orders.external_id AS external_id FROM orders WHERE orders.id IN (
                 SELECT order_id FROM documents WHERE merchant_id = $1 AND order_id > $2 AND order_id IS NOT NULL
                   AND state IN ('waiting', 'ready', 'sending', 'in_doubt', 'pending', 'held')
                 ORDER BY order_id LIMIT $3)
             ORDER BY orders.id",
            [merchant.as_str().into(), after.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter().map(known).collect()
    }

    /// Orders by the shop's ids; those nobody has heard of have no id of ours.
    pub async fn orders_named(
        &self,
        merchant: &MerchantId,
        externals: &[ExternalOrderId],
    ) -> Result<Vec<Known>, LedgerError> {
        let keys: Vec<String> = externals
            .iter()
            .map(|external| sql::digest(external.as_str().as_bytes()))
            .collect();
        let is_in = sql::is_in(self.backend(), "external_key", "$2");
        let statement = format!("SELECT id, external_id FROM orders WHERE merchant_id = $1 AND {is_in}");
        let values = [merchant.as_str().into(), json::write(&keys).into()];
        let rows = sql::query(&self.db, WHAT, &statement, values).await?;
        let mut ids: HashMap<String, String> = rows
            .iter()
            .map(|row| Ok((sql::get(row, "external_id")?, sql::get(row, "id")?)))
            .collect::<Result<_, LedgerError>>()?;
        Ok(externals
            .iter()
            .map(|external| Known {
                order: ids.remove(external.as_str()),
                external: external.clone(),
            })
            .collect())
    }

    /// Messages of a source that wait to be planned since before a time, by id: the order and the id.
    pub async fn unplanned_of(
        &self,
        source: &SourceId,
        before: UnixMillis,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, ExternalOrderId)>, LedgerError> {
        let rows = sql::query(
            &self.db,
            WHAT,
            "SELECT id, external_id FROM events
             WHERE state = 'new' AND source_id = $1 AND received_at < $2 AND id > $3 ORDER BY id LIMIT $4",
            [
                source.as_str().into(),
                before.0.into(),
                after.into(),
                i64::from(limit).into(),
            ],
        )
        .await?;
        rows.iter()
            .map(|row| Ok((sql::get(row, "id")?, external(row)?)))
            .collect()
    }

    /// What we know of these orders, in their order. Three questions, however many they are.
    pub async fn sides(&self, source: &SourceId, orders: Vec<Known>) -> Result<Vec<OrderSides>, LedgerError> {
        let ids: Vec<&str> = orders.iter().filter_map(|known| known.order.as_deref()).collect();
        let ids = json::write(&ids);
        let mut found: HashMap<String, OrderSides> = HashMap::new();
        for known in &orders {
            if let Some(id) = &known.order {
                found.insert(id.clone(), OrderSides::new(known.clone()));
            }
        }
        self.read_events(source, &ids, &mut found).await?;
        self.read_documents(&ids, &mut found).await?;
        self.read_linked(&ids, &mut found).await?;
        self.read_apart(&ids, &mut found).await?;
        Ok(orders
            .into_iter()
            .map(|known| {
                let sides = known.order.as_ref().and_then(|id| found.get(id).cloned());
                sides.unwrap_or_else(|| OrderSides::new(known))
            })
            .collect())
    }

    async fn read_events(
        &self,
        source: &SourceId,
        ids: &str,
        found: &mut HashMap<String, OrderSides>,
    ) -> Result<(), LedgerError> {
        let is_in = sql::is_in(self.backend(), "order_id", "$1");
        let statement = format!("SELECT order_id, source_id, event FROM events WHERE order_id IS NOT NULL AND {is_in}");
        let rows = sql::query(&self.db, WHAT, &statement, [ids.into()]).await?;
        let mut payments: HashMap<String, BTreeMap<Option<String>, Money>> = HashMap::new();
        for row in &rows {
            let order: String = sql::get(row, "order_id")?;
            let Some(sides) = found.get_mut(&order) else { continue };
            let from: Option<String> = sql::get(row, "source_id")?;
            let ours = from.as_deref() == Some(source.as_str());
            let event = json::read_event(&sql::get::<String>(row, "event")?, "events.event")?;
            sides.ours |= ours;
            match event.fact {
                Fact::Money {
                    paid, refunded_total, ..
                } if ours => {
                    let money = payments.entry(order).or_default().entry(event.payment_id).or_default();
                    money.paid = money.paid.max(paid);
                    money.refunded = money.refunded.max(refunded_total);
                }
                Fact::Money { .. } => sides.others = true,
                Fact::Refund { amount, .. } => {
                    sides.refunded_elsewhere = sides.refunded_elsewhere.checked_add(amount).unwrap_or(Kopecks::MAX);
                }
                Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } | Fact::Settlement { .. } => {}
            }
        }
        for (order, payments) in payments {
            if let Some(sides) = found.get_mut(&order) {
                let sum = |of: fn(&Money) -> Kopecks| Kopecks::sum(payments.values().map(of)).unwrap_or(Kopecks::MAX);
                sides.told = Some(Money {
                    paid: sum(|money| money.paid),
                    refunded: sum(|money| money.refunded),
                });
            }
        }
        Ok(())
    }

    async fn read_documents(&self, ids: &str, found: &mut HashMap<String, OrderSides>) -> Result<(), LedgerError> {
        let is_in = sql::is_in(self.backend(), "order_id", "$1");
        let statement = format!(
            "SELECT id, order_id, kind, state, amount, hold_reason, created_at FROM documents
             WHERE order_id IS NOT NULL AND {is_in}"
        );
        let rows = sql::query(&self.db, WHAT, &statement, [ids.into()]).await?;
        for row in &rows {
            let order: String = sql::get(row, "order_id")?;
            let Some(sides) = found.get_mut(&order) else { continue };
            let held: Option<String> = sql::get(row, "hold_reason")?;
            let held = held.as_deref().map(plan::hold_reason).transpose()?;
            let state: String = sql::get(row, "state")?;
            let place = match (state.as_str(), held) {
                ("registered", _) => Place::OnTape,
                ("closed", _) => Place::Settled,
                ("held", Some(reason)) => {
                    if reason.can_be_resent() {
                        sides.resendable = Some(sql::get(row, "id")?);
                    }
                    Place::Held(reason)
                }
                _ => Place::UnderWay(UnixMillis(sql::get(row, "created_at")?)),
            };
            sides.made.push(Made {
                refund: plan::kind(&sql::get::<String>(row, "kind")?)?.is_refund(),
                amount: plan::kopecks(sql::get(row, "amount")?, "documents.amount")?,
                place,
            });
        }
        Ok(())
    }

    async fn read_apart(&self, ids: &str, found: &mut HashMap<String, OrderSides>) -> Result<(), LedgerError> {
        let is_in = sql::is_in(self.backend(), "order_id", "$1");
        let statement = format!(
            "SELECT order_id, CAST(sum(amount) AS BIGINT) AS paid, CAST(sum(refunded) AS BIGINT) AS refunded FROM order_parts
             WHERE no_receipt IS NOT NULL AND {is_in} GROUP BY order_id"
        );
        let rows = sql::query(&self.db, WHAT, &statement, [ids.into()]).await?;
        for row in &rows {
            let order: String = sql::get(row, "order_id")?;
            let Some(sides) = found.get_mut(&order) else { continue };
            sides.apart = Money {
                paid: plan::kopecks(sql::get(row, "paid")?, "order_parts.amount")?,
                refunded: plan::kopecks(sql::get(row, "refunded")?, "order_parts.refunded")?,
            };
        }
        Ok(())
    }

    async fn read_linked(&self, ids: &str, found: &mut HashMap<String, OrderSides>) -> Result<(), LedgerError> {
        let is_in = sql::is_in(self.backend(), "linked.order_id", "$1");
        // What gives a linked document back counts with it.
        let statement = format!(
            "SELECT linked.order_id AS order_id, linked.kind AS kind, linked.amount AS amount
             FROM strange_documents AS linked WHERE linked.order_id IS NOT NULL AND {is_in}
             UNION ALL
             SELECT linked.order_id AS order_id, back.kind AS kind,
                 CASE WHEN back.kind = 'storno' THEN linked.amount ELSE back.amount END AS amount
             FROM strange_documents AS linked JOIN strange_documents AS back
                 ON back.register_id = linked.register_id AND back.of_number = linked.fiscal_number
             WHERE back.order_id IS NULL AND linked.order_id IS NOT NULL AND {is_in}"
        );
        let rows = sql::query(&self.db, WHAT, &statement, [ids.into()]).await?;
        for row in &rows {
            let order: String = sql::get(row, "order_id")?;
            let Some(sides) = found.get_mut(&order) else { continue };
            let kind: String = sql::get(row, "kind")?;
            let amount: Option<i64> = sql::get(row, "amount")?;
            sides.made.push(Made {
                refund: matches!(kind.as_str(), "return" | "storno"),
                amount: plan::kopecks(amount.unwrap_or(0), "strange_documents.amount")?,
                place: Place::OnTape,
            });
        }
        Ok(())
    }
}

fn known(row: &QueryResult) -> Result<Known, LedgerError> {
    Ok(Known {
        order: Some(sql::get(row, "id")?),
        external: external(row)?,
    })
}

fn external(row: &QueryResult) -> Result<ExternalOrderId, LedgerError> {
    ExternalOrderId::parse(&sql::get::<String>(row, "external_id")?).map_err(|_| LedgerError::UnknownValue {
        column: "orders.external_id",
    })
}
