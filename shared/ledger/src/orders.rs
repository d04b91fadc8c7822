//! Orders as the shop tells them.

use domain::basket::Basket;
use domain::ids::{ExternalOrderId, MerchantId};
use domain::time::UnixMillis;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::{Ledger, LedgerError, json, sql};

/// What the shop says of an order.
#[derive(Clone, Debug)]
pub struct OrderUpdate {
    /// What was bought; `None` leaves what is known.
    pub basket: Option<Basket>,
    /// One line for receipts without a basket; `None` leaves what is known.
    pub description: Option<String>,
    /// Who bought; `None` leaves what is known.
    pub buyer: Option<Buyer>,
}

/// How to reach the buyer. Personal data: never logged.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Buyer {
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone, `+380…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// `uk` or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl std::fmt::Debug for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Buyer(…)")
    }
}

impl Ledger {
    /// Makes or updates an order. Safe to repeat. A receipt that was made already does not change.
    pub async fn put_order(
        &self,
        merchant: &MerchantId,
        order: &ExternalOrderId,
        update: &OrderUpdate,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        put(&self.db, merchant, order, update, now).await
    }

    /// The same by a person, who is kept in the audit; the buyer's data is not. False: there is no such order.
    pub async fn edit_order(
        &self,
        merchant: &MerchantId,
        order: &ExternalOrderId,
        update: &OrderUpdate,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "edit an order";
        let tx = self.begin(WHAT).await?;
        let row = sql::query_one(
            &tx,
            WHAT,
            "UPDATE orders SET updated_at = updated_at WHERE merchant_id = $1 AND external_key = $2 RETURNING basket",
            [merchant.as_str().into(), sql::digest(order.as_str().as_bytes()).into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(false);
        };
        let before = sql::get::<Option<String>>(&row, "basket")?
            .map(|text| json::read_basket(&text, "orders.basket"))
            .transpose()?;
        put(&tx, merchant, order, update, now).await?;
        let entry = NewAudit {
            merchant: Some(merchant.clone()),
            action: deed::ORDER_EDITED,
            subject: format!("order {order}"),
            before: Some(sums(before.as_ref())),
            after: Some(edited(before.as_ref(), update)),
        };
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }
}

async fn put(
    db: &impl ConnectionTrait,
    merchant: &MerchantId,
    order: &ExternalOrderId,
    update: &OrderUpdate,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "put an order",
        "INSERT INTO orders (id, merchant_id, external_key, external_id, description, basket, buyer, version,
                 created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
             ON CONFLICT (merchant_id, external_key) DO UPDATE
             SET description = COALESCE(excluded.description, orders.description),
                 basket = COALESCE(excluded.basket, orders.basket),
                 buyer = COALESCE(excluded.buyer, orders.buyer),
                 version = orders.version + 1,
                 updated_at = excluded.updated_at",
        [
            Uuid::now_v7().to_string().into(),
            merchant.as_str().into(),
            sql::digest(order.as_str().as_bytes()).into(),
            order.as_str().into(),
            update.description.clone().into(),
            update.basket.as_ref().map(json::write_basket).into(),
            update.buyer.as_ref().map(json::write).into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What the audit says of a basket.
fn sums(basket: Option<&Basket>) -> String {
    let Some(basket) = basket else {
        return "no basket".to_owned();
    };
    format!("lines: {}, {}", basket.lines().len(), basket.total())
}

fn edited(before: Option<&Basket>, update: &OrderUpdate) -> String {
    let mut text = sums(update.basket.as_ref().or(before));
    if update.description.is_some() {
        text.push_str("; another description");
    }
    if update.buyer.is_some() {
        text.push_str("; another buyer");
    }
    text
}
