//! What the API and the lists show. Nothing secret, nothing personal.

use domain::ids::{DocumentId, ExternalOrderId, MerchantId};
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entities::{attempt, document, event, order};
use crate::settlements::{self, Settlement};
use crate::splits::{self, KnownPart, ToldReceiver};
use crate::{Ledger, LedgerError, plan, slot, sql};

/// A document as shown.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: String,
    /// The shop's order id; empty for the register's own documents.
    pub order: String,
    /// On which register; empty if a payment system's own made it.
    pub register: String,
    /// Who made it: `kasyr`, `gateway`.
    pub made_by: String,
    /// The number of the payment system's register, if that made it.
    pub register_number: Option<String>,
    /// `sale`, `storno`, `return`, `cash_in`, `cash_out`, `z_report`, `closing`.
    pub kind: String,
    /// Its state's tag.
    pub state: String,
    /// Kopecks.
    pub amount: i64,
    /// Whose part of a divided order it is; `None`: the whole order's.
    pub receiver: Option<String>,
    /// The sale of a refund.
    pub parent: Option<String>,
    /// Number at the tax service.
    pub fiscal_number: Option<String>,
    /// Place on the tape.
    pub local_number: Option<i64>,
    /// Time on the receipt.
    pub registered_at: Option<String>,
    /// `online`, `offline`, `delivered`.
    pub presence: Option<String>,
    /// The link to the receipt.
    pub url: Option<String>,
    /// The QR picture, base64.
    pub qr_code: Option<String>,
    /// Why it is held, or was until a person closed it.
    pub hold: Option<(String, String)>,
    /// How often it was sent.
    pub attempts: i64,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it last changed.
    pub updated_at: UnixMillis,
}

/// An attempt as shown.
#[derive(Clone, Debug)]
pub struct AttemptView {
    /// The provider's command.
    pub command: String,
    /// Our class of the outcome.
    pub outcome: String,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's words.
    pub message: Option<String>,
    /// HTTP status.
    pub http_status: Option<i64>,
    /// The masked request.
    pub request: String,
    /// The masked answer.
    pub response: Option<String>,
    /// When it began.
    pub started_at: UnixMillis,
    /// How long it took.
    pub duration_ms: i64,
}

/// An event as shown.
#[derive(Clone, Debug)]
pub struct EventView {
    /// Its id.
    pub id: String,
    /// `paid`, `refunded`, …
    pub kind: String,
    /// `new`, `planned`, `ignored`.
    pub state: String,
    /// Why it was ignored or put off.
    pub note: Option<String>,
    /// When it came.
    pub received_at: UnixMillis,
}

/// An order with everything that happened to it.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The shop's order id.
    pub id: String,
    /// One line, if the shop sent one.
    pub description: Option<String>,
    /// Does it have a basket?
    pub has_basket: bool,
    /// Its events, oldest first.
    pub events: Vec<EventView>,
    /// Its documents, oldest first.
    pub documents: Vec<DocumentView>,
    /// Who gets what of it, as the shop told it.
    pub receivers: Vec<ToldReceiver>,
    /// How it was divided; empty while it is whole.
    pub parts: Vec<KnownPart>,
    /// The operations that divide it, oldest first.
    pub settlements: Vec<Settlement>,
    /// When it was first heard of.
    pub created_at: UnixMillis,
}

impl Ledger {
    /// The payment system's own name of what paid for an order, if a document of it remembers it.
    pub async fn payment_of(
        &self,
        merchant: &MerchantId,
        order_id: &ExternalOrderId,
    ) -> Result<Option<String>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find an order's payment",
            "SELECT payment_id FROM documents JOIN orders ON orders.id = documents.order_id
             WHERE orders.merchant_id = $1 AND external_key = $2 AND payment_id IS NOT NULL
             ORDER BY documents.id LIMIT 1",
            [
                merchant.as_str().into(),
                sql::digest(order_id.as_str().as_bytes()).into(),
            ],
        )
        .await?;
        row.map(|row| sql::get(&row, "payment_id")).transpose()
    }

    /// One order of a merchant.
    pub async fn order_view(
        &self,
        merchant: &MerchantId,
        order_id: &ExternalOrderId,
    ) -> Result<Option<OrderView>, LedgerError> {
        const WHAT: &str = "show an order";
        let from_db = |error| LedgerError::from_db(WHAT, error);
        let found = order::Entity::find()
            .filter(order::Column::MerchantId.eq(merchant.as_str()))
            .filter(order::Column::ExternalKey.eq(sql::digest(order_id.as_str().as_bytes())))
            .one(&self.db)
            .await
            .map_err(from_db)?;
        let Some(row) = found else {
            return Ok(None);
        };
        let documents = document::Entity::find()
            .filter(document::Column::OrderId.eq(&row.id))
            .order_by_asc(document::Column::Id)
            .all(&self.db)
            .await
            .map_err(from_db)?;
        let events = event::Entity::find()
            .filter(event::Column::OrderId.eq(&row.id))
            .order_by_asc(event::Column::Id)
            .all(&self.db)
            .await
            .map_err(from_db)?;
        let event_view = |row: event::Model| EventView {
            id: row.id,
            kind: row.kind,
            state: row.state,
            note: row.note,
            received_at: UnixMillis(row.received_at),
        };
        Ok(Some(OrderView {
            receivers: splits::read_told(row.receivers.as_deref(), "orders.receivers")?,
            parts: splits::parts_of(&self.db, &row.id).await?,
            settlements: settlements::of_order(&self.db, &row.id).await?,
            documents: documents
                .into_iter()
                .map(|document| document_view(document, &row.external_id))
                .collect(),
            events: events.into_iter().map(event_view).collect(),
            id: row.external_id,
            description: row.description,
            has_basket: row.basket.is_some(),
            created_at: UnixMillis(row.created_at),
        }))
    }

    /// One document, of this merchant if one is named.
    pub async fn document_view(
        &self,
        merchant: Option<&MerchantId>,
        id: DocumentId,
    ) -> Result<Option<(DocumentView, Vec<AttemptView>)>, LedgerError> {
        const WHAT: &str = "show a document";
        let from_db = |error| LedgerError::from_db(WHAT, error);
        let Some(row) = document::Entity::find_by_id(id.to_string())
            .one(&self.db)
            .await
            .map_err(from_db)?
        else {
            return Ok(None);
        };
        if merchant.is_some_and(|merchant| merchant.as_str() != row.merchant_id) {
            return Ok(None);
        }
        let order = match &row.order_id {
            Some(order) => order::Entity::find_by_id(order.as_str())
                .one(&self.db)
                .await
                .map_err(from_db)?,
            None => None,
        };
        let attempts = attempt::Entity::find()
            .filter(attempt::Column::DocumentId.eq(id.to_string()))
            .order_by_asc(attempt::Column::StartedAt)
            .limit(200)
            .all(&self.db)
            .await
            .map_err(from_db)?;
        let external_id = order.map(|order| order.external_id).unwrap_or_default();
        let attempts = attempts.into_iter().map(attempt_view).collect();
        Ok(Some((document_view(row, &external_id), attempts)))
    }

    /// The newest documents, in this state if one is named.
    pub async fn recent_documents(&self, state: Option<&str>, limit: u64) -> Result<Vec<DocumentView>, LedgerError> {
        const WHAT: &str = "list documents";
        let mut query = document::Entity::find()
            .order_by_desc(document::Column::Id)
            .limit(limit);
        if let Some(state) = state {
            query = query.filter(document::Column::State.eq(state));
        }
        let rows = query
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?;
        let ids: Vec<String> = rows.iter().filter_map(|row| row.order_id.clone()).collect();
        let orders = order::Entity::find()
            .filter(order::Column::Id.is_in(ids))
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?;
        let name = |id: &str| {
            orders
                .iter()
                .find(|order| order.id == id)
                .map_or("", |order| &order.external_id)
        };
        Ok(rows
            .into_iter()
            .map(|row| {
                let order = row.order_id.as_deref().map_or("", name).to_owned();
                document_view(row, &order)
            })
            .collect())
    }

    /// The newest orders: the shop's id and when it was heard of.
    pub async fn recent_orders(&self, limit: u64) -> Result<Vec<(MerchantId, ExternalOrderId)>, LedgerError> {
        let rows = order::Entity::find()
            .order_by_desc(order::Column::Id)
            .limit(limit)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list orders", error))?;
        rows.into_iter()
            .map(|row| {
                let merchant = MerchantId::parse(&row.merchant_id).map_err(|_| LedgerError::UnknownValue {
                    column: "orders.merchant_id",
                })?;
                let order = ExternalOrderId::parse(&row.external_id).map_err(|_| LedgerError::UnknownValue {
                    column: "orders.external_id",
                })?;
                Ok((merchant, order))
            })
            .collect()
    }
}

pub(crate) fn document_view(row: document::Model, order: &str) -> DocumentView {
    DocumentView {
        id: row.id,
        merchant: row.merchant_id,
        order: order.to_owned(),
        register: row.register_id.unwrap_or_default(),
        made_by: row.made_by,
        register_number: row.register_number,
        kind: row.kind,
        hold: if row.state == "held" || row.state == plan::CLOSED {
            row.hold_reason.zip(row.hold_text)
        } else {
            None
        },
        state: row.state,
        amount: row.amount,
        receiver: slot::part(&row.slot).map(|receiver| receiver.as_str().to_owned()),
        parent: row.parent_id,
        fiscal_number: row.fiscal_number,
        local_number: row.local_number,
        registered_at: row.registered_at,
        presence: row.presence,
        url: row.url,
        qr_code: row.qr_code,
        attempts: row.attempts,
        created_at: UnixMillis(row.created_at),
        updated_at: UnixMillis(row.updated_at),
    }
}

pub(crate) fn attempt_view(row: attempt::Model) -> AttemptView {
    AttemptView {
        command: row.command,
        outcome: row.outcome,
        code: row.code,
        message: row.message,
        http_status: row.http_status,
        request: row.request,
        response: row.response,
        started_at: UnixMillis(row.started_at),
        duration_ms: row.duration_ms,
    }
}
