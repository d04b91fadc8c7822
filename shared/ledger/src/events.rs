//! Events: committed before they are acknowledged, recognised when they come again.

use std::collections::HashSet;

use domain::event::{Event, Fact};
use domain::ids::{EventId, MerchantId, RegisterId, SourceId};
use domain::time::UnixMillis;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryTrait, RuntimeErr,
    sqlx,
};
use uuid::Uuid;

use crate::alerts::{self, NewAlert};
use crate::entities::event;
use crate::{Ledger, LedgerError, json, sql};

/// Where an event came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A callback of this payment source.
    Source(SourceId),
    /// `POST /v1/events`, for this register.
    Api(RegisterId),
}

/// An event as it comes in.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Whose it is.
    pub merchant: MerchantId,
    /// Where it came in.
    pub origin: Origin,
    /// The same key is the same event; unique within one source, or within one merchant's API.
    pub key: String,
    /// What must be equal when the key is: a repeated key with another fingerprint is a conflict.
    pub fingerprint: String,
    /// The typed value.
    pub event: Event,
    /// The body as received.
    pub raw: String,
    /// When it came.
    pub received_at: UnixMillis,
}

/// What became of an event that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is new and committed.
    New(EventId),
    /// It was committed before; this is the earlier one.
    Repeated(EventId),
    /// Its key was used before with another content; the earlier one stays, this one is kept aside.
    Conflict(EventId),
}

/// An event that waits to be planned.
#[derive(Clone, Debug)]
pub struct PendingEvent {
    /// Its id.
    pub id: EventId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// Where it came in.
    pub origin: Origin,
    /// The typed value.
    pub event: Event,
    /// How often planning was put off.
    pub attempts: u32,
    /// When it came.
    pub received_at: UnixMillis,
}

impl NewEvent {
    fn origin_text(&self) -> String {
        match &self.origin {
            Origin::Source(source) => format!("callbacks/{source}"),
            Origin::Api(_) => format!("events/{}", self.merchant),
        }
    }

    fn source_and_register(&self) -> (Option<&str>, Option<&str>) {
        match &self.origin {
            Origin::Source(source) => (Some(source.as_str()), None),
            Origin::Api(register) => (None, Some(register.as_str())),
        }
    }

    fn dedup_key(&self) -> String {
        sql::digest(self.key.as_bytes())
    }

    fn fingerprint_digest(&self) -> String {
        sql::digest(self.fingerprint.as_bytes())
    }
}

const RECORD: &str = "record events";

/// In the order of the keys (column 6), so that two batches with the same events wait for each other
/// and never both.
const INSERT_COLUMNS: &str =
    "INSERT INTO events (id, merchant_id, origin, source_id, register_id, dedup_key, fingerprint,
         external_id, kind, event, raw, received_at, state, not_before, attempts)
     SELECT batch.*, 'new', 0, 0 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[]) AS batch
     ORDER BY 6
     ON CONFLICT (origin, dedup_key) DO NOTHING RETURNING id";

impl Ledger {
    /// Commits a batch of events at once and says of each, in order, what became of it. Safe to
    /// repeat: what was committed before is found again. One statement when all are new.
    pub async fn record_events(&self, batch: &[NewEvent]) -> Result<Vec<Recorded>, LedgerError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = batch.iter().map(|_| Uuid::now_v7().to_string()).collect();
        let inserted = match self.backend() {
            DbBackend::Postgres => self.insert_columns(batch, &ids).await?,
            _ => self.insert_rows(batch, &ids).await?,
        };
        let inserted: HashSet<String> = inserted.into_iter().collect();
        let mut outcome = Vec::with_capacity(batch.len());
        for (new, id) in batch.iter().zip(&ids) {
            outcome.push(if inserted.contains(id) {
                Recorded::New(parse_id(id)?)
            } else {
                self.find_repeated(new).await?
            });
        }
        Ok(outcome)
    }

    /// Row by row, as both databases can.
    async fn insert_rows(&self, batch: &[NewEvent], ids: &[String]) -> Result<Vec<String>, LedgerError> {
        let rows = batch.iter().zip(ids).map(|(new, id)| row(new, id));
        let mut insert = event::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([event::Column::Origin, event::Column::DedupKey])
                    .do_nothing()
                    .to_owned(),
            )
            .into_query();
        insert.returning(Query::returning().column(event::Column::Id));
        let rows = self
            .db
            .query_all(&insert)
            .await
            .map_err(|error| LedgerError::from_db(RECORD, error))?;
        rows.iter().map(|row| sql::get(row, "id")).collect()
    }

    /// Column by column: one statement whatever the size of the batch, so that PostgreSQL parses and
    /// plans it once per connection. Row by row each size is a statement of its own with a thousand
    /// parameters, which costs more than the insert itself.
    async fn insert_columns(&self, batch: &[NewEvent], ids: &[String]) -> Result<Vec<String>, LedgerError> {
        let text = |value: fn(&NewEvent) -> &str| batch.iter().map(value).collect::<Vec<&str>>();
        let made = |value: fn(&NewEvent) -> String| batch.iter().map(value).collect::<Vec<String>>();
        let (sources, registers): (Vec<_>, Vec<_>) = batch.iter().map(NewEvent::source_and_register).unzip();
        let received: Vec<i64> = batch.iter().map(|new| new.received_at.0).collect();
        sqlx::query_scalar(INSERT_COLUMNS)
            .bind(ids)
            .bind(text(|new| new.merchant.as_str()))
            .bind(made(NewEvent::origin_text))
            .bind(sources)
            .bind(registers)
            .bind(made(NewEvent::dedup_key))
            .bind(made(NewEvent::fingerprint_digest))
            .bind(text(|new| new.event.order.as_str()))
            .bind(text(|new| new.event.fact.kind()))
            .bind(made(|new| json::write_event(&new.event)))
            .bind(text(|new| new.raw.as_str()))
            .bind(received)
            .fetch_all(self.db.get_postgres_connection_pool())
            .await
            .map_err(|error| LedgerError::from_db(RECORD, DbErr::Query(RuntimeErr::SqlxError(error.into()))))
    }

    async fn find_repeated(&self, new: &NewEvent) -> Result<Recorded, LedgerError> {
        const WHAT: &str = "find a repeated event";
        let earlier = event::Entity::find()
            .filter(event::Column::Origin.eq(new.origin_text()))
            .filter(event::Column::DedupKey.eq(new.dedup_key()))
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?
            .ok_or(LedgerError::UnknownValue {
                column: "events.dedup_key",
            })?;
        let id = parse_id(&earlier.id)?;
        let fingerprint = new.fingerprint_digest();
        if earlier.fingerprint == fingerprint || (earlier.found_by.is_some() && same_money(&earlier, new)?) {
            return Ok(Recorded::Repeated(id));
        }
        self.keep_conflict(id, new, &fingerprint).await?;
        Ok(Recorded::Conflict(id))
    }

    /// Kept once per different body, with an alert: somebody changes history, or a shop has a bug.
    async fn keep_conflict(&self, id: EventId, new: &NewEvent, fingerprint: &str) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "keep a conflicting event",
            "INSERT INTO conflicts (id, event_id, fingerprint, raw, received_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (event_id, fingerprint) DO NOTHING",
            [
                Uuid::now_v7().to_string().into(),
                id.to_string().into(),
                fingerprint.into(),
                new.raw.as_str().into(),
                new.received_at.0.into(),
            ],
        )
        .await?;
        self.raise_alert(&NewAlert::event_conflict(&new.merchant, id), new.received_at)
            .await
    }

    /// Records an event that reconciliation, or a refund of ours, learned by asking: under the key its own
    /// message would have had, so that a late message is a repeat. Safe to repeat.
    pub async fn record_found(&self, new: &NewEvent) -> Result<Recorded, LedgerError> {
        let id = Uuid::now_v7().to_string();
        let row = event::ActiveModel {
            found_by: Set(Some(FOUND_BY_ASKING.to_owned())),
            ..row(new, &id)
        };
        let mut insert = event::Entity::insert_many([row])
            .on_conflict(
                OnConflict::columns([event::Column::Origin, event::Column::DedupKey])
                    .do_nothing()
                    .to_owned(),
            )
            .into_query();
        insert.returning(Query::returning().column(event::Column::Id));
        let rows = self
            .db
            .query_all(&insert)
            .await
            .map_err(|error| LedgerError::from_db("record what was found by asking", error))?;
        if rows.is_empty() {
            return self.find_repeated(new).await;
        }
        Ok(Recorded::New(parse_id(&id)?))
    }

    /// Is there an event of this source under this key?
    pub async fn knows_event(&self, source: &SourceId, key: &str) -> Result<bool, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look for an event",
            "SELECT id FROM events WHERE origin = $1 AND dedup_key = $2",
            [format!("callbacks/{source}").into(), sql::digest(key.as_bytes()).into()],
        )
        .await?;
        Ok(row.is_some())
    }

    /// The event, if it still waits to be planned.
    pub async fn pending_event(&self, id: EventId) -> Result<Option<PendingEvent>, LedgerError> {
        let row = event::Entity::find_by_id(id.to_string())
            .filter(event::Column::State.eq("new"))
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("read an event", error))?;
        row.map(pending).transpose()
    }

    /// Raises an alert about an event that still waits to be planned; nothing happens once it was planned, which closes
    /// such alerts.
    pub async fn alert_while_new(&self, id: EventId, alert: &NewAlert, now: UnixMillis) -> Result<(), LedgerError> {
        const WHAT: &str = "tell of an event that waits";
        let tx = self.begin(WHAT).await?;
        let waits = sql::execute(
            &tx,
            WHAT,
            "UPDATE events SET attempts = attempts WHERE id = $1 AND state = 'new'",
            [id.to_string().into()],
        )
        .await?;
        if waits == 1 {
            alerts::raise(&tx, alert, now).await?;
        }
        sql::commit(tx, WHAT).await
    }

    /// Puts planning off until `until`.
    pub async fn postpone_event(&self, id: EventId, until: UnixMillis, note: &str) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "postpone an event",
            "UPDATE events SET not_before = $2, attempts = attempts + 1, note = $3 WHERE id = $1 AND state = 'new'",
            [id.to_string().into(), until.0.into(), note.into()],
        )
        .await?;
        Ok(())
    }
}

/// Who found an event that came in by no message.
pub const FOUND_BY_ASKING: &str = "reconciliation";

/// A message of an older protocol carries no basket; what was asked for did. The money tells them apart.
fn same_money(earlier: &event::Model, new: &NewEvent) -> Result<bool, LedgerError> {
    let earlier = json::read_event(&earlier.event, "events.event")?;
    Ok(match (&earlier.fact, &new.event.fact) {
        (
            Fact::Money {
                paid, refunded_total, ..
            },
            Fact::Money {
                paid: other_paid,
                refunded_total: other_total,
                ..
            },
        ) => paid == other_paid && refunded_total == other_total,
        (
            Fact::Money { .. }
            | Fact::Refund { .. }
            | Fact::Settlement { .. }
            | Fact::Ask { .. }
            | Fact::Nothing { .. }
            | Fact::Strange { .. },
            Fact::Money { .. }
            | Fact::Refund { .. }
            | Fact::Settlement { .. }
            | Fact::Ask { .. }
            | Fact::Nothing { .. }
            | Fact::Strange { .. },
        ) => false,
    })
}

fn row(new: &NewEvent, id: &str) -> event::ActiveModel {
    let (source, register) = new.source_and_register();
    event::ActiveModel {
        id: Set(id.to_owned()),
        merchant_id: Set(new.merchant.as_str().to_owned()),
        origin: Set(new.origin_text()),
        source_id: Set(source.map(str::to_owned)),
        register_id: Set(register.map(str::to_owned)),
        dedup_key: Set(new.dedup_key()),
        fingerprint: Set(new.fingerprint_digest()),
        external_id: Set(new.event.order.as_str().to_owned()),
        kind: Set(new.event.fact.kind().to_owned()),
        event: Set(json::write_event(&new.event)),
        raw: Set(new.raw.clone()),
        state: Set("new".to_owned()),
        note: Set(None),
        order_id: Set(None),
        not_before: Set(0),
        attempts: Set(0),
        received_at: Set(new.received_at.0),
        settled_at: Set(None),
        found_by: Set(None),
    }
}

fn pending(row: event::Model) -> Result<PendingEvent, LedgerError> {
    const ORIGIN: LedgerError = LedgerError::UnknownValue {
        column: "events.origin",
    };
    let origin = match (&row.source_id, &row.register_id) {
        (Some(source), _) => Origin::Source(SourceId::parse(source).map_err(|_| ORIGIN)?),
        (None, Some(register)) => Origin::Api(RegisterId::parse(register).map_err(|_| ORIGIN)?),
        (None, None) => return Err(ORIGIN),
    };
    Ok(PendingEvent {
        id: parse_id(&row.id)?,
        merchant: MerchantId::parse(&row.merchant_id).map_err(|_| LedgerError::UnknownValue {
            column: "events.merchant_id",
        })?,
        origin,
        event: json::read_event(&row.event, "events.event")?,
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        received_at: UnixMillis(row.received_at),
    })
}

pub(crate) fn parse_id(text: &str) -> Result<EventId, LedgerError> {
    EventId::parse(text).map_err(|_| LedgerError::UnknownValue { column: "events.id" })
}
