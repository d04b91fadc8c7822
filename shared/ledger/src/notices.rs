//! What providers tell of documents by themselves. Nothing signs it, so nothing of it is believed: it only says when
//! to ask, and whom.
//!
//! ```text
//! record_notice ─ one commit ─▶ ours? ─▶ its question is due now ────────────────▶ taken
//!                               │  └──▶ on its way ─▶ new, sorted again with its outcome
//!                               └─▶ nobody's of ours (CashDesk) ─▶ new ─▶ the register's turn asks the API
//! ```

mod sort;
mod words;
mod work;

use std::collections::BTreeMap;

use domain::document::Kind;
use domain::ids::{RegisterId, RegisterNumber};
use domain::time::UnixMillis;
use serde::{Deserialize, Serialize};

use crate::settings::Source;
use crate::{Ledger, LedgerError, alerts, day, json, sql};

pub use sort::Sorted;
pub use words::{NOTICE_CONFLICT, NOTICE_DIFFERS, NOTICE_OF_HELD, NOTICE_UNCONFIRMED};
pub(crate) use work::after_outcome;
pub use work::{Confirmed, DueNotice};

/// A notice as it comes in. Nothing of the buyer is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// What makes the document itself at the provider; one of its notices counts.
    pub provider_id: String,
    /// What we called the document: CashDesk's `local_number`, ATOL's `external_id`.
    pub number: Option<String>,
    /// What must be equal when it is told again.
    pub matter: String,
    /// What it says.
    pub told: Told,
}

/// What a notice says, without pictures and people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The provider's id, to ask about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The provider's own word for what it is, or for how it went.
    pub word: String,
    /// Our word for what it does; none: something that is no receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its number at the tax service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiscal_number: Option<String>,
    /// Its time, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<String>,
    /// Its sum in the currency's smallest unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

impl Told {
    /// What it does in our words.
    pub fn kind(&self) -> Option<Kind> {
        Kind::parse(self.kind.as_deref()?)
    }
}

/// What became of a notice that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeRecorded {
    /// It is new and committed; its register has something to do if `ring`.
    New {
        /// Ring for the register.
        ring: bool,
    },
    /// It was committed before; nothing changed.
    Repeated,
    /// Something else was told of the same document before. That counts; this one is kept, and an alert raised.
    Conflict,
}

/// How a notice knows its register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePlace {
    /// Its number at the tax service.
    pub fiscal_number: RegisterNumber,
    /// The provider's own settings.
    pub options: BTreeMap<String, String>,
}

const WHAT: &str = "record a notice";

impl Ledger {
    /// Commits a notice together with what follows from it at once. Safe to repeat: what was committed before is
    /// found again, whoever tells it at the same time.
    pub async fn record_notice(
        &self,
        source: &Source,
        notice: &NewNotice,
        now: UnixMillis,
    ) -> Result<NoticeRecorded, LedgerError> {
        let id = sql::id_at(now);
        let digest = sql::digest(notice.matter.as_bytes());
        let tx = self.begin(WHAT).await?;
        let row = |state: &'static str| {
            [
                id.as_str().into(),
                source.merchant.as_str().into(),
                source.id.as_str().into(),
                source.register.as_str().into(),
                notice.provider_id.as_str().into(),
                notice.number.clone().into(),
                digest.as_str().into(),
                json::write(&notice.told).into(),
                state.into(),
                now.0.into(),
            ]
        };
        if sql::execute(&tx, WHAT, INSERT, row("new")).await? == 1 {
            let sorted = sort::sort(&tx, &id, source.kind, &source.register, &notice.look(), now).await?;
            if sorted == Sorted::Ask {
                day::look_soon(&tx, source.register.as_str()).await?;
            }
            sql::commit(tx, WHAT).await?;
            return Ok(NoticeRecorded::New {
                ring: matches!(sorted, Sorted::Rung | Sorted::Ask),
            });
        }
        let known = sql::query_one(
            &tx,
            WHAT,
            "SELECT 1 AS found FROM provider_notices WHERE source_id = $1 AND provider_id = $2 AND digest = $3",
            [
                source.id.as_str().into(),
                notice.provider_id.as_str().into(),
                digest.as_str().into(),
            ],
        )
        .await?;
        if known.is_some() {
            return Ok(NoticeRecorded::Repeated);
        }
        if sql::execute(&tx, WHAT, INSERT, row("conflict")).await? == 0 {
            // Somebody told the same in this moment.
            return Ok(NoticeRecorded::Repeated);
        }
        alerts::raise(&tx, &words::conflict(source, &notice.provider_id), now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(NoticeRecorded::Conflict)
    }

    /// How notices know a register. No key is opened.
    pub async fn notice_place(&self, register: &RegisterId) -> Result<Option<NoticePlace>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read how a register is named",
            "SELECT fiscal_number, options FROM registers WHERE id = $1",
            [register.as_str().into()],
        )
        .await?;
        row.map(|row| {
            let column = "registers.fiscal_number";
            Ok(NoticePlace {
                fiscal_number: RegisterNumber::parse(&sql::get::<String>(&row, "fiscal_number")?)
                    .map_err(|_| LedgerError::UnknownValue { column })?,
                options: json::read(&sql::get::<String>(&row, "options")?, "registers.options")?,
            })
        })
        .transpose()
    }
}

/// The keys decide, so that two who tell at once come to the same.
const INSERT: &str =
    "INSERT INTO provider_notices (id, merchant_id, source_id, register_id, provider_id, number, digest,
         told, state, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

impl NewNotice {
    fn look(&self) -> sort::Look<'_> {
        sort::Look {
            provider_id: self.told.uuid.as_deref(),
            number: self.number.as_deref(),
            told: &self.told,
        }
    }
}
