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
use crate::page::{self, Page};
use crate::people::Reach;
use crate::{Ledger, LedgerError};

/// What is looked for. Everything named must fit.
#[derive(Clone, Default)]
pub struct OrderFilter {
    /// An order id, fiscal number, card's last digits, e-mail or amount: whatever it looks like is tried,
    /// and each must match whole. Personal data: never logged. Empty: everything.
    pub text: String,
    /// Whose.
    pub merchant: Option<MerchantId>,
    /// With a document on this register.
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
    /// The number of its last registered document.
    pub fiscal_number: Option<String>,
    /// Registers of its documents, in the order of these.
    pub registers: Vec<String>,
    /// E.g. `b***@shop.example`.
    pub masked_email: Option<String>,
}

/// The most candidates one page looks at.
const EXAMINED: usize = 1_000;

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
        let reach = page::narrow(reach, filter.merchant.as_ref());
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
            // As many as it should take, judging by those so far.
            let missing = (wanted + 1 - found.len()).saturating_mul(2);
            let each = examined / found.len().max(1);
            step = missing.saturating_mul(each.max(1)).min(EXAMINED - examined);
        }
    }
}
