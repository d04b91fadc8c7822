//! Looking for orders: one box for whatever a person has at hand, and filters. Newest first, a page at a
//! time.
//!
//! A few index look-ups name candidates (`search/candidates.rs`); what the filters say is decided here
//! about each, so that one pure function ([`Fiscalization::of`]) says what a status is. A page looks at
//! [`EXAMINED`] candidates at most: when little fits it is short, and its `next` goes on from there.

mod candidates;
mod rows;

use domain::document::Kind;
use domain::ids::{MerchantId, RegisterId};
use domain::money::Kopecks;
use domain::time::UnixMillis;

use self::candidates::{Candidates, Window};
use crate::fiscalization::{Fiscalization, Sums};
use crate::gateway::MadeBy;
use crate::page::{self, Page};
use crate::people::Reach;
use crate::{Ledger, LedgerError, sql};

/// What is looked for. Everything named must fit.
#[derive(Clone, Default)]
pub struct OrderFilter {
    /// An order id, fiscal number, card's last digits, e-mail or amount: whatever it looks like is tried,
    /// and each must match whole. Personal data: never logged. Empty: everything.
    pub text: String,
    /// Whose.
    pub merchant: Option<MerchantId>,
    /// With a document on this register; beside a status that one document's state makes, with that one
    /// on it.
    pub register: Option<RegisterId>,
    /// How far it is.
    pub status: Option<Fiscalization>,
    /// With a document of this kind.
    pub kind: Option<Kind>,
    /// Made then or later.
    pub from: Option<UnixMillis>,
    /// Made before then.
    pub to: Option<UnixMillis>,
    /// With a document of this amount.
    pub amount: Option<Kopecks>,
}

/// An order as listed. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Its id in the ledger.
    pub id: String,
    /// Whose.
    pub merchant: String,
    /// The shop's order id.
    pub external_id: String,
    /// When it was made.
    pub created_at: UnixMillis,
    /// What its registered documents come to.
    pub sums: Sums,
    /// How far it is.
    pub status: Fiscalization,
    /// Who made its documents; nobody yet while there are none.
    pub made_by: Vec<MadeBy>,
    /// The number of its last registered document.
    pub fiscal_number: Option<String>,
    /// Registers of its documents, in the order of these.
    pub registers: Vec<String>,
    /// E.g. `b***@shop.example`.
    pub masked_email: Option<String>,
}

/// The most candidates one page looks at.
const EXAMINED: usize = 500;

impl Ledger {
    /// Orders within reach that fit, newest first. A page may be shorter than `limit` and still have a
    /// `next`.
    pub async fn search_orders(
        &self,
        reach: &Reach,
        filter: &OrderFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<OrderRow>, LedgerError> {
        let mut reach = page::narrow(reach, filter.merchant.as_ref());
        if let Some(register) = &filter.register {
            let Some(owner) = self.owner_of(register).await? else {
                return Ok(Page::empty());
            };
            reach = page::narrow(&reach, Some(&owner));
        }
        let Some(candidates) = Candidates::of(filter, &reach) else {
            return Ok(Page::empty());
        };
        let Some(mut window) = Window::of(filter, after) else {
            return Ok(Page::empty());
        };
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found: Vec<OrderRow> = Vec::new();
        let (mut examined, mut step) = (0, wanted.saturating_add(1).min(EXAMINED));
        loop {
            let ids = candidates.ids(self, &window, step).await?;
            let exhausted = ids.len() < step;
            examined += ids.len();
            if let Some(last) = ids.last() {
                window.continue_after(last);
            }
            for row in rows::load(self, &ids).await? {
                if row.fits(filter) {
                    found.push(row.row);
                }
            }
            if found.len() > wanted {
                return Ok(Page::cut(found, limit, |row| row.id.clone()));
            }
            if exhausted {
                return Ok(Page {
                    rows: found,
                    next: None,
                });
            }
            if examined >= EXAMINED {
                let next = ids.into_iter().next_back();
                return Ok(Page { rows: found, next });
            }
            step = next_step(examined, found.len(), wanted);
        }
    }

    /// Whose a register is.
    async fn owner_of(&self, register: &RegisterId) -> Result<Option<MerchantId>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find a register's owner",
            "SELECT merchant_id FROM registers WHERE id = $1",
            [register.as_str().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let owner = MerchantId::parse(&sql::get::<String>(&row, "merchant_id")?);
        owner.map(Some).map_err(|_| LedgerError::UnknownValue {
            column: "registers.merchant_id",
        })
    }
}

/// How many candidates it should take, judging by those so far: one of a few sizes, for each is a statement
/// of its own.
fn next_step(examined: usize, found: usize, wanted: usize) -> usize {
    let each = examined / found.max(1);
    let needed = (wanted + 1 - found).saturating_mul(each.max(1));
    let size = [50, 100, 200].into_iter().find(|size| *size >= needed);
    size.unwrap_or(EXAMINED).min(EXAMINED - examined)
}
