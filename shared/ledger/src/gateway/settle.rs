//! A look: claimed, made, and settled together with all that follows from it.

use domain::document::Kind;
use domain::found::{Found, FoundReceipt};
use domain::ids::{DocumentId, ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{Claim, Progress, Purpose, Totals, alert, days};
use crate::alerts::{self, NewAlert};
use crate::deliveries::{self, LaneId, News};
use crate::{Ledger, LedgerError, json, plan, sql};

/// What a look brought.
#[derive(Clone, Debug)]
pub enum Look<'a> {
    /// The payment system's answer; with each receipt, the day of whose Z-report it is part, and when that can be asked
    /// for.
    Answer(&'a [(Found, Option<(String, UnixMillis)>)]),
    /// None; the text says why.
    Silence(&'a str),
}

/// How an expectation stands after a look.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What should be there.
    pub expected: Totals,
    /// What is.
    pub found: Totals,
    /// Since when something is missing.
    pub since: UnixMillis,
    /// Entries that are no receipts, in words.
    pub refused: Vec<Found>,
    /// Documents without the payment system's own file of them, and when the newest of them was found.
    pub without_file: Option<UnixMillis>,
}

/// What follows from it.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// How far it is.
    pub progress: Progress,
    /// When to look again.
    pub look_at: Option<UnixMillis>,
    /// Alerts to be open; those of the other kinds about this expectation close.
    pub alerts: Vec<NewAlert>,
}

/// The kinds of alerts that follow from looks.
const KINDS: [&str; 3] = [alert::MISSING, alert::REFUSED, alert::DIFFERS];

const CLAIM: &str = "claim a look at a payment system's register";
const SETTLE: &str = "settle a look at a payment system's register";

impl Ledger {
    /// Expectations to be looked after now, longest due first.
    pub async fn due_expectations(&self, now: UnixMillis, limit: u32) -> Result<Vec<String>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "sweep expectations",
            "SELECT id FROM expectations WHERE look_at <= $1 ORDER BY look_at, id LIMIT $2",
            [now.0.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter().map(|row| sql::get(row, "id")).collect()
    }

    /// Takes a due look: nobody else makes it before `until`. `None`: it is not due, or somebody makes it.
    pub async fn claim_expectation(
        &self,
        id: &str,
        until: UnixMillis,
        now: UnixMillis,
    ) -> Result<Option<Claim>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            CLAIM,
            "UPDATE expectations SET look_at = $2, looks = looks + 1 WHERE id = $1 AND look_at <= $3
             RETURNING merchant_id, source_id, purpose, since, version,
                 (SELECT external_id FROM orders WHERE orders.id = expectations.order_id) AS external_id",
            [id.into(), until.0.into(), now.0.into()],
        )
        .await?;
        row.map(|row| claim(id, &row)).transpose()
    }

    /// Takes in what a look brought, with everything that follows: documents, messages to the buyer and the shop (their
    /// lanes are returned), alerts. Safe to repeat and to run twice at once.
    pub async fn settle_expectation(
        &self,
        claim: &Claim,
        look: &Look<'_>,
        now: UnixMillis,
        decide: impl FnOnce(&Standing) -> Settlement + Send,
    ) -> Result<Vec<LaneId>, LedgerError> {
        let tx = self.begin(SETTLE).await?;
        let Some(order) = lock(&tx, claim, now).await? else {
            return Ok(Vec::new());
        };
        let mut lanes = Vec::new();
        if let Look::Answer(found) = look {
            for (one, day) in *found {
                let Found::Receipt(receipt) = one else {
                    continue;
                };
                if let Some(id) = insert(&tx, claim, &order, receipt, now).await? {
                    lanes.extend(deliveries::announce(&tx, &id, News::Registered, now).await?);
                }
                if let Some((day, at)) = day {
                    days::expect(&tx, claim, receipt, day, *at, now).await?;
                }
            }
        }
        let standing = standing(&tx, claim, &order, look).await?;
        let mut settlement = decide(&standing);
        if order.closed {
            settlement.alerts.clear();
        }
        write(&tx, claim, look, &standing, &settlement, now).await?;
        let answered = matches!(look, Look::Answer(_));
        for kind in KINDS {
            match settlement.alerts.iter().find(|alert| alert.kind == kind) {
                Some(alert) => alerts::raise(&tx, alert, now).await?,
                // Silence mends nothing.
                None if answered => alerts::resolve(&tx, kind, &claim.id, now).await?,
                None => {}
            }
        }
        sql::commit(tx, SETTLE).await?;
        lanes.sort();
        lanes.dedup();
        Ok(lanes)
    }
}

fn claim(id: &str, row: &QueryResult) -> Result<Claim, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let text = |column| sql::get::<String>(row, column);
    Ok(Claim {
        id: id.to_owned(),
        merchant: MerchantId::parse(&text("merchant_id")?).map_err(|_| unknown("expectations.merchant_id"))?,
        source: SourceId::parse(&text("source_id")?).map_err(|_| unknown("expectations.source_id"))?,
        order: ExternalOrderId::parse(&text("external_id")?).map_err(|_| unknown("orders.external_id"))?,
        purpose: Purpose::parse(&text("purpose")?).ok_or_else(|| unknown("expectations.purpose"))?,
        since: UnixMillis(sql::get(row, "since")?),
        version: sql::get(row, "version")?,
    })
}

/// The order as the database has it.
struct Order {
    id: String,
    payment: Option<String>,
    expected: Totals,
    since: UnixMillis,
    /// A person settled it another way.
    closed: bool,
}

/// Locks the order, so that a buyer who becomes known just now is known to the announcement or finds the document; and
/// then the expectation. Planning takes them in the same order.
async fn lock(tx: &DatabaseTransaction, claim: &Claim, now: UnixMillis) -> Result<Option<Order>, LedgerError> {
    sql::execute(
        tx,
        SETTLE,
        "UPDATE orders SET version = version WHERE id = (SELECT order_id FROM expectations WHERE id = $1)",
        [claim.id.as_str().into()],
    )
    .await?;
    let row = sql::query_one(
        tx,
        SETTLE,
        "UPDATE expectations SET updated_at = $2 WHERE id = $1
         RETURNING order_id, payment_id, sold, returned, since, state",
        [claim.id.as_str().into(), now.0.into()],
    )
    .await?;
    row.map(|row| {
        Ok(Order {
            id: sql::get(&row, "order_id")?,
            payment: sql::get(&row, "payment_id")?,
            expected: Totals {
                sold: plan::kopecks(sql::get(&row, "sold")?, "expectations.sold")?,
                returned: plan::kopecks(sql::get(&row, "returned")?, "expectations.returned")?,
            },
            since: UnixMillis(sql::get(&row, "since")?),
            closed: sql::get::<String>(&row, "state")? == Progress::Closed.as_str(),
        })
    })
    .transpose()
}

/// Puts a receipt among the order's documents; `None`: it is there already.
async fn insert(
    tx: &DatabaseTransaction,
    claim: &Claim,
    order: &Order,
    found: &FoundReceipt,
    now: UnixMillis,
) -> Result<Option<String>, LedgerError> {
    let id = DocumentId::from_uuid(Uuid::now_v7());
    let means = &found.receipt.means;
    let inserted = sql::execute(
        tx,
        "take in a receipt of a payment system's",
        "INSERT INTO documents (id, merchant_id, order_id, parent_id, slot, token, kind, state, amount, payment_id, means,
             content, fiscal_number, local_number, registered_at, presence, card_tail, done_at, receipt_token,
             created_at, updated_at, made_by, source_id, transaction_id, register_number, maker)
         VALUES ($1, $2, $3,
             CASE WHEN $6 = 'sale' THEN NULL ELSE (SELECT min(id) FROM documents
                 WHERE order_id = $3 AND source_id = $17 AND kind = 'sale') END,
             $4, $5, $6, 'registered', $7, $8, $9, $10, $11, $12, $13, 'online', $14, $15, $16, $15, $15,
             'gateway', $17, $18, $19, $20)
         ON CONFLICT DO NOTHING",
        [
            id.to_string().into(),
            claim.merchant.as_str().into(),
            order.id.as_str().into(),
            format!("gateway:{}:{}", claim.source, found.transaction).into(),
            id.token().into(),
            found.kind.as_str().into(),
            plan::minor(found.amount).into(),
            order.payment.clone().into(),
            json::write_means(means).into(),
            json::write_receipt(&found.receipt).into(),
            found.fiscal_number.as_str().into(),
            found.local_number.into(),
            found.registered_at.clone().into(),
            means.masked_card.as_deref().and_then(plan::card_tail).into(),
            now.0.into(),
            deliveries::fresh_token().into(),
            claim.source.as_str().into(),
            found.transaction.as_str().into(),
            found.register_number.clone().into(),
            json::write_maker(&found.maker).into(),
        ],
    )
    .await?;
    Ok((inserted > 0).then(|| id.to_string()))
}

async fn standing(
    tx: &DatabaseTransaction,
    claim: &Claim,
    order: &Order,
    look: &Look<'_>,
) -> Result<Standing, LedgerError> {
    let rows = sql::query(
        tx,
        SETTLE,
        "SELECT kind, amount, transaction_id, done_at,
             EXISTS (SELECT 1 FROM renderings WHERE document_id = documents.id AND form = 'pdf') AS has_file
         FROM documents WHERE order_id = $1 AND source_id = $2 AND made_by = 'gateway'",
        [order.id.as_str().into(), claim.source.as_str().into()],
    )
    .await?;
    let mut found = Totals::default();
    let mut known = Vec::new();
    let mut without_file = None;
    for row in &rows {
        let amount = plan::kopecks(sql::get(row, "amount")?, "documents.amount")?;
        let side = match plan::kind(&sql::get::<String>(row, "kind")?)? {
            Kind::Sale => &mut found.sold,
            Kind::Storno | Kind::Return => &mut found.returned,
            Kind::CashIn | Kind::CashOut | Kind::ZReport | Kind::Closing => continue,
        };
        *side = side.checked_add(amount).unwrap_or(Kopecks::MAX);
        known.push(sql::get::<String>(row, "transaction_id")?);
        if !sql::get::<bool>(row, "has_file")? {
            without_file = without_file.max(Some(UnixMillis(sql::get(row, "done_at")?)));
        }
    }
    let refused = match look {
        Look::Silence(_) => Vec::new(),
        Look::Answer(all) => all
            .iter()
            .map(|(one, _)| one)
            .filter(|one| is_open(one, &known))
            .cloned()
            .collect(),
    };
    Ok(Standing {
        expected: order.expected,
        found,
        since: order.since,
        refused,
        without_file,
    })
}

/// An entry that is no receipt, and whose receipt is not here from an earlier look.
fn is_open(one: &Found, known: &[String]) -> bool {
    match one {
        Found::Receipt(_) => false,
        Found::Refused { transaction, .. } | Found::Unanswered { transaction } | Found::Unclear { transaction, .. } => {
            !known.contains(transaction)
        }
    }
}

async fn write(
    tx: &DatabaseTransaction,
    claim: &Claim,
    look: &Look<'_>,
    standing: &Standing,
    settlement: &Settlement,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let trouble = match look {
        Look::Answer(_) => None,
        Look::Silence(why) => Some(*why),
    };
    // What came in between set its own time, and a person who closed it meant it.
    sql::execute(
        tx,
        SETTLE,
        "UPDATE expectations SET state = CASE WHEN state = 'closed' AND $2 <> 'met' THEN state ELSE $2 END,
             look_at = CASE WHEN version <> $3 THEN look_at WHEN state = 'closed' THEN NULL ELSE $4 END,
             found_sold = $5, found_returned = $6, trouble = $7, updated_at = $8
         WHERE id = $1",
        [
            claim.id.as_str().into(),
            settlement.progress.as_str().into(),
            claim.version.into(),
            settlement.look_at.map(|at| at.0).into(),
            plan::minor(standing.found.sold).into(),
            plan::minor(standing.found.returned).into(),
            trouble.into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}
