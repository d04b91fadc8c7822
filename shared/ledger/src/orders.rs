//! Orders as the shop tells them.

use domain::basket::Basket;
use domain::ids::{ExternalOrderId, MerchantId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use crate::audit::{self, Actor, NewAudit, deed};
use crate::deliveries::{self, Channel};
use crate::splits::{self, ToldReceiver};
use crate::{Ledger, LedgerError, json, settlements, sql};

/// What the shop says of an order.
#[derive(Clone, Debug, Default)]
pub struct OrderUpdate {
    /// What was bought; `None` leaves what is known.
    pub basket: Option<Basket>,
    /// One line for receipts without a basket; `None` leaves what is known.
    pub description: Option<String>,
    /// Who bought; `None` leaves what is known.
    pub buyer: Option<Buyer>,
    /// Who gets what of the payment; `None` leaves what is known.
    pub receivers: Option<Vec<ToldReceiver>>,
    /// The order id under which the shop itself divides the payment (a settlement), so that its result is known for
    /// this order's.
    pub settlement: Option<ExternalOrderId>,
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

impl Buyer {
    /// What the buyer's orders are looked for by.
    pub(crate) fn email_key(&self) -> Option<String> {
        self.email.as_deref().map(|email| email.trim().to_lowercase())
    }

    /// The channels on which this buyer can be reached and `before` could not, or elsewhere.
    fn new_on(&self, before: &Self) -> Vec<Channel> {
        let mut channels = Vec::new();
        if self.email.is_some() && self.email_key() != before.email_key() {
            channels.push(Channel::Mail);
        }
        if self.phone.is_some() && self.phone != before.phone {
            channels.push(Channel::Phone);
        }
        channels
    }

    /// The e-mail as shown in lists: `b***@shop.example`.
    pub fn masked_email(&self) -> Option<String> {
        self.email.as_deref().map(mask_email)
    }

    /// The phone as shown in lists: `+380*****67`.
    pub fn masked_phone(&self) -> Option<String> {
        self.phone.as_deref().map(|phone| {
            let length = phone.chars().count();
            let hidden = |(place, letter)| if place < 4 || place + 2 >= length { letter } else { '*' };
            phone.chars().enumerate().map(hidden).collect()
        })
    }
}

/// The first letter and the host: enough to recognise one's own, too little to write to.
pub(crate) fn mask_email(email: &str) -> String {
    let (local, host) = email.rsplit_once('@').unwrap_or(("", ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{host}")
}

impl Ledger {
    /// Makes or updates an order. Safe to repeat. A receipt that was made already does not change; a buyer who was not
    /// known when it was made gets it now, once.
    pub async fn put_order(
        &self,
        merchant: &MerchantId,
        order: &ExternalOrderId,
        update: &OrderUpdate,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        let tx = self.begin(PUT).await?;
        put(&tx, merchant, order, update, now).await?;
        sql::commit(tx, PUT).await
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

impl Ledger {
    /// Keeps that a person told of a refund; the refund itself is an event.
    pub async fn note_refund_told(
        &self,
        merchant: &MerchantId,
        order: &ExternalOrderId,
        amount: Kopecks,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        let entry = NewAudit {
            merchant: Some(merchant.clone()),
            action: deed::REFUND_TOLD,
            subject: format!("order {order}"),
            before: None,
            after: Some(amount.to_string()),
        };
        audit::record(&self.db, &by.into(), &entry, now).await
    }
}

const PUT: &str = "put an order";

async fn put(
    tx: &DatabaseTransaction,
    merchant: &MerchantId,
    order: &ExternalOrderId,
    update: &OrderUpdate,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let known = match &update.buyer {
        Some(_) => lock_buyer(tx, merchant, order).await?,
        None => Buyer::default(),
    };
    let row = sql::query_one(
        tx,
        PUT,
        "INSERT INTO orders (id, merchant_id, external_key, external_id, description, basket, buyer, email, receivers,
                 version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $10, 1, $8, $8)
             ON CONFLICT (merchant_id, external_key) DO UPDATE
             SET description = COALESCE(excluded.description, orders.description),
                 basket = COALESCE(excluded.basket, orders.basket),
                 receivers = COALESCE(excluded.receivers, orders.receivers),
                 buyer = COALESCE(excluded.buyer, orders.buyer),
                 email = CASE WHEN excluded.buyer IS NULL THEN orders.email ELSE excluded.email END,
                 version = orders.version + 1,
                 updated_at = excluded.updated_at
             RETURNING id, version",
        [
            sql::id_at(now).into(),
            merchant.as_str().into(),
            sql::digest(order.as_str().as_bytes()).into(),
            order.as_str().into(),
            update.description.clone().into(),
            update.basket.as_ref().map(json::write_basket).into(),
            update.buyer.as_ref().map(json::write).into(),
            now.0.into(),
            update.buyer.as_ref().and_then(Buyer::email_key).into(),
            update.receivers.as_deref().map(splits::write_told).into(),
        ],
    )
    .await?;
    if let Some(row) = &row
        && (update.receivers.is_some() || update.settlement.is_some())
    {
        let id: String = sql::get(row, "id")?;
        if let Some(settlement) = &update.settlement {
            settlements::told(tx, merchant, &id, settlement, now).await?;
        }
        splits::receivers_told(tx, &id).await?;
    }
    let channels = update.buyer.as_ref().map(|buyer| buyer.new_on(&known));
    if let (Some(row), Some(channels)) = (row, channels)
        && !channels.is_empty()
        // An order that was not there has no receipt.
        && sql::get::<i64>(&row, "version")? > 1
    {
        let id: String = sql::get(&row, "id")?;
        deliveries::announce_order(tx, &id, &channels, now).await?;
    }
    Ok(())
}

/// The buyer as known until now; the order's row is ours until the transaction ends.
async fn lock_buyer(
    tx: &DatabaseTransaction,
    merchant: &MerchantId,
    order: &ExternalOrderId,
) -> Result<Buyer, LedgerError> {
    let row = sql::query_one(
        tx,
        PUT,
        "UPDATE orders SET updated_at = updated_at WHERE merchant_id = $1 AND external_key = $2 RETURNING buyer",
        [merchant.as_str().into(), sql::digest(order.as_str().as_bytes()).into()],
    )
    .await?;
    let buyer: Option<String> = row.map(|row| sql::get(&row, "buyer")).transpose()?.flatten();
    let buyer = buyer.map(|text| json::read(&text, "orders.buyer")).transpose()?;
    Ok(buyer.unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_is_shown_masked_and_never_by_debug() {
        let buyer = Buyer {
            email: Some("Olena.K@shop.example".to_owned()),
            phone: Some("+380501234567".to_owned()),
            locale: None,
        };
        assert_eq!(buyer.masked_email().as_deref(), Some("O***@shop.example"));
        assert_eq!(buyer.masked_phone().as_deref(), Some("+380*******67"));
        assert_eq!(buyer.email_key().as_deref(), Some("olena.k@shop.example"));
        assert_eq!(format!("{buyer:?}"), "Buyer(…)");
        assert_eq!(mask_email("nothing"), "***@");
    }
}
