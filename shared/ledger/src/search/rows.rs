//! Candidates as rows: their orders and documents, without anything large.

use std::collections::HashMap;

use domain::document::{Kind, Presence};
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use super::{OrderFilter, OrderRow};
use crate::fiscalization::{DocumentFacts, Fiscalization, Sums};
use crate::gateway::{MadeBy, Progress};
use crate::{Ledger, LedgerError, json, orders, plan, sql};

/// A candidate with what the filters ask of its documents.
pub(super) struct Candidate {
    pub row: OrderRow,
    documents: Vec<DocumentFacts>,
}

struct Document {
    order: String,
    /// None: a payment system's own register made it.
    register: Option<String>,
    made_by: MadeBy,
    fiscal_number: Option<String>,
    facts: DocumentFacts,
}

impl Candidate {
    pub fn fits(&self, filter: &OrderFilter) -> bool {
        let any = |fits: &dyn Fn(&DocumentFacts) -> bool| self.documents.iter().any(fits);
        let on = |register: &str| self.row.registers.iter().any(|one| one == register);
        filter.status.is_none_or(|status| self.row.status == status)
            && filter.register.as_ref().is_none_or(|register| on(register.as_str()))
            && filter.kind.is_none_or(|kind| any(&|document| document.kind == kind))
            && filter
                .amount
                .is_none_or(|amount| any(&|document| document.amount == amount))
    }
}

/// In the order of `ids`.
pub(super) async fn load(ledger: &Ledger, ids: &[String]) -> Result<Vec<Candidate>, LedgerError> {
    const WHAT: &str = "list orders";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let array = json::write(&ids);
    let chosen = |column| sql::is_in(ledger.backend(), column, "$1");
    let statement = format!(
        "SELECT id, merchant_id, external_id, email, created_at FROM orders WHERE {}",
        chosen("id")
    );
    let orders = sql::query(&ledger.db, WHAT, &statement, [array.as_str().into()]).await?;
    let statement = format!(
        "SELECT order_id, register_id, made_by, kind, state, presence, amount, fiscal_number FROM documents
         WHERE {} ORDER BY id",
        chosen("order_id")
    );
    let documents = sql::query(&ledger.db, WHAT, &statement, [array.as_str().into()]).await?;
    let unmet = ledger.unmet_of(&array).await?;
    let mut of: HashMap<String, Vec<Document>> = HashMap::new();
    for row in &documents {
        let document = document(row)?;
        of.entry(document.order.clone()).or_default().push(document);
    }
    let mut candidates: Vec<Candidate> = orders
        .iter()
        .map(|row| {
            let id: String = sql::get(row, "id")?;
            let progress = unmet.iter().filter(|(order, _)| *order == id);
            let documents = of.remove(&id).unwrap_or_default();
            candidate(row, documents, progress.map(|(_, progress)| *progress))
        })
        .collect::<Result<_, LedgerError>>()?;
    candidates.sort_unstable_by(|one, other| other.row.id.cmp(&one.row.id));
    Ok(candidates)
}

fn candidate(
    row: &QueryResult,
    documents: Vec<Document>,
    unmet: impl Iterator<Item = Progress>,
) -> Result<Candidate, LedgerError> {
    let mut registers: Vec<String> = Vec::new();
    let mut made_by: Vec<MadeBy> = Vec::new();
    for document in &documents {
        if !made_by.contains(&document.made_by) {
            made_by.push(document.made_by);
        }
        if let Some(register) = &document.register
            && !registers.contains(register)
        {
            registers.push(register.clone());
        }
    }
    let fiscal_number = documents
        .iter()
        .filter_map(|document| document.fiscal_number.clone())
        .next_back();
    let documents: Vec<DocumentFacts> = documents.into_iter().map(|document| document.facts).collect();
    let email: Option<String> = sql::get(row, "email")?;
    Ok(Candidate {
        row: OrderRow {
            id: sql::get(row, "id")?,
            merchant: sql::get(row, "merchant_id")?,
            external_id: sql::get(row, "external_id")?,
            created_at: UnixMillis(sql::get(row, "created_at")?),
            sums: Sums::of(&documents),
            status: Fiscalization::of(&documents).expecting(unmet),
            fiscal_number,
            made_by,
            registers,
            masked_email: email.as_deref().map(orders::mask_email),
        },
        documents,
    })
}

fn document(row: &QueryResult) -> Result<Document, LedgerError> {
    Ok(Document {
        order: sql::get(row, "order_id")?,
        register: sql::get(row, "register_id")?,
        made_by: MadeBy::parse(&sql::get::<String>(row, "made_by")?).ok_or(LedgerError::UnknownValue {
            column: "documents.made_by",
        })?,
        fiscal_number: sql::get(row, "fiscal_number")?,
        facts: DocumentFacts {
            kind: kind(row)?,
            state: sql::get(row, "state")?,
            presence: presence(row)?,
            amount: plan::kopecks(sql::get(row, "amount")?, "documents.amount")?,
        },
    })
}

fn kind(row: &QueryResult) -> Result<Kind, LedgerError> {
    plan::kind(&sql::get::<String>(row, "kind")?)
}

fn presence(row: &QueryResult) -> Result<Option<Presence>, LedgerError> {
    let word: Option<String> = sql::get(row, "presence")?;
    word.map(|word| {
        Presence::parse(&word).ok_or(LedgerError::UnknownValue {
            column: "documents.presence",
        })
    })
    .transpose()
}
