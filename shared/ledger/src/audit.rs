//! Who did what, when, from where. The audit only grows; the database refuses anything else.

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{LedgerError, sql};

/// Who does something, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// E.g. `olena`, `API key shop of flowers`, `command line`.
    pub name: String,
    /// The address it came from, if over a network.
    pub address: Option<String>,
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

/// Something that was done, to be written into the audit.
pub(crate) struct NewAudit {
    /// Whose data it is about, if one merchant's.
    pub merchant: Option<MerchantId>,
    /// What was done, in a stable word.
    pub action: &'static str,
    /// To what.
    pub subject: String,
    /// How it was; nothing secret.
    pub before: Option<String>,
    /// How it is now; nothing secret.
    pub after: Option<String>,
}

/// Writes an entry within the transaction that does what it tells of.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    entry: &NewAudit,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "write the audit",
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
