//! Shifts: seen open, closed once, and their reports compared with our sums.

use std::collections::BTreeMap;

use domain::document::{Kind, Registration};
use domain::ids::{DocumentId, MerchantId, RegisterId};
use domain::money::Kopecks;
use domain::shift::{Counted, ShiftSums, Side};
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::day::{look_soon, time};
use crate::entities::document;
use crate::leases::{self, Lease};
use crate::tape::Follow;
use crate::{Ledger, LedgerError, actions, json, plan, sql};

/// An open shift as a look saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What names it at the provider; the same at every look.
    pub reference: String,
    /// The provider's own id of it.
    pub provider_id: Option<i64>,
    /// Who opened it.
    pub operator: Option<String>,
    /// When, as far as the provider told.
    pub opened_at: Option<UnixMillis>,
    /// The local number of its first document.
    pub first_local: Option<i64>,
    /// When it must be closed.
    pub close_due: UnixMillis,
}

/// A shift in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its id in the ledger.
    pub id: String,
    /// What names it at the provider.
    pub reference: String,
    /// The provider's own id of it.
    pub provider_id: Option<i64>,
    /// Who opened it.
    pub operator: Option<String>,
    /// When.
    pub opened_at: UnixMillis,
    /// When we first saw it.
    pub first_seen_at: UnixMillis,
    /// When it must be closed.
    pub close_due: UnixMillis,
    /// When we learned that it is closed.
    pub closed_at: Option<UnixMillis>,
    /// The local number of its first document.
    pub first_local: Option<i64>,
    /// The local number of its closing.
    pub last_local: Option<i64>,
    /// The closing's fiscal number.
    pub closing_number: Option<String>,
    /// The Z-report's fiscal number.
    pub z_number: Option<String>,
    /// The register's own totals, as last read.
    pub totals: Option<ShiftSums>,
    /// Documents on our tape that are not ours.
    pub foreign_documents: Vec<String>,
    /// Where the report and our sums differ, in words; `None` when they agree.
    pub difference: Option<String>,
    /// When they were compared.
    pub compared_at: Option<UnixMillis>,
}

/// How a closed shift's report compares with our documents.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The local numbers of its first and last document.
    pub locals: Option<(i64, i64)>,
    /// The closing, when we have not made it.
    pub closing_number: Option<String>,
    /// The Z-report.
    pub z_number: Option<String>,
    /// Its totals.
    pub totals: Option<ShiftSums>,
    /// Documents on our tape that are not ours.
    pub foreign_documents: Vec<String>,
    /// In words, where they differ.
    pub difference: Option<String>,
}

const COLUMNS: &str = "id, reference, provider_id, operator, opened_at, first_seen_at, close_due, closed_at, \
                       first_local, last_local, closing_number, z_number, totals, foreign_documents, difference, \
                       compared_at";

/// The slot of a shift's closing: one per shift, whoever plans it.
fn slot(kind: Kind, shift: &str) -> String {
    format!("{}:{shift}", kind.as_str())
}

pub(crate) async fn open(db: &impl ConnectionTrait, register: &RegisterId) -> Result<Option<Shift>, LedgerError> {
    one(db, "closed_at IS NULL", register).await
}

pub(crate) async fn uncompared(db: &impl ConnectionTrait, register: &RegisterId) -> Result<Option<Shift>, LedgerError> {
    one(
        db,
        "closed_at IS NOT NULL AND compared_at IS NULL ORDER BY opened_at LIMIT 1",
        register,
    )
    .await
}

async fn one(db: &impl ConnectionTrait, which: &str, register: &RegisterId) -> Result<Option<Shift>, LedgerError> {
    let statement = format!("SELECT {COLUMNS} FROM shifts WHERE register_id = $1 AND {which}");
    let row = sql::query_one(db, "read a shift", &statement, [register.as_str().into()]).await?;
    row.as_ref().map(shift).transpose()
}

/// What a look saw: another open shift than we knew (or none) means that the one we knew is closed.
pub(crate) async fn see(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    opened: Option<&Opened>,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    const WHAT: &str = "note a shift";
    let reference = opened.map_or("", |opened| opened.reference.as_str());
    sql::execute(
        tx,
        WHAT,
        "UPDATE shifts SET closed_at = $3 WHERE register_id = $1 AND closed_at IS NULL AND reference <> $2",
        [register.as_str().into(), reference.into(), now.0.into()],
    )
    .await?;
    let Some(opened) = opened else {
        return Ok(());
    };
    // A shift that was seen closed and is open again was never closed: a look may come from a
    // provider that shows an old state.
    sql::execute(
        tx,
        WHAT,
        "INSERT INTO shifts (id, register_id, reference, provider_id, operator, opened_at, first_seen_at, close_due,
             first_local)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (register_id, reference) DO UPDATE
         SET close_due = excluded.close_due, closed_at = CASE WHEN shifts.closing_number IS NULL THEN NULL
                 ELSE shifts.closed_at END,
             first_local = coalesce(shifts.first_local, excluded.first_local),
             compared_at = CASE WHEN shifts.closing_number IS NULL THEN NULL ELSE shifts.compared_at END",
        [
            Uuid::now_v7().to_string().into(),
            register.as_str().into(),
            opened.reference.as_str().into(),
            opened.provider_id.into(),
            opened.operator.clone().into(),
            opened.opened_at.unwrap_or(now).0.into(),
            now.0.into(),
            opened.close_due.0.into(),
            opened.first_local.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What follows for the shift from a document that is on the tape now.
pub(crate) async fn follow(
    tx: &DatabaseTransaction,
    document: DocumentId,
    registration: &Registration,
    follow: Follow<'_>,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    const WHAT: &str = "note what a document means for its shift";
    let z = match follow {
        Follow::Nothing => return Ok(()),
        Follow::ZMade => None,
        Follow::ShiftClosed(z) => z,
    };
    let Some(row) = document::Entity::find_by_id(document.to_string())
        .one(tx)
        .await
        .map_err(|error| LedgerError::from_db(WHAT, error))?
    else {
        return Ok(());
    };
    let Some((_, shift)) = row.slot.split_once(':') else {
        return Ok(());
    };
    match follow {
        Follow::Nothing => {}
        Follow::ZMade => {
            sql::execute(
                tx,
                WHAT,
                "UPDATE shifts SET z_number = $2 WHERE id = $1",
                [shift.into(), registration.fiscal_number.as_str().into()],
            )
            .await?;
        }
        Follow::ShiftClosed(_) => {
            sql::execute(
                tx,
                WHAT,
                "UPDATE shifts SET closed_at = coalesce(closed_at, $2), closing_number = $3, last_local = $4
                 WHERE id = $1",
                [
                    shift.into(),
                    now.0.into(),
                    registration.fiscal_number.as_str().into(),
                    registration.local_number.into(),
                ],
            )
            .await?;
        }
    }
    // A document of a shift is on a register of ours.
    let register = row.register_id.as_deref().ok_or(LedgerError::UnknownValue {
        column: "documents.register_id",
    })?;
    if let Some(z) = z {
        let place = Place {
            register,
            merchant: &row.merchant_id,
            shift,
        };
        adopt(tx, place, Kind::ZReport, z, now).await?;
        sql::execute(
            tx,
            WHAT,
            "UPDATE shifts SET z_number = $2 WHERE id = $1 AND z_number IS NULL",
            [shift.into(), z.fiscal_number.as_str().into()],
        )
        .await?;
    }
    look_soon(tx, register).await
}

/// Where a document that the provider made belongs.
#[derive(Clone, Copy)]
struct Place<'a> {
    register: &'a str,
    merchant: &'a str,
    shift: &'a str,
}

/// Takes a document into the ledger that the provider made within another command. Nothing happens
/// when the shift has one of its kind.
async fn adopt(
    tx: &DatabaseTransaction,
    place: Place<'_>,
    kind: Kind,
    registration: &Registration,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let id = DocumentId::from_uuid(Uuid::now_v7());
    sql::execute(
        tx,
        "take in a document of the provider's",
        "INSERT INTO documents (id, merchant_id, register_id, slot, token, kind, state, amount, means, fiscal_number,
             local_number, registered_at, presence, url, created_at, updated_at, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'registered', 0, '{}', $7, $8, $9, $10, $11, $12, $12, $12)
         ON CONFLICT DO NOTHING",
        [
            id.to_string().into(),
            place.merchant.into(),
            place.register.into(),
            slot(kind, place.shift).into(),
            id.token().into(),
            kind.as_str().into(),
            registration.fiscal_number.as_str().into(),
            registration.local_number.into(),
            registration.registered_at.as_str().into(),
            registration.presence.as_str().into(),
            registration.url.clone().into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Cash to be put in or taken out.
#[derive(Clone, Copy, Debug)]
pub struct NewCash<'a> {
    /// Whose register.
    pub merchant: &'a MerchantId,
    /// Which one.
    pub register: &'a RegisterId,
    /// `cash_in` or `cash_out`.
    pub kind: Kind,
    /// The asker's name of this very act: the same key is never registered twice.
    pub key: &'a str,
    /// How much.
    pub amount: Kopecks,
}

/// Plans a document of the register's own. The same slot is the same document.
async fn plan_own(
    db: &impl ConnectionTrait,
    merchant: &MerchantId,
    register: &RegisterId,
    kind: Kind,
    slot: &str,
    amount: Kopecks,
    now: UnixMillis,
) -> Result<(DocumentId, bool), LedgerError> {
    const WHAT: &str = "plan a register's own document";
    let id = DocumentId::from_uuid(Uuid::now_v7());
    let changed = sql::execute(
        db,
        WHAT,
        "INSERT INTO documents (id, merchant_id, register_id, slot, token, kind, state, amount, means, created_at,
             updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'ready', $7, '{}', $8, $8)
         ON CONFLICT (register_id, slot) WHERE order_id IS NULL DO NOTHING",
        [
            id.to_string().into(),
            merchant.as_str().into(),
            register.as_str().into(),
            slot.into(),
            id.token().into(),
            kind.as_str().into(),
            plan::minor(amount).into(),
            now.0.into(),
        ],
    )
    .await?;
    if changed == 1 {
        return Ok((id, true));
    }
    let row = document::Entity::find()
        .filter(document::Column::RegisterId.eq(register.as_str()))
        .filter(document::Column::Slot.eq(slot))
        .filter(document::Column::OrderId.is_null())
        .one(db)
        .await
        .map_err(|error| LedgerError::from_db(WHAT, error))?
        .ok_or(LedgerError::UnknownValue {
            column: "documents.slot",
        })?;
    if row.kind != kind.as_str() || row.amount != plan::minor(amount) {
        return Err(LedgerError::KeyReused);
    }
    Ok((plan::document_id(&row.id)?, false))
}

impl Ledger {
    /// Plans the closing (or the Z-report) of a shift. One per shift, whoever plans it and however
    /// often: false when it was planned before.
    pub async fn plan_for_shift(
        &self,
        merchant: &MerchantId,
        register: &RegisterId,
        shift: &Shift,
        kind: Kind,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        plan_own(
            &self.db,
            merchant,
            register,
            kind,
            &slot(kind, &shift.id),
            Kopecks::ZERO,
            now,
        )
        .await
        .map(|(_, new)| new)
    }

    /// Plans cash in or out. The same `key` is the same document: its id, and whether it is new.
    /// [`LedgerError::NotAtProvider`]: the register's provider has no drawer.
    pub async fn plan_cash(
        &self,
        cash: &NewCash<'_>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<(DocumentId, bool), LedgerError> {
        const WHAT: &str = "plan cash";
        let slot = format!("cash:{}", sql::digest(cash.key.as_bytes()));
        let tx = self.begin(WHAT).await?;
        actions::must_be_able(&tx, cash.register, |can| can.cash).await?;
        let (id, new) = plan_own(&tx, cash.merchant, cash.register, cash.kind, &slot, cash.amount, now).await?;
        if new {
            let entry = NewAudit {
                merchant: Some(cash.merchant.clone()),
                action: deed::CASH_PLANNED,
                subject: format!("register {}", cash.register),
                before: None,
                after: Some(format!("{} {}", cash.kind.as_str(), cash.amount)),
            };
            audit::record(&tx, &by.into(), &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok((id, new))
    }

    /// A shift by its id in the ledger.
    pub async fn shift(&self, id: &str) -> Result<Option<Shift>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM shifts WHERE id = $1");
        let row = sql::query_one(&self.db, "read a shift", &statement, [id.into()]).await?;
        row.as_ref().map(shift).transpose()
    }

    /// The same, if it is this register's.
    pub async fn shift_of(&self, register: &RegisterId, id: &str) -> Result<Option<Shift>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM shifts WHERE register_id = $1 AND id = $2");
        let values = [register.as_str().into(), id.into()];
        let row = sql::query_one(&self.db, "read a register's shift", &statement, values).await?;
        row.as_ref().map(shift).transpose()
    }

    /// The newest shifts of a register.
    pub async fn recent_shifts(&self, register: &RegisterId, limit: u64) -> Result<Vec<Shift>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM shifts WHERE register_id = $1 ORDER BY opened_at DESC LIMIT $2");
        let values = [
            register.as_str().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        let rows = sql::query(&self.db, "list shifts", &statement, values).await?;
        rows.iter().map(shift).collect()
    }

    /// A shift's closing or Z-report and its state (`ready`, `sending`, …); `None` when none is planned.
    pub async fn document_of_shift(
        &self,
        shift: &str,
        kind: Kind,
    ) -> Result<Option<(DocumentId, String)>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find a shift's document",
            "SELECT documents.id AS id, documents.state AS state
             FROM documents JOIN shifts ON shifts.register_id = documents.register_id
             WHERE shifts.id = $1 AND documents.slot = $2 AND documents.order_id IS NULL",
            [shift.into(), slot(kind, shift).into()],
        )
        .await?;
        row.map(|row| {
            let id = plan::document_id(&sql::get::<String>(&row, "id")?)?;
            Ok((id, sql::get(&row, "state")?))
        })
        .transpose()
    }

    /// Keeps the register's own totals of a shift.
    pub async fn note_totals(&self, shift: &str, totals: &ShiftSums, now: UnixMillis) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "keep a shift's totals",
            "UPDATE shifts SET totals = $2, totals_at = $3 WHERE id = $1",
            [shift.into(), write_sums(totals).into(), now.0.into()],
        )
        .await?;
        Ok(())
    }

    /// Keeps how a closed shift compares, and takes in the closing and the Z-report if we have not made
    /// them ourselves. False: the lease was lost.
    pub async fn note_compared(
        &self,
        lease: &Lease,
        shift: &Shift,
        compared: &Compared,
        made: &[(Kind, Registration)],
        length: std::time::Duration,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "note how a shift compares";
        let tx = self.begin(WHAT).await?;
        if !leases::renew(&tx, lease, length).await? {
            return Ok(false);
        }
        let row = sql::query_one(
            &tx,
            WHAT,
            "SELECT merchant_id FROM registers WHERE id = $1",
            [lease.register.as_str().into()],
        )
        .await?;
        let merchant: String = row
            .map(|row| sql::get(&row, "merchant_id"))
            .transpose()?
            .unwrap_or_default();
        for (kind, registration) in made {
            let place = Place {
                register: lease.register.as_str(),
                merchant: &merchant,
                shift: &shift.id,
            };
            adopt(&tx, place, *kind, registration, now).await?;
        }
        let (first, last) = compared.locals.unzip();
        sql::execute(
            &tx,
            WHAT,
            "UPDATE shifts SET first_local = coalesce($2, first_local), last_local = coalesce($3, last_local),
                 closing_number = coalesce(closing_number, $4), z_number = coalesce(z_number, $5),
                 totals = coalesce($6, totals), foreign_documents = $7, difference = $8, compared_at = $9
             WHERE id = $1",
            [
                shift.id.as_str().into(),
                first.into(),
                last.into(),
                compared.closing_number.clone().into(),
                compared.z_number.clone().into(),
                compared.totals.as_ref().map(write_sums).into(),
                json::write(&compared.foreign_documents).into(),
                compared.difference.clone().into(),
                now.0.into(),
            ],
        )
        .await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Our sums of a register's documents between two local numbers, and the fiscal numbers they have.
    pub async fn sums_between(
        &self,
        register: &RegisterId,
        first: i64,
        last: i64,
    ) -> Result<(ShiftSums, Vec<String>), LedgerError> {
        let rows = document::Entity::find()
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .filter(document::Column::State.eq("registered"))
            .filter(document::Column::LocalNumber.between(first, last))
            .order_by_asc(document::Column::LocalNumber)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("add up a shift", error))?;
        add_up(rows)
    }

    /// The same of the documents that have these fiscal numbers.
    pub async fn sums_of(
        &self,
        register: &RegisterId,
        numbers: &[String],
    ) -> Result<(ShiftSums, Vec<String>), LedgerError> {
        const PART: usize = 500;
        let mut rows = Vec::new();
        for part in numbers.chunks(PART) {
            let found = document::Entity::find()
                .filter(document::Column::RegisterId.eq(register.as_str()))
                .filter(document::Column::State.eq("registered"))
                .filter(document::Column::FiscalNumber.is_in(part.iter().map(String::as_str)))
                .all(&self.db)
                .await
                .map_err(|error| LedgerError::from_db("add up listed documents", error))?;
            rows.extend(found);
        }
        add_up(rows)
    }

    /// Fiscal numbers of our registered receipts and cash movements that were sent from `from` to before `to`.
    pub async fn sent_between(
        &self,
        register: &RegisterId,
        from: UnixMillis,
        to: UnixMillis,
    ) -> Result<Vec<String>, LedgerError> {
        let own = [Kind::Closing.as_str(), Kind::ZReport.as_str()];
        let rows = document::Entity::find()
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .filter(document::Column::State.eq("registered"))
            .filter(document::Column::Kind.is_not_in(own))
            .filter(document::Column::SentAt.gte(from.0))
            .filter(document::Column::SentAt.lt(to.0))
            .order_by_asc(document::Column::Id)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list what was sent", error))?;
        Ok(rows.into_iter().filter_map(|row| row.fiscal_number).collect())
    }
}

/// Registered documents in numbers, and the fiscal numbers they have.
fn add_up(rows: Vec<document::Model>) -> Result<(ShiftSums, Vec<String>), LedgerError> {
    let cancelled: Vec<&str> = rows
        .iter()
        .filter(|row| row.kind == Kind::Storno.as_str())
        .filter_map(|row| row.parent_id.as_deref())
        .collect();
    let receipts = rows
        .iter()
        .map(|row| {
            row.content
                .as_deref()
                .map(|text| json::read_receipt(text, "documents.content"))
                .transpose()
        })
        .collect::<Result<Vec<_>, _>>()?;
    let counted = rows
        .iter()
        .zip(&receipts)
        .map(|(row, receipt)| {
            Ok(Counted {
                kind: plan::kind(&row.kind)?,
                amount: plan::kopecks(row.amount, "documents.amount")?,
                receipt: receipt.as_ref(),
                cancelled: cancelled.contains(&row.id.as_str()),
            })
        })
        .collect::<Result<Vec<_>, LedgerError>>()?;
    let sums = ShiftSums::of(counted);
    Ok((sums, rows.into_iter().filter_map(|row| row.fiscal_number).collect()))
}

pub(crate) fn shift(row: &QueryResult) -> Result<Shift, LedgerError> {
    let needed = |column: &'static str| -> Result<UnixMillis, LedgerError> { Ok(UnixMillis(sql::get(row, column)?)) };
    let foreign: Option<String> = sql::get(row, "foreign_documents")?;
    let totals: Option<String> = sql::get(row, "totals")?;
    Ok(Shift {
        id: sql::get(row, "id")?,
        reference: sql::get(row, "reference")?,
        provider_id: sql::get(row, "provider_id")?,
        operator: sql::get(row, "operator")?,
        opened_at: needed("opened_at")?,
        first_seen_at: needed("first_seen_at")?,
        close_due: needed("close_due")?,
        closed_at: time(row, "closed_at")?,
        first_local: sql::get(row, "first_local")?,
        last_local: sql::get(row, "last_local")?,
        closing_number: sql::get(row, "closing_number")?,
        z_number: sql::get(row, "z_number")?,
        totals: totals.as_deref().map(read_sums).transpose()?,
        foreign_documents: foreign
            .map_or_else(|| Ok(Vec::new()), |text| json::read(&text, "shifts.foreign_documents"))?,
        difference: sql::get(row, "difference")?,
        compared_at: time(row, "compared_at")?,
    })
}

#[derive(Serialize, Deserialize)]
struct SumsJson {
    sales: SideJson,
    returns: SideJson,
    cash_in: u64,
    cash_out: u64,
}

#[derive(Serialize, Deserialize)]
struct SideJson {
    sum: u64,
    count: u64,
    forms: BTreeMap<u64, u64>,
    taxes: BTreeMap<char, (u64, u64)>,
}

/// Sums as JSON: kopecks.
pub fn write_sums(sums: &ShiftSums) -> String {
    let side = |side: &Side| SideJson {
        sum: side.sum.minor(),
        count: side.count,
        forms: side.forms.iter().map(|(form, sum)| (*form, sum.minor())).collect(),
        taxes: side
            .taxes
            .iter()
            .map(|(letter, (taxable, tax))| (*letter, (taxable.minor(), tax.minor())))
            .collect(),
    };
    json::write(&SumsJson {
        sales: side(&sums.sales),
        returns: side(&sums.returns),
        cash_in: sums.cash_in.minor(),
        cash_out: sums.cash_out.minor(),
    })
}

fn read_sums(text: &str) -> Result<ShiftSums, LedgerError> {
    const COLUMN: &str = "shifts.totals";
    let read: SumsJson = json::read(text, COLUMN)?;
    let money = |minor: u64| Kopecks::from_minor(minor).map_err(|_| LedgerError::UnknownValue { column: COLUMN });
    let side = |side: SideJson| -> Result<Side, LedgerError> {
        Ok(Side {
            sum: money(side.sum)?,
            count: side.count,
            forms: side
                .forms
                .into_iter()
                .map(|(form, sum)| Ok((form, money(sum)?)))
                .collect::<Result<_, LedgerError>>()?,
            taxes: side
                .taxes
                .into_iter()
                .map(|(letter, (taxable, tax))| Ok((letter, (money(taxable)?, money(tax)?))))
                .collect::<Result<_, LedgerError>>()?,
        })
    };
    Ok(ShiftSums {
        sales: side(read.sales)?,
        returns: side(read.returns)?,
        cash_in: money(read.cash_in)?,
        cash_out: money(read.cash_out)?,
    })
}
