//! Writes the messages that follow from a document, in the transaction of whoever changes it.

use domain::document::Kind;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{Channel, LaneId, News};
use crate::orders::Buyer;
use crate::{LedgerError, json, sql};

const WHAT: &str = "announce a document";

/// What follows from this document: a mail and a phone message to the buyer, if the merchant wishes them and
/// an address is known, and a webhook to each endpoint of the shop. A message that is there already stays the
/// only one. The lanes are those with something new.
pub(crate) async fn announce(
    tx: &DatabaseTransaction,
    document: &str,
    news: News,
    now: UnixMillis,
) -> Result<Vec<LaneId>, LedgerError> {
    let row = sql::query_one(
        tx,
        WHAT,
        "SELECT documents.merchant_id AS merchant_id, kind, buyer, mail_buyers, phone_buyers
         FROM documents JOIN orders ON orders.id = documents.order_id
         JOIN merchants ON merchants.id = documents.merchant_id
         WHERE documents.id = $1",
        [document.into()],
    )
    .await?;
    // A register's own document is nobody's news.
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let merchant: String = sql::get(&row, "merchant_id")?;
    let mut wanted = Vec::new();
    if news == News::Registered {
        let to_buyer = to_buyer(&row)?.into_iter();
        wanted.extend(to_buyer.map(|channel| (channel, String::new())));
    }
    let endpoints = sql::query(
        tx,
        WHAT,
        "SELECT url FROM shop_webhooks WHERE merchant_id = $1 ORDER BY url",
        [merchant.as_str().into()],
    )
    .await?;
    for endpoint in &endpoints {
        wanted.push((Channel::Webhook, sql::get(endpoint, "url")?));
    }
    let mut lanes = Vec::new();
    for (channel, url) in wanted {
        let new = Message {
            merchant: &merchant,
            document,
            channel,
            url: &url,
            news,
        };
        lanes.extend(new.insert(tx, now).await?);
    }
    Ok(lanes)
}

/// A buyer who became known, or whose address changed, after receipts of the order were registered: each gets the
/// message that it has none of on `channels`. A receipt that is on its way onto the tape is waited for, so that either
/// its own announcement or this one knows the buyer.
pub(crate) async fn announce_order(
    tx: &DatabaseTransaction,
    order: &str,
    channels: &[Channel],
    now: UnixMillis,
) -> Result<(), LedgerError> {
    // Not those that wait for another: whoever registers that one locks them after it, we perhaps before.
    sql::execute(
        tx,
        WHAT,
        "UPDATE documents SET updated_at = updated_at
         WHERE order_id = $1 AND fiscal_number IS NULL AND state <> 'waiting'",
        [order.into()],
    )
    .await?;
    let rows = sql::query(
        tx,
        WHAT,
        "SELECT documents.id AS id, documents.merchant_id AS merchant_id, kind, buyer, mail_buyers, phone_buyers
         FROM documents JOIN orders ON orders.id = documents.order_id
         JOIN merchants ON merchants.id = documents.merchant_id
         WHERE documents.order_id = $1 AND documents.fiscal_number IS NOT NULL ORDER BY documents.id",
        [order.into()],
    )
    .await?;
    for row in &rows {
        let (merchant, document): (String, String) = (sql::get(row, "merchant_id")?, sql::get(row, "id")?);
        for channel in to_buyer(row)? {
            let new = Message {
                merchant: &merchant,
                document: &document,
                channel,
                url: "",
                news: News::Registered,
            };
            if channels.contains(&channel) {
                new.insert(tx, now).await?;
            }
        }
    }
    Ok(())
}

/// The channels on which the buyer hears of a registered document.
fn to_buyer(row: &QueryResult) -> Result<Vec<Channel>, LedgerError> {
    let buyer: Buyer = sql::get::<Option<String>>(row, "buyer")?
        .map(|text| json::read(&text, "orders.buyer"))
        .transpose()?
        .unwrap_or_default();
    let is_sale = sql::get::<String>(row, "kind")? == Kind::Sale.as_str();
    let mut channels = Vec::new();
    if buyer.email.is_some() && sql::get(row, "mail_buyers")? {
        channels.push(Channel::Mail);
    }
    if is_sale && buyer.phone.is_some() && sql::get(row, "phone_buyers")? {
        channels.push(Channel::Phone);
    }
    Ok(channels)
}

/// A message to be written.
pub(super) struct Message<'a> {
    pub merchant: &'a str,
    pub document: &'a str,
    pub channel: Channel,
    pub url: &'a str,
    pub news: News,
}

impl Message<'_> {
    /// Writes it unless it is there; `None`: it is. Behind a held message about the same document it is held as
    /// well, so that the order of a document's news is kept.
    async fn insert(&self, tx: &DatabaseTransaction, now: UnixMillis) -> Result<Option<LaneId>, LedgerError> {
        let lane = self.lane(tx).await?;
        let inserted = sql::execute(
            tx,
            WHAT,
            "INSERT INTO deliveries (id, lane_id, merchant_id, document_id, news, state, due_since, created_at, updated_at)
             SELECT $1, $2, $3, $4, $5,
                 CASE WHEN EXISTS (SELECT 1 FROM deliveries
                     WHERE document_id = $4 AND lane_id = $2 AND state = 'held') THEN 'held' ELSE 'due' END, $6, $6, $6
             WHERE TRUE ON CONFLICT (document_id, lane_id, news, copy) DO NOTHING",
            [
                sql::id_at(now).into(),
                lane.as_str().into(),
                self.merchant.into(),
                self.document.into(),
                self.news.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok((inserted > 0).then_some(lane))
    }

    /// Its lane, made if it is the first.
    pub(super) async fn lane(&self, tx: &DatabaseTransaction) -> Result<LaneId, LedgerError> {
        let lane = LaneId::of(self.channel, self.merchant, self.url);
        sql::execute(
            tx,
            WHAT,
            "INSERT INTO lanes (id, merchant_id, channel, url) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            [
                lane.as_str().into(),
                self.merchant.into(),
                self.channel.as_str().into(),
                self.url.into(),
            ],
        )
        .await?;
        Ok(lane)
    }
}

/// The unguessable part of a receipt's public address: 122 random bits.
pub(crate) fn fresh_token() -> String {
    Uuid::new_v4().simple().to_string()
}
