//! What people and schedules ask of a register. Whoever holds its lease does it; asking twice while it
//! is not done is asking once. Who asked and what came of it stays here; what somebody asked, as against
//! Kasyr itself, is in the audit too.

use domain::ids::{MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};
use uuid::Uuid;

use crate::audit::{self, Actor, NewAudit, OURSELVES, deed};
use crate::settings::{Capabilities, Provider};
use crate::{Ledger, LedgerError, day, sql};

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Close the shift that is open when this is asked.
    Close,
    /// Register the Z-report of the open shift.
    ZReport,
    /// Read the totals of the shift.
    Totals,
    /// `Cleanup(Remove=false)`.
    Cleanup,
    /// `Cleanup(Remove=true)`: undelivered offline documents are lost. Refused while there are any,
    /// unless the subject says [`LOSE_DOCUMENTS`].
    Remove,
    /// Look now: shift, offline documents, certificate.
    Sync,
    /// Fetch a document's rendering; the subject is the document's id.
    Fetch,
}

/// The words with which a person confirms that offline documents may be lost.
pub const LOSE_DOCUMENTS: &str = "lose undelivered documents";

impl Ask {
    /// Everything that can be asked.
    pub const ALL: [Self; 7] = [
        Self::Close,
        Self::ZReport,
        Self::Totals,
        Self::Cleanup,
        Self::Remove,
        Self::Sync,
        Self::Fetch,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::ZReport => "z_report",
            Self::Totals => "totals",
            Self::Cleanup => "cleanup",
            Self::Remove => "remove",
            Self::Sync => "sync",
            Self::Fetch => "fetch",
        }
    }

    /// Can this be asked of a register at a provider that can do so much?
    pub const fn is_possible(self, can: &Capabilities) -> bool {
        match self {
            Self::Close => can.shifts,
            Self::ZReport => can.separate_z,
            Self::Totals => can.totals,
            Self::Cleanup | Self::Remove => can.cleanup,
            Self::Sync => true,
            Self::Fetch => can.rendering,
        }
    }

    const fn deed(self) -> &'static str {
        match self {
            Self::Close => deed::ASKED_CLOSE,
            Self::ZReport => deed::ASKED_Z_REPORT,
            Self::Totals => deed::ASKED_TOTALS,
            Self::Cleanup => deed::ASKED_CLEANUP,
            Self::Remove => deed::ASKED_REMOVE,
            Self::Sync => deed::ASKED_SYNC,
            Self::Fetch => deed::ASKED_FETCH,
        }
    }
}

/// Something that was asked of a register.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its id.
    pub id: String,
    /// Of which register.
    pub register: String,
    /// What.
    pub ask: Ask,
    /// What it is about; empty if nothing in particular.
    pub subject: String,
    /// Who asked.
    pub actor: String,
    /// When.
    pub asked_at: UnixMillis,
    /// What came of it.
    pub end: Option<End>,
    /// When it ended.
    pub ended_at: Option<UnixMillis>,
}

/// What came of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// It was done; false: it could not be, and the text says why.
    pub done: bool,
    /// What to tell: JSON for `totals`, plain words else.
    pub result: String,
}

const COLUMNS: &str = "id, register_id, kind, subject, actor, outcome, result, asked_at, ended_at";

impl Ledger {
    /// Asks something of a register, calls for a look and ends its backoff. The same thing that is still open is not
    /// asked twice: then this is the earlier one. [`LedgerError::NotAtProvider`]: its provider cannot do that.
    pub async fn ask(
        &self,
        register: &RegisterId,
        ask: Ask,
        subject: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Action, LedgerError> {
        const WHAT: &str = "ask something of a register";
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        must_be_able(&tx, register, |can| ask.is_possible(can)).await?;
        let (action, new) = open(&tx, register, ask, subject, &by.name, now).await?;
        if new {
            let entry = NewAudit {
                merchant: merchant_of(&tx, register).await?,
                action: ask.deed(),
                subject: format!("register {register}"),
                before: None,
                after: (!subject.is_empty()).then(|| subject.to_owned()),
            };
            audit::record(&tx, &by, &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(action)
    }

    /// The same for what Kasyr asks by itself, which is no person's deed.
    pub async fn ask_by_itself(&self, register: &RegisterId, ask: Ask, now: UnixMillis) -> Result<Action, LedgerError> {
        const WHAT: &str = "ask something by itself";
        let tx = self.begin(WHAT).await?;
        let (action, _) = open(&tx, register, ask, "", OURSELVES, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(action)
    }

    /// One action.
    pub async fn action(&self, id: &str) -> Result<Option<Action>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM actions WHERE id = $1");
        let row = sql::query_one(&self.db, "read an action", &statement, [id.into()]).await?;
        row.as_ref().map(action).transpose()
    }

    /// What was asked of a register and is not done, oldest first.
    pub async fn open_actions(&self, register: &RegisterId) -> Result<Vec<Action>, LedgerError> {
        let statement =
            format!("SELECT {COLUMNS} FROM actions WHERE register_id = $1 AND ended_at IS NULL ORDER BY id");
        let rows = sql::query(&self.db, "list actions", &statement, [register.as_str().into()]).await?;
        rows.iter().map(action).collect()
    }

    /// What was asked of a register lately, newest first.
    pub async fn recent_actions(&self, register: &RegisterId, limit: u64) -> Result<Vec<Action>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM actions WHERE register_id = $1 ORDER BY id DESC LIMIT $2");
        let values = [
            register.as_str().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        let rows = sql::query(&self.db, "list actions", &statement, values).await?;
        rows.iter().map(action).collect()
    }

    /// Ends an action. An action that was ended stays as it is.
    pub async fn end_action(&self, id: &str, end: &End, now: UnixMillis) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "end an action",
            "UPDATE actions SET outcome = $2, result = $3, ended_at = $4 WHERE id = $1 AND ended_at IS NULL",
            [
                id.into(),
                (if end.done { "done" } else { "refused" }).into(),
                end.result.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Writes an action down unless it is open already; says whether it is new.
async fn open(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    ask: Ask,
    subject: &str,
    actor: &str,
    now: UnixMillis,
) -> Result<(Action, bool), LedgerError> {
    let id = Uuid::now_v7().to_string();
    let statement = format!(
        "INSERT INTO actions (id, register_id, kind, subject, actor, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (register_id, kind, subject) WHERE ended_at IS NULL
         DO UPDATE SET subject = excluded.subject RETURNING {COLUMNS}"
    );
    let values = [
        id.as_str().into(),
        register.as_str().into(),
        ask.as_str().into(),
        subject.into(),
        actor.into(),
        now.0.into(),
    ];
    let row = sql::query_one(tx, "open an action", &statement, values)
        .await?
        .ok_or(LedgerError::UnknownValue { column: "actions.id" })?;
    day::look_soon(tx, register.as_str()).await?;
    wake(tx, register).await?;
    let action = action(&row)?;
    let new = action.id == id;
    Ok((action, new))
}

/// Whoever asks does not want to wait out a backoff. A register is left alone all the same while a lost
/// request may still run at its provider: then it has no trouble's name, or an unsettled document.
async fn wake(tx: &DatabaseTransaction, register: &RegisterId) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "end a register's backoff",
        "UPDATE registers SET not_before = 0 WHERE id = $1 AND trouble IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM documents WHERE register_id = $1 AND state IN ('sending', 'in_doubt'))",
        [register.as_str().into()],
    )
    .await?;
    Ok(())
}

async fn merchant_of(tx: &DatabaseTransaction, register: &RegisterId) -> Result<Option<MerchantId>, LedgerError> {
    let row = sql::query_one(
        tx,
        "read whose register it is",
        "SELECT merchant_id FROM registers WHERE id = $1",
        [register.as_str().into()],
    )
    .await?;
    let id: Option<String> = row.map(|row| sql::get(&row, "merchant_id")).transpose()?;
    id.map(|id| MerchantId::parse(&id))
        .transpose()
        .map_err(|_| LedgerError::UnknownValue {
            column: "registers.merchant_id",
        })
}

/// Refuses what the register's provider cannot do.
pub(crate) async fn must_be_able(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    able: impl FnOnce(&Capabilities) -> bool,
) -> Result<(), LedgerError> {
    let statement = "SELECT provider FROM registers WHERE id = $1";
    let row = sql::query_one(tx, "read a register's provider", statement, [register.as_str().into()]).await?;
    let word: Option<String> = row.as_ref().map(|row| sql::get(row, "provider")).transpose()?;
    match word.as_deref().and_then(Provider::parse) {
        Some(provider) if !able(&provider.capabilities()) => Err(LedgerError::NotAtProvider(provider.name())),
        Some(_) | None => Ok(()),
    }
}

fn action(row: &QueryResult) -> Result<Action, LedgerError> {
    let word: String = sql::get(row, "kind")?;
    let outcome: Option<String> = sql::get(row, "outcome")?;
    let result: Option<String> = sql::get(row, "result")?;
    Ok(Action {
        id: sql::get(row, "id")?,
        register: sql::get(row, "register_id")?,
        ask: Ask::ALL
            .into_iter()
            .find(|ask| ask.as_str() == word)
            .ok_or(LedgerError::UnknownValue { column: "actions.kind" })?,
        subject: sql::get(row, "subject")?,
        actor: sql::get(row, "actor")?,
        asked_at: UnixMillis(sql::get(row, "asked_at")?),
        end: outcome.map(|outcome| End {
            done: outcome == "done",
            result: result.unwrap_or_default(),
        }),
        ended_at: day::time(row, "ended_at")?,
    })
}
