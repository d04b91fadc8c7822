//! Splits: who got which part of an order's payment, what of it came back, and whether a receipt is
//! made of it.

use std::collections::BTreeMap;

use domain::basket::Basket;
use domain::ids::{MerchantId, Receiver, RegisterId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};

use crate::json::{self, BasketJson};
use crate::{Ledger, LedgerError, plan, sql};

/// A receiver as the shop told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldReceiver {
    /// Who.
    pub receiver: Receiver,
    /// How much of the payment.
    pub amount: Kopecks,
    /// What the receiver sells; without it the receiver gets no receipt.
    pub basket: Option<Basket>,
    /// What the payment is for, as the receiver's bank shows it.
    pub description: Option<String>,
}

/// A part of an order that was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPart {
    /// Whose.
    pub receiver: Receiver,
    /// How much.
    pub amount: Kopecks,
    /// Given back of it in all.
    pub refunded: Kopecks,
    /// Where its receipt is, or why there is none.
    pub receipt: PartReceipt,
}

/// What of a part is fiscalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartReceipt {
    /// A receipt of its own on this register.
    On(RegisterId),
    /// None: the receiver has no register here.
    NoRegister,
    /// None: nobody said what the receiver sold.
    NoBasket,
}

impl PartReceipt {
    /// Why there is no receipt, as a stable word.
    pub const fn why_none(&self) -> Option<&'static str> {
        match self {
            Self::On(_) => None,
            Self::NoRegister => Some("no_register"),
            Self::NoBasket => Some("no_basket"),
        }
    }

    /// The register, if there is a receipt.
    pub const fn register(&self) -> Option<&RegisterId> {
        match self {
            Self::On(register) => Some(register),
            Self::NoRegister | Self::NoBasket => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct ToldJson {
    receiver: String,
    amount: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basket: Option<BasketJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

pub(crate) fn write_told(told: &[ToldReceiver]) -> String {
    let json: Vec<ToldJson> = told
        .iter()
        .map(|told| ToldJson {
            receiver: told.receiver.to_string(),
            amount: told.amount.minor(),
            basket: told.basket.as_ref().map(Into::into),
            description: told.description.clone(),
        })
        .collect();
    json::write(&json)
}

pub(crate) fn read_told(text: Option<&str>, column: &'static str) -> Result<Vec<ToldReceiver>, LedgerError> {
    let unknown = || LedgerError::UnknownValue { column };
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    json::read::<Vec<ToldJson>>(text, column)?
        .into_iter()
        .map(|told| {
            Ok(ToldReceiver {
                receiver: Receiver::parse(&told.receiver).map_err(|_| unknown())?,
                amount: Kopecks::from_minor(told.amount).map_err(|_| unknown())?,
                basket: told.basket.map(|basket| json::basket(basket, column)).transpose()?,
                description: told.description,
            })
        })
        .collect()
}

/// An order's parts, in the order of their receivers.
pub(crate) async fn parts_of(db: &impl ConnectionTrait, order: &str) -> Result<Vec<KnownPart>, LedgerError> {
    let rows = sql::query(
        db,
        "read an order's parts",
        "SELECT receiver, amount, refunded, register_id, no_receipt FROM order_parts WHERE order_id = $1
         ORDER BY receiver",
        [order.into()],
    )
    .await?;
    rows.iter().map(part).collect()
}

fn part(row: &QueryResult) -> Result<KnownPart, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let register: Option<String> = sql::get(row, "register_id")?;
    let none: Option<String> = sql::get(row, "no_receipt")?;
    let receipt = match (register, none.as_deref()) {
        (Some(register), None) => {
            PartReceipt::On(RegisterId::parse(&register).map_err(|_| unknown("order_parts.register_id"))?)
        }
        (None, Some("no_register")) => PartReceipt::NoRegister,
        (None, Some("no_basket")) => PartReceipt::NoBasket,
        (_, _) => return Err(unknown("order_parts.no_receipt")),
    };
    Ok(KnownPart {
        receiver: Receiver::parse(&sql::get::<String>(row, "receiver")?)
            .map_err(|_| unknown("order_parts.receiver"))?,
        amount: plan::kopecks(sql::get(row, "amount")?, "order_parts.amount")?,
        refunded: plan::kopecks(sql::get(row, "refunded")?, "order_parts.refunded")?,
        receipt,
    })
}

/// Writes the parts of an order as they are after a plan; the order's row is locked by the caller.
pub(crate) async fn put_parts(
    tx: &DatabaseTransaction,
    order: &str,
    event: &str,
    parts: &[KnownPart],
    now: UnixMillis,
) -> Result<(), LedgerError> {
    for part in parts {
        sql::execute(
            tx,
            "keep an order's part",
            "INSERT INTO order_parts (order_id, receiver, amount, refunded, register_id, no_receipt, event_id,
                 created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
             ON CONFLICT (order_id, receiver) DO UPDATE
             SET refunded = excluded.refunded, register_id = excluded.register_id, no_receipt = excluded.no_receipt,
                 updated_at = excluded.updated_at",
            [
                order.into(),
                part.receiver.as_str().into(),
                plan::minor(part.amount).into(),
                plan::minor(part.refunded).into(),
                part.receipt.register().map(RegisterId::as_str).into(),
                part.receipt.why_none().into(),
                event.into(),
                now.0.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// The shop said who gets what: events that wait for it are tried now, and an order whose parts had no
/// basket is planned again.
pub(crate) async fn receivers_told(tx: &DatabaseTransaction, order: &str) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "wake events that wait for receivers",
        "UPDATE events SET not_before = 0 WHERE order_id = $1 AND state = 'new'",
        [order.into()],
    )
    .await?;
    sql::execute(
        tx,
        "plan a split again",
        "UPDATE events SET state = 'new', not_before = 0, attempts = 0
         WHERE state <> 'new' AND id IN (
             SELECT event_id FROM order_parts WHERE order_id = $1 AND no_receipt = 'no_basket')",
        [order.into()],
    )
    .await?;
    Ok(())
}

/// What is known of an order's split, for whoever must ask more about it.
#[derive(Clone, Debug, Default)]
pub struct SplitFacts {
    /// Who gets what, as the shop told it.
    pub receivers: Vec<ToldReceiver>,
    /// What was planned.
    pub parts: Vec<KnownPart>,
    /// The operations that divide it, by their own order id, the newest first.
    pub settlements: Vec<String>,
}

impl Ledger {
    /// Receivers that have a register, of all of a merchant's sources.
    pub async fn receivers_of(&self, merchant: &MerchantId) -> Result<BTreeMap<String, RegisterId>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "list a merchant's receivers",
            "SELECT receivers FROM sources WHERE merchant_id = $1 ORDER BY id",
            [merchant.as_str().into()],
        )
        .await?;
        let unknown = || LedgerError::UnknownValue {
            column: "sources.receivers",
        };
        let mut all = BTreeMap::new();
        for row in &rows {
            let text: String = sql::get(row, "receivers")?;
            for (receiver, register) in json::read::<BTreeMap<String, String>>(&text, "sources.receivers")? {
                all.insert(receiver, RegisterId::parse(&register).map_err(|_| unknown())?);
            }
        }
        Ok(all)
    }

    /// What is known of an order's split; nothing for an order that is not known or not divided.
    pub async fn split_facts(
        &self,
        merchant: &MerchantId,
        order: &domain::ids::ExternalOrderId,
    ) -> Result<SplitFacts, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look whether an order is divided",
            "SELECT id, receivers FROM orders WHERE merchant_id = $1 AND external_key = $2",
            [merchant.as_str().into(), sql::digest(order.as_str().as_bytes()).into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(SplitFacts::default());
        };
        let id: String = sql::get(&row, "id")?;
        let receivers: Option<String> = sql::get(&row, "receivers")?;
        let settlements = sql::query(
            &self.db,
            "list an order's settlements",
            "SELECT external_id FROM settlements WHERE order_id = $1 AND state <> 'refused' ORDER BY id DESC",
            [id.as_str().into()],
        )
        .await?;
        Ok(SplitFacts {
            receivers: read_told(receivers.as_deref(), "orders.receivers")?,
            parts: parts_of(&self.db, &id).await?,
            settlements: settlements
                .iter()
                .map(|row| sql::get(row, "external_id"))
                .collect::<Result<_, LedgerError>>()?,
        })
    }
}
