//! The tape: what is due on a register, and the three writes of a document's registration — intent,
//! outcome, doubt. Each names the state and the lease epoch it expects; `false` or `None` means
//! "stop, you lost the race".

use std::time::Duration;

use domain::basket::Basket;
use domain::document::{Happening, Kind, Registration, State};
use domain::event::{Event, PaymentMeans};
use domain::hold::HoldReason;
use domain::ids::{DocumentId, FiscalNumber, Receiver, RegisterId};
use domain::money::Kopecks;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::time::UnixMillis;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

use crate::alerts::{self, NewAlert};
use crate::deliveries::{self, LaneId, News};
use crate::entities::{attempt, document, event, order};
use crate::leases::{self, Lease};
use crate::orders::Buyer;
use crate::plan::{self, document_id, kind, kopecks};
use crate::{Ledger, LedgerError, json, notices, renderings, shifts, slot, splits, sql};

/// Which of the due states a document is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// May be sent.
    Ready,
    /// An earlier holder meant to send it; nobody knows whether it did.
    Sending,
    /// It is to be asked about.
    InDoubt,
    /// The provider took it, and its result is to be asked for.
    Pending,
}

/// A document that is due, with what is needed to work on it.
#[derive(Clone, Debug)]
pub struct DueDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it does.
    pub kind: Kind,
    /// Its state.
    pub due: Due,
    /// How much.
    pub amount: Kopecks,
    /// Our reference on the tape.
    pub token: String,
    /// How the buyer paid.
    pub means: PaymentMeans,
    /// Frozen content, once made.
    pub content: Option<Receipt>,
    /// The refund's own lines.
    pub lines: Option<Basket>,
    /// The intent as written by [`Ledger::begin_sending`].
    pub intent: Option<String>,
    /// The provider's form of it, exactly as it was sent last.
    pub sent: Option<String>,
    /// The number we gave it for its provider (see [`Ledger::number_document`]).
    pub number: Option<i64>,
    /// What the provider calls it, once it told.
    pub provider_id: Option<String>,
    /// When the request left at the earliest.
    pub sent_at: Option<UnixMillis>,
    /// Since when every look at the register found it absent.
    pub absent_since: Option<UnixMillis>,
    /// When the document was made.
    pub created_at: UnixMillis,
    /// How often it was sent or asked about.
    pub attempts: u32,
    /// Its sale, for refunds.
    pub parent: Option<Parent>,
    order_row: Option<String>,
    event_row: Option<String>,
    slot: String,
}

impl DueDocument {
    /// Whose part of a divided order it is; `None`: the whole order's.
    pub fn part(&self) -> Option<Receiver> {
        slot::part(&self.slot)
    }

    /// Of a closing or a Z-report: which shift (its id in the ledger).
    pub fn shift(&self) -> Option<&str> {
        let (_, shift) = self.slot.split_once(':')?;
        match self.kind {
            Kind::ZReport | Kind::Closing => Some(shift),
            Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut => None,
        }
    }

    /// A document in doubt as the settling of doubts sees it, for tests of pure decisions.
    pub fn in_doubt(
        id: DocumentId,
        kind: Kind,
        amount: Kopecks,
        means: PaymentMeans,
        sent_at: UnixMillis,
        absent_since: Option<UnixMillis>,
    ) -> Self {
        Self {
            token: id.token(),
            id,
            kind,
            due: Due::InDoubt,
            amount,
            means,
            content: None,
            lines: None,
            intent: None,
            sent: None,
            number: None,
            provider_id: None,
            sent_at: Some(sent_at),
            absent_since,
            created_at: sent_at,
            attempts: 1,
            parent: None,
            order_row: None,
            event_row: None,
            slot: String::new(),
        }
    }
}

/// The sale of a refund.
#[derive(Clone, Debug)]
pub struct Parent {
    /// Its fiscal number.
    pub fiscal_number: FiscalNumber,
    /// Its amount.
    pub amount: Kopecks,
    /// Its content.
    pub content: Receipt,
    /// The provider's form of it, exactly as it was registered.
    pub sent: Option<String>,
    /// What other refunds of it give back, or may have given back already.
    pub returned: Vec<Basket>,
}

/// The order's side of a sale whose content must be made (anew).
#[derive(Clone, Debug)]
pub struct SaleFacts {
    /// The shop's basket: the order's, or its receiver's for a part of it.
    pub basket: Option<Basket>,
    /// The shop's description.
    pub description: Option<String>,
    /// The event it follows from.
    pub event: Event,
}

/// What is committed before a request leaves.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its kind; a storno may have become a return.
    pub kind: Kind,
    /// What the receipt says; `None` for a storno.
    pub content: Option<Receipt>,
    /// The provider's form of the document, exactly as it will be sent.
    pub sent: String,
    /// The register's state before, as the provider adapter wants to find it again.
    pub before: String,
    /// It is made in a test shift and will be no fiscal receipt.
    pub testing: bool,
}

/// What became of a request or a question.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is on the tape.
    Registered(Registration),
    /// It is certainly not; it may be sent again, as this kind.
    NotDone(Kind),
    /// Nobody knows; ask again.
    Doubt {
        /// When.
        ask_at: UnixMillis,
        /// Since when every look found it absent; `None` when the last look was unclear.
        absent_since: Option<UnixMillis>,
    },
    /// The provider took it and tells the result later.
    Accepted {
        /// What it calls the document, if it said so.
        provider_id: Option<String>,
        /// When to ask for the result.
        ask_at: UnixMillis,
    },
    /// It waits for a person.
    Held(HoldReason, String),
}

/// One request to a provider, masked, as kept.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// The provider's command.
    pub command: String,
    /// The request as JSON text, without anything secret or personal.
    pub request: String,
    /// The answer likewise.
    pub response: Option<String>,
    /// HTTP status, when an answer came.
    pub http_status: Option<u16>,
    /// Our class of it: `done`, `not_done`, `unknown`, …
    pub outcome: &'static str,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's words.
    pub message: Option<String>,
    /// When it began.
    pub started_at: UnixMillis,
    /// How long it took.
    pub duration: Duration,
}

/// What a document's outcome does to its register.
#[derive(Clone, Debug)]
pub enum Health {
    /// It works: failures are forgotten and its alert closes.
    Good,
    /// Nothing is learned of it.
    Unchanged,
    /// A lost request may still run at the provider: nothing is sent before this.
    Quiet(UnixMillis),
    /// It is left alone until then, with an alert if it is worth one.
    Trouble {
        /// No request before this.
        until: UnixMillis,
        /// Why, in a word.
        word: String,
        /// Tell somebody.
        alert: Option<Box<NewAlert>>,
    },
}

/// An outcome with everything that is committed beside it.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// Of which document.
    pub document: DocumentId,
    /// The state it is expected in.
    pub from: Due,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// The requests made, in order.
    pub attempts: &'a [NewAttempt],
    /// What was learned of the register.
    pub health: &'a Health,
    /// What follows for the shift.
    pub follow: Follow<'a>,
}

/// What an outcome means for the shift it happened in.
#[derive(Clone, Copy, Debug)]
pub enum Follow<'a> {
    /// Nothing.
    Nothing,
    /// Its Z-report is on the tape.
    ZMade,
    /// It is closed, and this Z-report was made on the way or found.
    ShiftClosed(Option<&'a Registration>),
}

/// What a turn on a register begins with.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    /// No request before this.
    pub until: UnixMillis,
    /// A look is due then.
    pub look_at: UnixMillis,
    /// What names the shift that was open at the last look.
    pub shift: Option<String>,
}

/// Is the writer (epoch `$3`, owner `$4`) still the register's (`$2`) lease holder?
pub(crate) const HOLDS_LEASE: &str =
    "EXISTS (SELECT 1 FROM leases WHERE leases.register_id = $2 AND leases.epoch = $3 AND leases.owner = $4)";

/// The alert kind that [`Health::Good`] closes.
pub const REGISTER_TROUBLE: &str = "register_trouble";

/// The provider's view of a register was not the tax service's. Closes with the next document that is
/// registered.
pub const DESYNC: &str = "desync";

impl Ledger {
    /// The next document of this register to work on: doubts and results that may be asked about first, then the
    /// register's own (a closing must not wait behind receipts), then the oldest ready one. Four index
    /// look-ups, whatever the backlog.
    pub async fn next_due(&self, register: &RegisterId, now: UnixMillis) -> Result<Option<DueDocument>, LedgerError> {
        self.next_due_paced(register, now, now).await
    }

    /// The same where results are asked for no faster than their provider allows: only those whose time came until
    /// `results` are due ([`UnixMillis::EPOCH`]: none now). What is to be sent does not wait for them.
    pub async fn next_due_paced(
        &self,
        register: &RegisterId,
        now: UnixMillis,
        results: UnixMillis,
    ) -> Result<Option<DueDocument>, LedgerError> {
        const WHAT: &str = "find what is due";
        let statement = Statement::from_sql_and_values(
            self.backend(),
            "SELECT documents.* FROM documents JOIN (
                 SELECT * FROM (SELECT id, 0 AS rank FROM documents
                     WHERE register_id = $1 AND state IN ('sending', 'in_doubt') AND not_before <= $2
                     ORDER BY id LIMIT 1) AS unsettled
                 UNION ALL
                 SELECT * FROM (SELECT id, 0 AS rank FROM documents
                     WHERE register_id = $1 AND state = 'pending' AND not_before <= $3
                     ORDER BY not_before LIMIT 1) AS pending
                 UNION ALL
                 SELECT * FROM (SELECT id, 1 AS rank FROM documents
                     WHERE register_id = $1 AND state = 'ready' AND order_id IS NULL ORDER BY id LIMIT 1) AS own
                 UNION ALL
                 SELECT * FROM (SELECT id, 2 AS rank FROM documents
                     WHERE register_id = $1 AND state = 'ready' ORDER BY id LIMIT 1) AS ready
             ) AS due ON due.id = documents.id ORDER BY due.rank LIMIT 1",
            [register.as_str().into(), now.0.into(), results.0.into()],
        );
        let row = document::Entity::find()
            .from_raw_sql(statement)
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?;
        match row {
            Some(row) => due_document(self, row).await,
            None => Ok(None),
        }
    }

    /// When the register may be worked again, when to look at it, and the shift last seen open.
    pub async fn register_rest(&self, register: &RegisterId) -> Result<Rest, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a register's backoff",
            "SELECT registers.not_before AS not_before, register_days.look_at AS look_at, shifts.reference AS reference
             FROM registers LEFT JOIN register_days ON register_days.register_id = registers.id
             LEFT JOIN shifts ON shifts.register_id = registers.id AND shifts.closed_at IS NULL
             WHERE registers.id = $1",
            [register.as_str().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Rest::default());
        };
        Ok(Rest {
            until: UnixMillis(sql::get(&row, "not_before")?),
            look_at: UnixMillis(sql::get::<Option<i64>>(&row, "look_at")?.unwrap_or(i64::MAX)),
            shift: sql::get(&row, "reference")?,
        })
    }

    /// What the order says of a sale, for making its content.
    pub async fn sale_facts(&self, document: &DueDocument) -> Result<SaleFacts, LedgerError> {
        const WHAT: &str = "read an order";
        let order = order::Entity::find_by_id(document.order_row.as_deref().unwrap_or_default())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?
            .ok_or(LedgerError::UnknownValue {
                column: "documents.order_id",
            })?;
        let event = event::Entity::find_by_id(document.event_row.as_deref().unwrap_or_default())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?
            .ok_or(LedgerError::UnknownValue {
                column: "documents.event_id",
            })?;
        let basket = match document.part() {
            None => order
                .basket
                .as_deref()
                .map(|text| json::read_basket(text, "orders.basket"))
                .transpose()?,
            Some(receiver) => splits::read_told(order.receivers.as_deref(), "orders.receivers")?
                .into_iter()
                .find(|told| told.receiver == receiver)
                .and_then(|told| told.basket),
        };
        Ok(SaleFacts {
            basket,
            description: order.description,
            event: json::read_event(&event.event, "events.event")?,
        })
    }

    /// What the source of a sale's event wants done when the basket is not worth what was paid.
    pub async fn mismatch_policy(&self, document: &DueDocument) -> Result<MismatchPolicy, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a source's policy",
            "SELECT sources.on_mismatch AS policy FROM events JOIN sources ON sources.id = events.source_id
             WHERE events.id = $1",
            [document.event_row.clone().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(MismatchPolicy::Hold);
        };
        MismatchPolicy::parse(&sql::get::<String>(&row, "policy")?).ok_or(LedgerError::UnknownValue {
            column: "sources.on_mismatch",
        })
    }

    /// How to reach the buyer of a document's order.
    pub async fn buyer_of(&self, document: &DueDocument) -> Result<Buyer, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read an order's buyer",
            "SELECT buyer FROM orders WHERE id = $1",
            [document.order_row.clone().into()],
        )
        .await?;
        let text: Option<String> = row.map(|row| sql::get(&row, "buyer")).transpose()?.flatten();
        let told = text.map(|text| json::read(&text, "orders.buyer")).transpose()?;
        Ok(told.unwrap_or_default())
    }

    /// Commits the intent to send a ready document and extends the lease to its full length in the
    /// same transaction. What the provider called an earlier sending is forgotten: its result is not this one's. False: the lease is lost or the document is not ready; do not send.
    pub async fn begin_sending(
        &self,
        lease: &Lease,
        document: DocumentId,
        intent: &Intent,
        lease_length: Duration,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "commit an intent";
        let tx = self.begin(WHAT).await?;
        if !leases::renew(&tx, lease, lease_length).await? {
            return Ok(false);
        }
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE documents SET state = 'sending', kind = $4, content = $5, sent = $6, intent = $7, epoch = $3,
                 sent_at = $8, updated_at = $8, attempts = attempts + 1, not_before = 0, absent_since = NULL,
                 testing = $9, provider_id = NULL
             WHERE id = $1 AND register_id = $2 AND state = 'ready'",
            [
                document.to_string().into(),
                lease.register.as_str().into(),
                lease.epoch.into(),
                intent.kind.as_str().into(),
                intent.content.as_ref().map(json::write_receipt).into(),
                intent.sent.as_str().into(),
                intent.before.as_str().into(),
                now.0.into(),
                intent.testing.into(),
            ],
        )
        .await?;
        if changed == 0 {
            return Ok(false);
        }
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Gives a document its number for a provider that wants one of ours: unique on its register and growing. It
    /// never falls behind the clock's seconds, so that a ledger restored from a backup does not give a number
    /// twice. Once given it stays. `None`: the lease is lost or the document is not ready.
    pub async fn number_document(
        &self,
        lease: &Lease,
        document: DocumentId,
        now: UnixMillis,
    ) -> Result<Option<i64>, LedgerError> {
        const WHAT: &str = "number a document";
        let tx = self.begin(WHAT).await?;
        let statement = format!(
            "UPDATE registers SET last_number = CASE WHEN last_number >= $5 THEN last_number + 1 ELSE $5 END
             WHERE id = $2 AND {HOLDS_LEASE} AND EXISTS (SELECT 1 FROM documents
                 WHERE id = $1 AND register_id = $2 AND state = 'ready' AND number IS NULL)"
        );
        let values = [
            document.to_string().into(),
            lease.register.as_str().into(),
            lease.epoch.into(),
            lease.owner.as_str().into(),
            (now.0 / 1000).into(),
        ];
        if sql::execute(&tx, WHAT, &statement, values).await? == 1 {
            sql::execute(
                &tx,
                WHAT,
                "UPDATE documents SET number = (SELECT last_number FROM registers WHERE registers.id = $2)
                 WHERE id = $1 AND register_id = $2",
                [document.to_string().into(), lease.register.as_str().into()],
            )
            .await?;
        }
        let row = sql::query_one(
            &tx,
            WHAT,
            &format!(
                "SELECT number FROM documents WHERE id = $1 AND register_id = $2 AND state = 'ready' AND {HOLDS_LEASE}"
            ),
            [
                document.to_string().into(),
                lease.register.as_str().into(),
                lease.epoch.into(),
                lease.owner.as_str().into(),
            ],
        )
        .await?;
        sql::commit(tx, WHAT).await?;
        match row {
            Some(row) => sql::get(&row, "number"),
            None => Ok(None),
        }
    }

    /// A `sending` row met by whoever holds the lease now is in doubt, never ready. False: the lease
    /// is lost or the document moved on.
    pub async fn doubt_abandoned(
        &self,
        lease: &Lease,
        document: DocumentId,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let statement = format!(
            "UPDATE documents SET state = 'in_doubt', epoch = $3, not_before = 0, updated_at = $5
             WHERE id = $1 AND register_id = $2 AND state = 'sending' AND epoch <= $3 AND {HOLDS_LEASE}"
        );
        let values = [
            document.to_string().into(),
            lease.register.as_str().into(),
            lease.epoch.into(),
            lease.owner.as_str().into(),
            now.0.into(),
        ];
        Ok(sql::execute(&self.db, "doubt an abandoned document", &statement, values).await? == 1)
    }

    /// Commits what became of a document together with everything that follows: attempts, waiting
    /// refunds, the hold, the register's health, messages to the buyer and the shop (their lanes are returned, to
    /// be rung for). `None`: the document moved on without us.
    pub async fn finish(
        &self,
        lease: &Lease,
        settled: &Settled<'_>,
        now: UnixMillis,
    ) -> Result<Option<Vec<LaneId>>, LedgerError> {
        const WHAT: &str = "commit an outcome";
        let Settled {
            document,
            from,
            outcome,
            attempts,
            health,
            follow,
        } = *settled;
        let tx = self.begin(WHAT).await?;
        let changed = write_outcome(&tx, lease, document, from, outcome, now).await?;
        if changed == 0 {
            return Ok(None);
        }
        let mut lanes = Vec::new();
        record(&tx, lease, Some(document), attempts).await?;
        match outcome {
            Outcome::Registered(registration) => {
                sql::execute(
                    &tx,
                    WHAT,
                    "UPDATE documents SET state = 'ready', updated_at = $2 WHERE parent_id = $1 AND state = 'waiting'",
                    [document.to_string().into(), now.0.into()],
                )
                .await?;
                let cleaned = sql::execute(
                    &tx,
                    WHAT,
                    "UPDATE register_days SET cleanups = 0 WHERE register_id = $1 AND cleanups > 0",
                    [lease.register.as_str().into()],
                )
                .await?;
                if cleaned > 0 {
                    alerts::resolve(&tx, DESYNC, lease.register.as_str(), now).await?;
                }
                if let Some(drawn) = &registration.rendering {
                    renderings::keep(&tx, document, drawn.html, &drawn.body, now).await?;
                }
                shifts::follow(&tx, document, registration, follow, now).await?;
                lanes = deliveries::announce(&tx, &document.to_string(), News::Registered, now).await?;
            }
            Outcome::Held(reason, text) => plan::open_hold(&tx, document, *reason, text, now).await?,
            Outcome::NotDone(_) | Outcome::Doubt { .. } | Outcome::Accepted { .. } => {}
        }
        notices::after_outcome(&tx, &lease.register, document, now).await?;
        write_health(&tx, &lease.register, health, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Some(lanes))
    }

    /// Keeps attempts that belong to no outcome, and the register's health.
    pub async fn note_register(
        &self,
        lease: &Lease,
        document: Option<DocumentId>,
        attempts: &[NewAttempt],
        health: &Health,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        const WHAT: &str = "note a register's health";
        let tx = self.begin(WHAT).await?;
        write_health(&tx, &lease.register, health, now).await?;
        record(&tx, lease, document, attempts).await?;
        sql::commit(tx, WHAT).await
    }

    /// Fiscal numbers of this register that our documents have, among `numbers`.
    pub async fn known_numbers(&self, register: &RegisterId, numbers: &[String]) -> Result<Vec<String>, LedgerError> {
        let rows = document::Entity::find()
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .filter(document::Column::FiscalNumber.is_in(numbers.iter().map(String::as_str)))
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("find known documents", error))?;
        Ok(rows.into_iter().filter_map(|row| row.fiscal_number).collect())
    }
}

async fn write_outcome(
    tx: &DatabaseTransaction,
    lease: &Lease,
    document: DocumentId,
    from: Due,
    outcome: &Outcome,
    now: UnixMillis,
) -> Result<u64, LedgerError> {
    const WHAT: &str = "commit an outcome";
    let from_state = match from {
        Due::Ready => State::Ready,
        Due::Sending => State::Sending,
        Due::InDoubt => State::InDoubt,
        Due::Pending => State::Pending,
    };
    let from_tag = from_state.tag();
    let stays = matches!(
        (from, outcome),
        (Due::InDoubt, Outcome::Doubt { .. }) | (Due::Pending, Outcome::Accepted { .. })
    );
    let happening = match outcome {
        Outcome::Registered(registration) => Happening::Done(registration.clone()),
        Outcome::NotDone(_) => Happening::NotDone,
        Outcome::Doubt { .. } => Happening::AnswerLost,
        Outcome::Accepted { .. } => Happening::AcceptedForLater,
        Outcome::Held(reason, _) => Happening::Stopped(*reason),
    };
    let to = if stays {
        from_state
    } else {
        from_state.on(happening).map_err(|_| LedgerError::UnknownValue {
            column: "documents.state",
        })?
    };
    // A request's outcome belongs to the epoch that sent it; a doubt may be settled by any later one.
    let epochs = if from == Due::Sending {
        "epoch = $3"
    } else {
        "epoch <= $3"
    };
    let head = [
        document.to_string().into(),
        lease.register.as_str().into(),
        lease.epoch.into(),
        lease.owner.as_str().into(),
        from_tag.into(),
        to.tag().into(),
        now.0.into(),
    ];
    let (set, rest): (&str, Vec<sea_orm::Value>) = match outcome {
        Outcome::Registered(registration) => (
            "fiscal_number = $8, local_number = $9, registered_at = $10, presence = $11, url = $12, qr_code = $13,
             done_at = $7, not_before = 0, receipt_token = coalesce(receipt_token, $14),
             provider_id = coalesce($15, provider_id)",
            vec![
                registration.fiscal_number.as_str().into(),
                registration.local_number.into(),
                registration.registered_at.as_str().into(),
                registration.presence.as_str().into(),
                registration.url.clone().into(),
                registration.qr_code.clone().into(),
                deliveries::fresh_token().into(),
                registration.provider_id.clone().into(),
            ],
        ),
        Outcome::NotDone(kind) => (
            "kind = $8, not_before = 0, absent_since = NULL",
            vec![kind.as_str().into()],
        ),
        Outcome::Doubt { ask_at, absent_since } => (
            "not_before = $8, absent_since = $9",
            vec![ask_at.0.into(), absent_since.map(|since| since.0).into()],
        ),
        Outcome::Accepted { provider_id, ask_at } => (
            "not_before = $8, provider_id = coalesce($9, provider_id), absent_since = NULL",
            vec![ask_at.0.into(), provider_id.clone().into()],
        ),
        Outcome::Held(reason, text) => (
            "hold_reason = $8, hold_text = $9",
            vec![reason.code().into(), text.as_str().into()],
        ),
    };
    let statement = format!(
        "UPDATE documents SET state = $6, updated_at = $7, {set}
         WHERE id = $1 AND register_id = $2 AND state = $5 AND {epochs} AND {HOLDS_LEASE}"
    );
    sql::execute(tx, WHAT, &statement, head.into_iter().chain(rest)).await
}

pub(crate) async fn record(
    tx: &DatabaseTransaction,
    lease: &Lease,
    document: Option<DocumentId>,
    attempts: &[NewAttempt],
) -> Result<(), LedgerError> {
    if attempts.is_empty() {
        return Ok(());
    }
    let rows = attempts.iter().map(|made| attempt::ActiveModel {
        id: Set(Uuid::now_v7().to_string()),
        document_id: Set(document.map(|id| id.to_string())),
        register_id: Set(lease.register.as_str().to_owned()),
        epoch: Set(lease.epoch),
        command: Set(made.command.clone()),
        request: Set(made.request.clone()),
        response: Set(made.response.clone()),
        http_status: Set(made.http_status.map(i64::from)),
        outcome: Set(made.outcome.to_owned()),
        code: Set(made.code.clone()),
        message: Set(made.message.clone()),
        started_at: Set(made.started_at.0),
        duration_ms: Set(i64::try_from(made.duration.as_millis()).unwrap_or(i64::MAX)),
    });
    attempt::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .map_err(|error| LedgerError::from_db("record attempts", error))?;
    Ok(())
}

pub(crate) async fn write_health(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    health: &Health,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    const WHAT: &str = "note a register's health";
    match health {
        Health::Unchanged => Ok(()),
        Health::Quiet(until) => {
            sql::execute(
                tx,
                WHAT,
                "UPDATE registers SET not_before = $2, trouble = NULL WHERE id = $1 AND not_before < $2",
                [register.as_str().into(), until.0.into()],
            )
            .await?;
            Ok(())
        }
        Health::Good => {
            let healed = sql::execute(
                tx,
                WHAT,
                "UPDATE registers SET failures = 0, not_before = 0, trouble = NULL, failing_since = NULL
                 WHERE id = $1 AND (failures > 0 OR not_before > 0)",
                [register.as_str().into()],
            )
            .await?;
            if healed == 0 {
                return Ok(());
            }
            alerts::resolve(tx, REGISTER_TROUBLE, register.as_str(), now).await
        }
        Health::Trouble { until, word, alert } => {
            sql::execute(
                tx,
                WHAT,
                "UPDATE registers SET failures = failures + 1, not_before = $2, trouble = $3,
                     failing_since = coalesce(failing_since, $4) WHERE id = $1",
                [
                    register.as_str().into(),
                    until.0.into(),
                    word.as_str().into(),
                    now.0.into(),
                ],
            )
            .await?;
            match alert {
                Some(alert) => alerts::raise(tx, alert, now).await,
                None => Ok(()),
            }
        }
    }
}

async fn due_document(ledger: &Ledger, row: document::Model) -> Result<Option<DueDocument>, LedgerError> {
    let due = match row.state.as_str() {
        "ready" => Due::Ready,
        "sending" => Due::Sending,
        "in_doubt" => Due::InDoubt,
        "pending" => Due::Pending,
        _ => return Ok(None),
    };
    let parent = match &row.parent_id {
        Some(parent) => load_parent(ledger, parent, &row.id).await?,
        None => None,
    };
    Ok(Some(DueDocument {
        id: document_id(&row.id)?,
        kind: kind(&row.kind)?,
        due,
        amount: kopecks(row.amount, "documents.amount")?,
        token: row.token.clone(),
        means: plan::means(&row)?,
        content: row
            .content
            .as_deref()
            .map(|text| json::read_receipt(text, "documents.content"))
            .transpose()?,
        lines: row
            .lines
            .as_deref()
            .map(|text| json::read_basket(text, "documents.lines"))
            .transpose()?,
        intent: row.intent,
        sent: row.sent,
        number: row.number,
        provider_id: row.provider_id,
        sent_at: row.sent_at.map(UnixMillis),
        absent_since: row.absent_since.map(UnixMillis),
        created_at: UnixMillis(row.created_at),
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        parent,
        order_row: row.order_id,
        event_row: row.event_id,
        slot: row.slot,
    }))
}

/// The sale and what its other refunds took. A refund that may have reached the tape counts.
async fn load_parent(ledger: &Ledger, parent: &str, refund: &str) -> Result<Option<Parent>, LedgerError> {
    const WHAT: &str = "read a sale";
    let from_db = |error| LedgerError::from_db(WHAT, error);
    let Some(sale) = document::Entity::find_by_id(parent)
        .one(&ledger.db)
        .await
        .map_err(from_db)?
    else {
        return Ok(None);
    };
    let (Some(number), Some(content)) = (&sale.fiscal_number, &sale.content) else {
        return Ok(None);
    };
    let content = json::read_receipt(content, "documents.content")?;
    let siblings = document::Entity::find()
        .filter(document::Column::ParentId.eq(parent))
        .filter(document::Column::Id.ne(refund))
        .filter(document::Column::State.is_in(["sending", "in_doubt", "pending", "registered"]))
        .all(&ledger.db)
        .await
        .map_err(from_db)?;
    let returned = siblings
        .iter()
        .map(|sibling| match &sibling.content {
            Some(text) => Ok(json::read_receipt(text, "documents.content")?.basket),
            // A storno takes the whole sale.
            None => Ok(content.basket.clone()),
        })
        .collect::<Result<_, LedgerError>>()?;
    Ok(Some(Parent {
        fiscal_number: FiscalNumber::parse(number).map_err(|_| LedgerError::UnknownValue {
            column: "documents.fiscal_number",
        })?,
        amount: kopecks(sale.amount, "documents.amount")?,
        content,
        sent: sale.sent,
        returned,
    }))
}
