//! Who did what, when, from where. The audit only grows; the database refuses anything else. An entry is
//! written in the transaction of its deed: there is neither without the other.

pub mod deed;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::people::{Reach, User};
use crate::{Ledger, LedgerError, sql};

/// Who does something, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// E.g. `olena`, `API key shop of flowers`, `command line`. A user's login has no spaces and is not
    /// [`OURSELVES`], so that nobody passes for another.
    pub name: String,
    /// The address it came from, if over a network.
    pub address: Option<String>,
}

/// Who acts when Kasyr does something by itself.
pub const OURSELVES: &str = "kasyr";

/// Who acts when nobody knows who it is.
pub const NOT_SIGNED_IN: &str = "not signed in";

impl Actor {
    /// Somebody at an address.
    pub fn at(name: &str, address: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: Some(address.to_owned()),
        }
    }
}

impl From<&str> for Actor {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: None,
        }
    }
}

impl From<&String> for Actor {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl From<&Self> for Actor {
    fn from(actor: &Self) -> Self {
        actor.clone()
    }
}

/// A deed to be kept. Nothing secret and no buyer's data is in it: the names of settings, sums, states.
#[derive(Clone, Debug)]
pub struct NewAudit {
    /// Whose data it was about. None: people and sign-ins.
    pub merchant: Option<MerchantId>,
    /// A stable word; ours are in [`deed`].
    pub action: &'static str,
    /// What it was done to, e.g. `register flowers-1`.
    pub subject: String,
    /// How it was.
    pub before: Option<String>,
    /// How it is now.
    pub after: Option<String>,
}

/// A deed as kept.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Its id; later entries have greater ones.
    pub id: String,
    /// When.
    pub at: UnixMillis,
    /// Who.
    pub actor: String,
    /// From where, if over a network.
    pub address: Option<String>,
    /// Whose data it was about.
    pub merchant: Option<String>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// How it was.
    pub before: Option<String>,
    /// How it became.
    pub after: Option<String>,
}

/// Which entries to list; everything by default.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only this actor's.
    pub actor: Option<String>,
    /// Only this deed.
    pub action: Option<String>,
    /// Not earlier.
    pub from: Option<UnixMillis>,
    /// Earlier than that.
    pub to: Option<UnixMillis>,
}

impl Ledger {
    /// The newest entries first; `after` is the id of the last one seen. Entries about no merchant (people,
    /// sign-ins) are for those who reach everything: a merchant's administrator does not learn from the audit who
    /// else works here.
    pub async fn audit_log(
        &self,
        reach: &Reach,
        filter: &AuditFilter,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, LedgerError> {
        let mut conditions = vec!["TRUE".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let mut add = |condition: &str, value: Value| {
            values.push(value);
            conditions.push(format!("{condition} ${}", values.len()));
        };
        if let Some(actor) = &filter.actor {
            add("actor =", actor.as_str().into());
        }
        if let Some(action) = &filter.action {
            add("action =", action.as_str().into());
        }
        if let Some(from) = filter.from {
            add("at >=", from.0.into());
        }
        if let Some(to) = filter.to {
            add("at <", to.0.into());
        }
        if let Some(after) = after {
            add("id <", after.into());
        }
        if let Reach::Merchants(merchants) = reach {
            if merchants.is_empty() {
                return Ok(Vec::new());
            }
            let places: Vec<String> = (1..=merchants.len())
                .map(|place| format!("${}", values.len() + place))
                .collect();
            values.extend(merchants.iter().map(|merchant| merchant.as_str().into()));
            conditions.push(format!("merchant_id IN ({})", places.join(", ")));
        }
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let statement = format!(
            "SELECT id, at, actor, address, merchant_id, action, subject, before, after FROM audit
             WHERE {} ORDER BY id DESC LIMIT ${}",
            conditions.join(" AND "),
            values.len()
        );
        let rows = sql::query(&self.db, "list the audit", &statement, values).await?;
        rows.iter().map(entry).collect()
    }
}

/// Keeps a deed, in the transaction that does it.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    entry: &NewAudit,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "keep a deed",
        "INSERT INTO audit (id, at, actor, address, merchant_id, action, subject, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            Uuid::now_v7().to_string().into(),
            now.0.into(),
            actor.name.as_str().into(),
            actor.address.clone().into(),
            entry.merchant.as_ref().map(|id| id.as_str().to_owned()).into(),
            entry.action.into(),
            entry.subject.as_str().into(),
            entry.before.clone().into(),
            entry.after.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// A deed about a user.
pub(crate) fn about_user(action: &'static str, user: &User) -> NewAudit {
    NewAudit {
        merchant: None,
        action,
        subject: format!("user {}", user.login),
        before: None,
        after: None,
    }
}

fn entry(row: &QueryResult) -> Result<AuditEntry, LedgerError> {
    Ok(AuditEntry {
        id: sql::get(row, "id")?,
        at: UnixMillis(sql::get(row, "at")?),
        actor: sql::get(row, "actor")?,
        address: sql::get(row, "address")?,
        merchant: sql::get(row, "merchant_id")?,
        action: sql::get(row, "action")?,
        subject: sql::get(row, "subject")?,
        before: sql::get(row, "before")?,
        after: sql::get(row, "after")?,
    })
}
