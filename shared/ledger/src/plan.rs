//! Planning: an event becomes documents, all of them or none, in one transaction under the order's
//! row lock. What follows from an event is the caller's pure decision.

use domain::basket::Basket;
use domain::document::Kind;
use domain::event::{Event, PaymentMeans};
use domain::hold::HoldReason;
use domain::ids::{DocumentId, MerchantId, Receiver, RegisterId};
use domain::money::Kopecks;
use domain::receipt::Receipt;
use domain::time::UnixMillis;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Statement,
};
use uuid::Uuid;

use crate::alerts::{self, NewAlert, Severity, Words};
use crate::entities::{document, order};
use crate::events::PendingEvent;
use crate::orders::Buyer;
use crate::splits::{self, KnownPart, ToldReceiver};
use crate::{Ledger, LedgerError, gateway, json, slot, sql};

pub use crate::slot::SALE;

/// What is known of the order when one of its events is planned.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The shop's basket, if it sent one.
    pub basket: Option<Basket>,
    /// The shop's description, if it sent one.
    pub description: Option<String>,
    /// The documents planned so far, oldest first.
    pub documents: Vec<Planned>,
    /// Who gets what of it, as the shop told it.
    pub receivers: Vec<ToldReceiver>,
    /// How it was divided so far; empty while it is whole.
    pub parts: Vec<KnownPart>,
}

/// A document that was planned before.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its id.
    pub id: DocumentId,
    /// On which register.
    pub register: RegisterId,
    /// Its kind.
    pub kind: Kind,
    /// Its slot (see [`NewDocument::slot`]).
    pub slot: String,
    /// Its amount.
    pub amount: Kopecks,
    /// The payment it belongs to.
    pub payment_id: Option<String>,
    /// Why it is held, or was until a person settled it another way.
    pub held: Option<HoldReason>,
    /// A person settled it another way.
    pub closed: bool,
    /// False for a refund that came before its sale.
    pub has_parent: bool,
}

/// A document to be made.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// On which register.
    pub register: RegisterId,
    /// What it does.
    pub kind: Kind,
    /// Its place in the order, unique there (see [`crate::slot`]). It is what makes one payment one
    /// receipt, whoever plans at the same time.
    pub slot: String,
    /// How much.
    pub amount: Kopecks,
    /// Ready, waiting for its sale, or held.
    pub start: Start,
    /// The refund's own lines, if the event had any.
    pub lines: Option<Basket>,
}

/// How a new document begins.
#[derive(Clone, Debug)]
pub enum Start {
    /// A sale that may be sent, with its content.
    Ready(Box<Receipt>),
    /// A refund; it becomes ready when the order's sale is registered.
    AfterSale,
    /// It waits for a person.
    Held(HoldReason, String),
}

/// What follows from an event.
#[derive(Clone, Debug)]
pub enum Plan {
    /// These documents, and these earlier refunds now belong to the sale (or are held).
    Documents {
        /// To be made.
        documents: Vec<NewDocument>,
        /// Refunds that came first and turn out to exceed the sale.
        exceeding: Vec<(DocumentId, String)>,
        /// What it does to an order that is divided between receivers.
        split: Option<Box<SplitPlan>>,
    },
    /// Not yet: what is still needed is said. The order is there and shows the event that waits.
    Wait(String),
    /// Nothing; the note says why.
    Ignore(String),
}

/// What a plan does to an order that is divided between receivers.
#[derive(Clone, Debug, Default)]
pub struct SplitPlan {
    /// The parts as they are from now on.
    pub parts: Vec<KnownPart>,
    /// Refunds that came first without saying whose they are: each is held.
    pub unplaced: Vec<(DocumentId, String)>,
    /// Held documents that this plan settles, with how.
    pub settled: Vec<(DocumentId, &'static str)>,
}

/// What planning did.
#[derive(Clone, Debug, Default)]
pub struct PlanResult {
    /// Why nothing was planned yet; the caller puts the event off.
    pub waits: Option<String>,
    /// Registers to ring, with "it had nothing else due".
    pub bells: Vec<(RegisterId, bool)>,
    /// Documents made.
    pub documents: usize,
    /// Of these, held at once.
    pub held: usize,
}

impl Ledger {
    /// Plans an event: `decide` sees the order as it is under its lock. `event` is the event as
    /// confirmed, which may say more than what was stored. `None` when somebody else planned it
    /// first. Safe to repeat. [`LedgerError::MadeByGateway`]: nothing of this order is ours to plan.
    pub async fn plan(
        &self,
        pending: &PendingEvent,
        event: &Event,
        now: UnixMillis,
        decide: impl FnOnce(&Standing) -> Plan + Send,
    ) -> Result<Option<PlanResult>, LedgerError> {
        const WHAT: &str = "plan an event";
        let tx = self.begin(WHAT).await?;
        let order = lock_order(&tx, pending, event, now).await?;
        // Whatever the source's mode is now: what the payment system began, it goes on with.
        if order.version != FIRST_VERSION && gateway::makes_receipts_of(&tx, &order.id).await? {
            return Err(LedgerError::MadeByGateway);
        }
        let settled = sql::query_one(
            &tx,
            WHAT,
            "UPDATE events SET state = 'planned', order_id = $2, settled_at = $3, note = NULL
             WHERE id = $1 AND state = 'new' RETURNING attempts",
            [pending.id.to_string().into(), order.id.as_str().into(), now.0.into()],
        )
        .await?;
        let Some(settled) = settled else {
            return Ok(None);
        };
        let waited = sql::get::<i64>(&settled, "attempts")? > 0;
        // An order that this very transaction made has no documents yet.
        let rows = if order.version == FIRST_VERSION {
            Vec::new()
        } else {
            lock_sale(&tx, &order.id).await?;
            documents_of(&tx, &order.id).await?
        };
        adopt_payer(&tx, &order, event).await?;
        let parts = if order.version == FIRST_VERSION {
            Vec::new()
        } else {
            splits::parts_of(&tx, &order.id).await?
        };
        let standing = standing(&order, &rows, parts)?;
        let mut result = PlanResult::default();
        match decide(&standing) {
            Plan::Wait(why) => {
                sql::execute(
                    &tx,
                    WHAT,
                    "UPDATE events SET state = 'new', settled_at = NULL WHERE id = $1",
                    [pending.id.to_string().into()],
                )
                .await?;
                result.waits = Some(why);
            }
            Plan::Ignore(note) => {
                sql::execute(
                    &tx,
                    WHAT,
                    "UPDATE events SET state = 'ignored', note = $2 WHERE id = $1",
                    [pending.id.to_string().into(), note.into()],
                )
                .await?;
            }
            Plan::Documents {
                documents,
                exceeding,
                split,
            } => {
                let mut maker = Maker {
                    tx: &tx,
                    pending,
                    event,
                    order: &order,
                    rows,
                    now,
                };
                for (id, text) in exceeding {
                    hold(&tx, id, HoldReason::RefundExceedsSale, &text, now).await?;
                }
                if let Some(split) = split {
                    for (id, text) in &split.unplaced {
                        hold(&tx, *id, HoldReason::ReceiverUnknown, text, now).await?;
                    }
                    for (id, how) in &split.settled {
                        settle_hold(&tx, *id, how, now).await?;
                    }
                    splits::put_parts(&tx, &order.id, &pending.id.to_string(), &split.parts, now).await?;
                }
                for new in documents {
                    result.documents += 1;
                    match maker.insert(&new).await? {
                        Begun::Held => result.held += 1,
                        Begun::Waiting => {}
                        Begun::Ready => {
                            let idle = !has_other_due(&tx, &new.register).await?;
                            result.bells.push((new.register, idle));
                        }
                    }
                }
            }
        }
        if result.waits.is_none() && waited {
            for kind in [EVENT_WAITS, SPLIT_WAITS] {
                alerts::resolve(&tx, kind, &pending.id.to_string(), now).await?;
            }
        }
        sql::commit(tx, WHAT).await?;
        Ok(Some(result))
    }
}

enum Begun {
    Ready,
    Waiting,
    Held,
}

/// Inserts the documents of one plan; a sale that comes later adopts the refunds that came first.
struct Maker<'a> {
    tx: &'a DatabaseTransaction,
    pending: &'a PendingEvent,
    event: &'a Event,
    order: &'a order::Model,
    rows: Vec<document::Model>,
    now: UnixMillis,
}

impl Maker<'_> {
    async fn insert(&mut self, new: &NewDocument) -> Result<Begun, LedgerError> {
        const WHAT: &str = "make a document";
        let id = DocumentId::from_uuid(Uuid::now_v7());
        let sale_at = |wanted: &str| {
            let mut rows = self.rows.iter();
            rows.find(|row| row.kind == Kind::Sale.as_str() && row.slot == wanted)
        };
        // What comes back of a part comes back of that part's sale; of an order that was not divided after all, of
        // its one sale.
        let part = slot::part(&new.slot);
        let sale = sale_at(&slot::sale(part.as_ref())).or_else(|| sale_at(SALE));
        // A refund of a sale that was made by hand would wait for ever.
        let orphaned = matches!(new.start, Start::AfterSale) && sale.is_some_and(|sale| sale.state == CLOSED);
        let start = if orphaned {
            &Start::Held(HoldReason::SaleClosed, SALE_CLOSED.to_owned())
        } else {
            &new.start
        };
        let (state, begun) = match start {
            Start::Ready(_) => ("ready", Begun::Ready),
            Start::Held(..) => ("held", Begun::Held),
            Start::AfterSale if sale.is_some_and(|sale| sale.state == "registered") => ("ready", Begun::Ready),
            Start::AfterSale => ("waiting", Begun::Waiting),
        };
        let parent = new.kind.is_refund().then(|| sale.map(|sale| sale.id.clone())).flatten();
        let content = match start {
            Start::Ready(receipt) => Some(json::write_receipt(receipt)),
            Start::AfterSale | Start::Held(..) => None,
        };
        let row = document::ActiveModel {
            id: Set(id.to_string()),
            merchant_id: Set(self.pending.merchant.as_str().to_owned()),
            register_id: Set(Some(new.register.as_str().to_owned())),
            order_id: Set(Some(self.order.id.clone())),
            event_id: Set(Some(self.pending.id.to_string())),
            parent_id: Set(parent),
            slot: Set(new.slot.clone()),
            token: Set(id.token()),
            kind: Set(new.kind.as_str().to_owned()),
            state: Set(state.to_owned()),
            amount: Set(minor(new.amount)),
            payment_id: Set(self.event.payment_id.clone()),
            means: Set(json::write_means(&self.event.means)),
            lines: Set(new.lines.as_ref().map(json::write_basket)),
            content: Set(content),
            created_at: Set(self.now.0),
            updated_at: Set(self.now.0),
            card_tail: Set(self.event.means.masked_card.as_deref().and_then(card_tail)),
            ..hold_columns(start)
        };
        let row = row
            .insert(self.tx)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?;
        if let Start::Held(reason, text) = start {
            open_hold(self.tx, id, *reason, text, self.now).await?;
        }
        if new.kind == Kind::Sale && slot::is_sale(&new.slot) {
            self.adopt(id, part.as_ref()).await?;
        }
        self.rows.push(row);
        Ok(begun)
    }

    /// Refunds that came before their sale belong to it now: a whole order's takes all, a part's its own.
    async fn adopt(&self, sale: DocumentId, part: Option<&Receiver>) -> Result<(), LedgerError> {
        let came_first = |row: &&document::Model| {
            row.kind != Kind::Sale.as_str()
                && row.parent_id.is_none()
                && (part.is_none() || slot::part(&row.slot).as_ref() == part)
        };
        for row in self.rows.iter().filter(came_first) {
            sql::execute(
                self.tx,
                "adopt a refund that came first",
                "UPDATE documents SET parent_id = $2, updated_at = $3 WHERE id = $1 AND parent_id IS NULL",
                [row.id.as_str().into(), sale.to_string().into(), self.now.0.into()],
            )
            .await?;
            alerts::resolve(self.tx, REFUND_WITHOUT_SALE, &row.id, self.now).await?;
        }
        Ok(())
    }
}

/// The kind of alert that is open while an event cannot be planned.
pub const EVENT_WAITS: &str = "event_waits";

/// The kind of alert that is open while a payment waits too long for its receivers.
pub const SPLIT_WAITS: &str = "split_waits";

/// The kind of alert that is open while a refund waits too long for a sale nobody told us of.
pub const REFUND_WITHOUT_SALE: &str = "refund_without_sale";

/// The state of a document that a person settled another way.
pub(crate) const CLOSED: &str = "closed";

/// Why a refund of a closed sale is held.
pub(crate) const SALE_CLOSED: &str = "its sale was settled by hand and has no receipt here";

/// What a receipt is looked for by: the card's last four digits, if they can be seen.
pub(crate) fn card_tail(masked: &str) -> Option<String> {
    let tail = masked.get(masked.len().checked_sub(4)?..)?;
    tail.bytes().all(|byte| byte.is_ascii_digit()).then(|| tail.to_owned())
}

fn hold_columns(start: &Start) -> document::ActiveModel {
    let (reason, text) = match start {
        Start::Held(reason, text) => (Some(reason.code().to_owned()), Some(text.clone())),
        Start::Ready(_) | Start::AfterSale => (None, None),
    };
    document::ActiveModel {
        hold_reason: Set(reason),
        hold_text: Set(text),
        epoch: Set(0),
        not_before: Set(0),
        attempts: Set(0),
        ..Default::default()
    }
}

/// Makes the order if it is new, and locks its row until the transaction ends.
pub(crate) async fn lock_order(
    tx: &DatabaseTransaction,
    pending: &PendingEvent,
    event: &Event,
    now: UnixMillis,
) -> Result<order::Model, LedgerError> {
    const WHAT: &str = "lock an order";
    let statement = Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO orders (id, merchant_id, external_key, external_id, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $6, $5, $5)
         ON CONFLICT (merchant_id, external_key) DO UPDATE SET version = orders.version + 1
         RETURNING *",
        [
            sql::id_at(now).into(),
            pending.merchant.as_str().into(),
            sql::digest(event.order.as_str().as_bytes()).into(),
            event.order.as_str().into(),
            now.0.into(),
            FIRST_VERSION.into(),
        ],
    );
    order::Entity::find()
        .from_raw_sql(statement)
        .one(tx)
        .await
        .map_err(|error| LedgerError::from_db(WHAT, error))?
        .ok_or(LedgerError::UnknownValue {
            column: "orders.external_key",
        })
}

/// The version of an order that was just made; every later change counts on from it.
const FIRST_VERSION: i64 = 1;

/// The payer's address serves until the shop tells who bought.
pub(crate) async fn adopt_payer(
    tx: &DatabaseTransaction,
    order: &order::Model,
    event: &Event,
) -> Result<(), LedgerError> {
    let Some(email) = &event.payer_email else {
        return Ok(());
    };
    let known: Option<Buyer> = order
        .buyer
        .as_deref()
        .map(|text| json::read(text, "orders.buyer"))
        .transpose()?;
    if known.as_ref().is_some_and(|buyer| buyer.email.is_some()) {
        return Ok(());
    }
    let buyer = Buyer {
        email: Some(email.expose().to_owned()),
        ..known.unwrap_or_default()
    };
    sql::execute(
        tx,
        "keep the payer's address",
        "UPDATE orders SET buyer = $2, email = $3 WHERE id = $1",
        [
            order.id.as_str().into(),
            json::write(&buyer).into(),
            buyer.email_key().into(),
        ],
    )
    .await?;
    Ok(())
}

async fn documents_of(tx: &DatabaseTransaction, order: &str) -> Result<Vec<document::Model>, LedgerError> {
    document::Entity::find()
        .filter(document::Column::OrderId.eq(order))
        .order_by_asc(document::Column::Id)
        .all(tx)
        .await
        .map_err(|error| LedgerError::from_db("read an order's documents", error))
}

/// Locks the order's sales, if it has any: a refund that is planned while its sale is being
/// registered would miss the moment when waiting refunds become ready, and wait for ever.
async fn lock_sale(tx: &DatabaseTransaction, order: &str) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "lock an order's sale",
        "UPDATE documents SET updated_at = updated_at WHERE order_id = $1 AND (slot = $2 OR slot LIKE 'sale@%')",
        [order.into(), SALE.into()],
    )
    .await?;
    Ok(())
}

fn standing(order: &order::Model, rows: &[document::Model], parts: Vec<KnownPart>) -> Result<Standing, LedgerError> {
    // What a payment system's own register made is on no tape of ours.
    let ours = rows.iter().filter_map(|row| Some((row, row.register_id.as_deref()?)));
    let documents = ours
        .map(|(row, register)| {
            Ok(Planned {
                id: document_id(&row.id)?,
                register: RegisterId::parse(register).map_err(|_| LedgerError::UnknownValue {
                    column: "documents.register_id",
                })?,
                kind: kind(&row.kind)?,
                slot: row.slot.clone(),
                amount: kopecks(row.amount, "documents.amount")?,
                payment_id: row.payment_id.clone(),
                held: row
                    .hold_reason
                    .as_deref()
                    .filter(|_| row.state == "held" || row.state == "closed")
                    .map(hold_reason)
                    .transpose()?,
                closed: row.state == CLOSED,
                has_parent: row.parent_id.is_some(),
            })
        })
        .collect::<Result<_, LedgerError>>()?;
    let basket = order
        .basket
        .as_deref()
        .map(|text| json::read_basket(text, "orders.basket"))
        .transpose()?;
    Ok(Standing {
        basket,
        description: order.description.clone(),
        documents,
        receivers: splits::read_told(order.receivers.as_deref(), "orders.receivers")?,
        parts,
    })
}

/// Is anything else due on this register? Two rows of a partial index tell.
pub(crate) async fn has_other_due(db: &impl ConnectionTrait, register: &RegisterId) -> Result<bool, LedgerError> {
    let rows = sql::query(
        db,
        "look at a register's backlog",
        "SELECT id FROM documents WHERE register_id = $1 AND state IN ('ready', 'sending', 'in_doubt') LIMIT 2",
        [register.as_str().into()],
    )
    .await?;
    Ok(rows.len() > 1)
}

pub(crate) async fn hold(
    tx: &DatabaseTransaction,
    id: DocumentId,
    reason: HoldReason,
    text: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let changed = sql::execute(
        tx,
        "hold a document",
        "UPDATE documents SET state = 'held', hold_reason = $2, hold_text = $3, updated_at = $4
         WHERE id = $1 AND state IN ('waiting', 'ready')",
        [id.to_string().into(), reason.code().into(), text.into(), now.0.into()],
    )
    .await?;
    if changed == 1 {
        open_hold(tx, id, reason, text, now).await?;
    }
    Ok(())
}

/// A held document is settled by what was told since: nobody needs to look at it any more.
pub(crate) async fn settle_hold(
    tx: &DatabaseTransaction,
    id: DocumentId,
    how: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    const WHAT: &str = "settle a hold";
    let changed = sql::execute(
        tx,
        WHAT,
        "UPDATE documents SET state = 'closed', updated_at = $2 WHERE id = $1 AND state = 'held'",
        [id.to_string().into(), now.0.into()],
    )
    .await?;
    if changed == 0 {
        return Ok(());
    }
    sql::execute(
        tx,
        WHAT,
        "UPDATE holds SET resolved_at = $2, resolved_by = $3, resolution = $4
         WHERE document_id = $1 AND resolved_at IS NULL",
        [
            id.to_string().into(),
            now.0.into(),
            crate::audit::OURSELVES.into(),
            how.into(),
        ],
    )
    .await?;
    alerts::resolve(tx, DOCUMENT_HELD, &id.to_string(), now).await
}

pub(crate) async fn open_hold(
    tx: &DatabaseTransaction,
    id: DocumentId,
    reason: HoldReason,
    text: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    alerts::raise(tx, &held_alert(tx, id, reason, text).await?, now).await?;
    sql::execute(
        tx,
        "open a hold",
        "INSERT INTO holds (id, document_id, reason, detail, opened_at) VALUES ($1, $2, $3, $4, $5)",
        [
            Uuid::now_v7().to_string().into(),
            id.to_string().into(),
            reason.code().into(),
            text.into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The kind of alert that is open while a document is held.
pub const DOCUMENT_HELD: &str = "document_held";

async fn held_alert(
    tx: &DatabaseTransaction,
    id: DocumentId,
    reason: HoldReason,
    text: &str,
) -> Result<NewAlert, LedgerError> {
    let row = document::Entity::find_by_id(id.to_string())
        .one(tx)
        .await
        .map_err(|error| LedgerError::from_db("open a hold", error))?;
    let (merchant, register) = row.map_or((None, None), |row| (Some(row.merchant_id), row.register_id));
    Ok(NewAlert {
        kind: DOCUMENT_HELD,
        subject: id.to_string(),
        severity: Severity::Critical,
        merchant: merchant.and_then(|id| MerchantId::parse(&id).ok()),
        register: register.and_then(|id| RegisterId::parse(&id).ok()),
        text: Words::new(
            format!("Document {id} waits for a person: {text}."),
            format!("Документ {id} чекає на людину: {}.", domain::ukrainian::of(text)),
        ),
        next_step: Words::new(reason.next_step(), reason.next_step_uk()),
    })
}

pub(crate) fn minor(amount: Kopecks) -> i64 {
    // Kopecks::MAX fits by far.
    i64::try_from(amount.minor()).unwrap_or(i64::MAX)
}

pub(crate) fn kopecks(minor: i64, column: &'static str) -> Result<Kopecks, LedgerError> {
    u64::try_from(minor)
        .ok()
        .and_then(|minor| Kopecks::from_minor(minor).ok())
        .ok_or(LedgerError::UnknownValue { column })
}

pub(crate) fn kind(word: &str) -> Result<Kind, LedgerError> {
    Kind::parse(word).ok_or(LedgerError::UnknownValue {
        column: "documents.kind",
    })
}

pub(crate) fn hold_reason(code: &str) -> Result<HoldReason, LedgerError> {
    HoldReason::parse(code).ok_or(LedgerError::UnknownValue {
        column: "documents.hold_reason",
    })
}

pub(crate) fn document_id(text: &str) -> Result<DocumentId, LedgerError> {
    DocumentId::parse(text).map_err(|_| LedgerError::UnknownValue { column: "documents.id" })
}

/// How the buyer paid, kept with each document for its receipt.
pub(crate) fn means(row: &document::Model) -> Result<PaymentMeans, LedgerError> {
    json::read_means(&row.means, "documents.means")
}
