//! One order with all that happened to it, for a person: what was told, what was made of it, every
//! request and every hold.

use domain::basket::Basket;
use domain::document::Kind;
use domain::event::Fact;
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult};

use crate::document_card::DocumentCard;
use crate::entities::{document, order};
use crate::fiscalization::{DocumentFacts, Fiscalization, Sums};
use crate::gateway::ExpectationView;
use crate::orders::Buyer;
use crate::people::Reach;
use crate::settlements::{self, Settlement};
use crate::splits::{self, KnownPart, ToldReceiver};
use crate::{Ledger, LedgerError, day, json, plan, sql};

/// An order with all that happened to it.
#[derive(Clone, Debug)]
pub struct OrderCard {
    /// Its id in the ledger.
    pub id: String,
    /// Whose.
    pub merchant: String,
    /// The shop's order id.
    pub external_id: String,
    /// One line, if the shop sent one. May hold anything a shop writes: mask it.
    pub description: Option<String>,
    /// What was bought, if the shop sent it.
    pub basket: Option<Basket>,
    /// Who bought. Personal data: show it masked.
    pub buyer: Option<Buyer>,
    /// When it was first heard of.
    pub created_at: UnixMillis,
    /// When the shop last changed it.
    pub updated_at: UnixMillis,
    /// How far it is.
    pub status: Fiscalization,
    /// What its registered documents come to.
    pub sums: Sums,
    /// Its events, oldest first.
    pub events: Vec<EventCard>,
    /// Its documents, oldest first.
    pub documents: Vec<DocumentCard>,
    /// Who gets what of it, as the shop told it.
    pub receivers: Vec<ToldReceiver>,
    /// How it was divided; empty while it is whole.
    pub parts: Vec<KnownPart>,
    /// The operations that divide it, oldest first.
    pub settlements: Vec<Settlement>,
    /// What payment systems' own registers should make for it.
    pub expectations: Vec<ExpectationView>,
}

/// An event of an order.
#[derive(Clone, Debug)]
pub struct EventCard {
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
    /// When it was planned or ignored.
    pub settled_at: Option<UnixMillis>,
    /// The payment source; `None`: it came by the API.
    pub source: Option<String>,
    /// No message told of it: reconciliation found it at the payment system.
    pub found: bool,
    /// What was paid or given back, if it told of money.
    pub amount: Option<Kopecks>,
    /// The payment it is about.
    pub payment_id: Option<String>,
    /// Messages with its key and another content, which were kept aside.
    pub conflicts: u64,
}

impl Ledger {
    /// An order within reach.
    pub async fn order_card(&self, reach: &Reach, id: &str) -> Result<Option<OrderCard>, LedgerError> {
        const WHAT: &str = "show an order's card";
        let from_db = |error| LedgerError::from_db(WHAT, error);
        if id.contains('\0') {
            return Ok(None);
        }
        let found = order::Entity::find_by_id(id).one(&self.db).await.map_err(from_db)?;
        let Some(row) = found.filter(|row| reach.sees(&row.merchant_id)) else {
            return Ok(None);
        };
        let documents = document::Entity::find()
            .filter(document::Column::OrderId.eq(&row.id))
            .order_by_asc(document::Column::Id)
            .all(&self.db)
            .await
            .map_err(from_db)?;
        let documents = self.document_cards(documents, &row.external_id).await?;
        let facts: Vec<DocumentFacts> = documents
            .iter()
            .map(DocumentCard::facts)
            .collect::<Result<_, LedgerError>>()?;
        let expectations = self.expectations_of(&row.id).await?;
        let progress = expectations.iter().map(|expectation| expectation.progress);
        Ok(Some(OrderCard {
            events: self.event_cards(&row.id).await?,
            receivers: splits::read_told(row.receivers.as_deref(), "orders.receivers")?,
            parts: splits::parts_of(&self.db, &row.id).await?,
            settlements: settlements::of_order(&self.db, &row.id).await?,
            status: Fiscalization::of(&facts).expecting(progress),
            expectations,
            sums: Sums::of(&facts),
            documents,
            basket: row
                .basket
                .as_deref()
                .map(|text| json::read_basket(text, "orders.basket"))
                .transpose()?,
            buyer: row
                .buyer
                .as_deref()
                .map(|text| json::read(text, "orders.buyer"))
                .transpose()?,
            id: row.id,
            merchant: row.merchant_id,
            external_id: row.external_id,
            description: row.description,
            created_at: UnixMillis(row.created_at),
            updated_at: UnixMillis(row.updated_at),
        }))
    }

    /// Without the bodies, which may be large.
    async fn event_cards(&self, order: &str) -> Result<Vec<EventCard>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "list an order's events",
            "SELECT id, kind, state, note, received_at, settled_at, source_id, event, found_by,
                 (SELECT count(*) FROM conflicts WHERE conflicts.event_id = events.id) AS conflicts
             FROM events WHERE order_id = $1 ORDER BY id",
            [order.into()],
        )
        .await?;
        rows.iter().map(event_card).collect()
    }
}

fn event_card(row: &QueryResult) -> Result<EventCard, LedgerError> {
    let event = json::read_event(&sql::get::<String>(row, "event")?, "events.event")?;
    let amount = match &event.fact {
        Fact::Money {
            paid, refunded_total, ..
        } => Some(if refunded_total.is_zero() {
            *paid
        } else {
            *refunded_total
        }),
        Fact::Refund { amount, .. } => Some(*amount),
        Fact::Settlement { parts, .. } => Kopecks::sum(parts.iter().map(|part| part.amount)),
        Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => None,
    };
    Ok(EventCard {
        id: sql::get(row, "id")?,
        kind: sql::get(row, "kind")?,
        state: sql::get(row, "state")?,
        note: sql::get(row, "note")?,
        received_at: UnixMillis(sql::get(row, "received_at")?),
        settled_at: day::time(row, "settled_at")?,
        source: sql::get(row, "source_id")?,
        found: sql::get::<Option<String>>(row, "found_by")?.is_some(),
        amount,
        payment_id: event.payment_id,
        conflicts: u64::try_from(sql::get::<i64>(row, "conflicts")?).unwrap_or(0),
    })
}

impl DocumentCard {
    /// What of it decides the order's status.
    pub(crate) fn facts(&self) -> Result<DocumentFacts, LedgerError> {
        let kind: Kind = plan::kind(&self.document.kind)?;
        Ok(DocumentFacts {
            kind,
            state: self.document.state.clone(),
            presence: self
                .document
                .presence
                .as_deref()
                .and_then(domain::document::Presence::parse),
            amount: plan::kopecks(self.document.amount, "documents.amount")?,
        })
    }
}
