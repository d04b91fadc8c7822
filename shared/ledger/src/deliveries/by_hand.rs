//! What people do with messages: send one again, send those of a time again, give up on none silently.

use std::time::Duration;

use domain::document::Kind;
use domain::ids::{DocumentId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::DatabaseTransaction;

use super::announce::Message;
use super::work::DELIVERIES_HELD;
use super::{Channel, LaneId, News};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::orders::Buyer;
use crate::people::Reach;
use crate::{Ledger, LedgerError, actions, alerts, json, sql};

/// Which messages of a lane are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for a person.
    Held,
    /// Every one made in this time, taken or not: after a shop has lost what it had. From, and before.
    Made(UnixMillis, UnixMillis),
}

const AGAIN: &str = "send messages again";

impl Ledger {
    /// Sends messages of a lane again, oldest first; how many. Held ones go on under their own id; those that
    /// were taken go as new messages. `None`: no such lane within reach. Safe to repeat for held ones.
    pub async fn send_lane_again(
        &self,
        reach: &Reach,
        lane: &LaneId,
        which: Which,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Option<u64>, LedgerError> {
        let tx = self.begin(AGAIN).await?;
        let row = sql::query_one(
            &tx,
            AGAIN,
            "UPDATE lanes SET not_before = 0 WHERE id = $1 RETURNING merchant_id",
            [lane.as_str().into()],
        )
        .await?;
        let merchant: Option<String> = row.map(|row| sql::get(&row, "merchant_id")).transpose()?;
        let Some(merchant) = merchant.filter(|merchant| reach.sees(merchant)) else {
            return Ok(None);
        };
        let held = free_held(&tx, lane, now).await?;
        let count = match which {
            Which::Held => held,
            Which::Made(from, before) => held + copy_taken(&tx, lane, from, before, now).await?,
        };
        let entry = NewAudit {
            merchant: MerchantId::parse(&merchant).ok(),
            action: deed::DELIVERIES_SENT_AGAIN,
            subject: format!("messages {lane}"),
            before: None,
            after: Some(format!("messages: {count}")),
        };
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, AGAIN).await?;
        Ok(Some(count))
    }

    /// Sends the news of one document again on this channel; the lanes with something new. `None`: no such
    /// document within reach, or it is not on the tape. [`LedgerError::NotAtProvider`]: the receipt's provider reaches no phone. Each call is one more message, for a person asked for it.
    pub async fn send_document_again(
        &self,
        reach: &Reach,
        document: DocumentId,
        channel: Channel,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Option<Vec<LaneId>>, LedgerError> {
        let tx = self.begin(AGAIN).await?;
        let id = document.to_string();
        let row = sql::query_one(
            &tx,
            AGAIN,
            "SELECT documents.merchant_id AS merchant_id, register_id, kind, buyer FROM documents
             JOIN orders ON orders.id = documents.order_id
             WHERE documents.id = $1 AND documents.fiscal_number IS NOT NULL",
            [id.as_str().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let merchant: String = sql::get(&row, "merchant_id")?;
        if !reach.sees(&merchant) {
            return Ok(None);
        }
        let buyer: Buyer = sql::get::<Option<String>>(&row, "buyer")?
            .map(|text| json::read(&text, "orders.buyer"))
            .transpose()?
            .unwrap_or_default();
        let is_sale = sql::get::<String>(&row, "kind")? == Kind::Sale.as_str();
        let register: Option<String> = sql::get(&row, "register_id")?;
        if let (Channel::Phone, Some(register)) = (channel, register.as_deref().map(RegisterId::parse)) {
            let unknown = |_| LedgerError::UnknownValue {
                column: "documents.register_id",
            };
            actions::must_be_able(&tx, &register.map_err(unknown)?, |can| can.phone).await?;
        }
        let urls = match channel {
            Channel::Mail if buyer.email.is_some() => vec![String::new()],
            Channel::Phone if buyer.phone.is_some() && is_sale => vec![String::new()],
            Channel::Mail | Channel::Phone => Vec::new(),
            Channel::Webhook => endpoints(&tx, &merchant).await?,
        };
        let mut lanes = Vec::new();
        for url in &urls {
            let message = Message {
                merchant: &merchant,
                document: &id,
                channel,
                url,
                news: News::Registered,
            };
            let lane = message.lane(&tx).await?;
            message.copy(&tx, &lane, now).await?;
            lanes.push(lane);
        }
        if !lanes.is_empty() {
            let entry = NewAudit {
                merchant: MerchantId::parse(&merchant).ok(),
                action: deed::DELIVERIES_SENT_AGAIN,
                subject: format!("document {document}"),
                before: None,
                after: Some(channel.as_str().to_owned()),
            };
            audit::record(&tx, &by.into(), &entry, now).await?;
        }
        sql::commit(tx, AGAIN).await?;
        Ok(Some(lanes))
    }
}

async fn endpoints(tx: &DatabaseTransaction, merchant: &str) -> Result<Vec<String>, LedgerError> {
    let rows = sql::query(
        tx,
        AGAIN,
        "SELECT url FROM shop_webhooks WHERE merchant_id = $1 ORDER BY url",
        [merchant.into()],
    )
    .await?;
    rows.iter().map(|row| sql::get(row, "url")).collect()
}

async fn free_held(tx: &DatabaseTransaction, lane: &LaneId, now: UnixMillis) -> Result<u64, LedgerError> {
    let freed = sql::execute(
        tx,
        AGAIN,
        "UPDATE deliveries SET state = 'due', not_before = 0, due_since = $2, updated_at = $2
         WHERE lane_id = $1 AND state = 'held'",
        [lane.as_str().into(), now.0.into()],
    )
    .await?;
    alerts::resolve(tx, DELIVERIES_HELD, lane.as_str(), now).await?;
    Ok(freed)
}

async fn copy_taken(
    tx: &DatabaseTransaction,
    lane: &LaneId,
    from: UnixMillis,
    before: UnixMillis,
    now: UnixMillis,
) -> Result<u64, LedgerError> {
    let rows = sql::query(
        tx,
        AGAIN,
        "SELECT deliveries.merchant_id AS merchant_id, document_id, news, channel, url FROM deliveries
         JOIN lanes ON lanes.id = deliveries.lane_id
         WHERE lane_id = $1 AND state IN ('done', 'failed', 'skipped') AND copy = 0
           AND created_at >= $2 AND created_at < $3 ORDER BY deliveries.id",
        [lane.as_str().into(), from.0.into(), before.0.into()],
    )
    .await?;
    let mut count = 0;
    for row in &rows {
        let unknown = |column| LedgerError::UnknownValue { column };
        let (merchant, document): (String, String) = (sql::get(row, "merchant_id")?, sql::get(row, "document_id")?);
        let url: String = sql::get(row, "url")?;
        let message = Message {
            merchant: &merchant,
            document: &document,
            channel: Channel::parse(&sql::get::<String>(row, "channel")?).ok_or_else(|| unknown("lanes.channel"))?,
            url: &url,
            news: News::parse(&sql::get::<String>(row, "news")?).ok_or_else(|| unknown("deliveries.news"))?,
        };
        message.copy(tx, lane, now).await?;
        count += 1;
    }
    Ok(count)
}

impl Message<'_> {
    /// One more of a message that may be there already. Never the first, which goes by itself and heeds what the
    /// merchant has switched off.
    async fn copy(&self, tx: &DatabaseTransaction, lane: &LaneId, now: UnixMillis) -> Result<(), LedgerError> {
        // Ids are the order, and copies are made all at once.
        let place = match self.news {
            News::Registered => Duration::ZERO,
            News::Delivered => Duration::from_millis(1),
        };
        sql::execute(
            tx,
            AGAIN,
            "INSERT INTO deliveries (id, lane_id, merchant_id, document_id, news, copy, state, due_since, created_at,
                 updated_at)
             SELECT $1, $2, $3, $4, $5,
                 (SELECT coalesce(max(copy), 0) + 1 FROM deliveries
                     WHERE document_id = $4 AND lane_id = $2 AND news = $5), 'due', $6, $6, $6",
            [
                sql::id_at(now.plus(place)).into(),
                lane.as_str().into(),
                self.merchant.into(),
                self.document.into(),
                self.news.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(())
    }
}
