//! One fiscal document with every request and every hold, for a person.

use std::collections::HashMap;

use domain::basket::Basket;
use domain::event::PaymentMeans;
use domain::ids::DocumentId;
use domain::time::UnixMillis;
use sea_orm::{EntityTrait, QueryResult, Statement};

use crate::entities::{attempt, document, order};
use crate::page::Values;
use crate::people::Reach;
use crate::settings::{Capabilities, Provider};
use crate::views::{self, AttemptView, DocumentView};
use crate::{Ledger, LedgerError, day, json, plan, sql};

/// A document with every request and every hold.
#[derive(Clone, Debug)]
pub struct DocumentCard {
    /// The document.
    pub document: DocumentView,
    /// The order it belongs to, by its id in the ledger; `None` for a register's own.
    pub order_id: Option<String>,
    /// What the receipt says, once it is made; a storno's is its sale's.
    pub basket: Option<Basket>,
    /// How the buyer paid. Card data is masked.
    pub means: PaymentMeans,
    /// The unguessable part of its receipt's public address, once it has one.
    pub receipt_token: Option<String>,
    /// When it came onto the tape, by our clock.
    pub done_at: Option<UnixMillis>,
    /// Nothing is done with it before this.
    pub not_before: UnixMillis,
    /// The newest requests to the provider, oldest first, masked as stored.
    pub attempts: Vec<AttemptView>,
    /// When and why it waited for a person, oldest first.
    pub holds: Vec<HoldView>,
    /// Its text as the tax service renders it is kept here.
    pub has_text: bool,
    /// Its HTML likewise.
    pub has_html: bool,
    /// The payment system's own file of it is kept here.
    pub has_pdf: bool,
    /// The provider of its register; `None`: a payment system made it.
    pub provider: Option<Provider>,
}

impl DocumentCard {
    /// Can its provider do that? Of what a payment system made a provider knows nothing.
    pub fn can(&self, able: impl FnOnce(&Capabilities) -> bool) -> bool {
        self.provider.is_some_and(|provider| able(&provider.capabilities()))
    }
}

/// A time that a document waited for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldView {
    /// The reason's code.
    pub reason: String,
    /// In words.
    pub detail: String,
    /// Since when.
    pub opened_at: UnixMillis,
    /// Until when, and who ended it.
    pub resolved: Option<(UnixMillis, String)>,
    /// What they wrote when they closed it; `None`: they had the document sent again.
    pub resolution: Option<String>,
}

/// The most requests shown of one document.
const ATTEMPTS: i64 = 100;

impl Ledger {
    /// A document within reach.
    pub async fn document_card(&self, reach: &Reach, id: DocumentId) -> Result<Option<DocumentCard>, LedgerError> {
        let from_db = |error| LedgerError::from_db("show a document's card", error);
        let found = document::Entity::find_by_id(id.to_string())
            .one(&self.db)
            .await
            .map_err(from_db)?;
        let Some(row) = found.filter(|row| reach.sees(&row.merchant_id)) else {
            return Ok(None);
        };
        let order = match &row.order_id {
            Some(order) => order::Entity::find_by_id(order.as_str())
                .one(&self.db)
                .await
                .map_err(from_db)?,
            None => None,
        };
        let external_id = order.map(|order| order.external_id).unwrap_or_default();
        let cards = self.document_cards(vec![row], &external_id).await?;
        Ok(cards.into_iter().next())
    }

    /// Documents of one order as cards, in their order.
    pub(crate) async fn document_cards(
        &self,
        rows: Vec<document::Model>,
        external_id: &str,
    ) -> Result<Vec<DocumentCard>, LedgerError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut attempts = self.newest_attempts(&ids).await?;
        let mut holds = self.holds_of(&ids).await?;
        let renderings = self.rendered(&ids).await?;
        let providers = self.providers_of(&rows).await?;
        let has = |id: &str, form: &str| renderings.iter().any(|(of, kept)| of == id && kept == form);
        rows.into_iter()
            .map(|row| {
                let id = row.id.clone();
                Ok(DocumentCard {
                    attempts: attempts.remove(&id).unwrap_or_default(),
                    holds: holds.remove(&id).unwrap_or_default(),
                    has_text: has(&id, "text"),
                    has_html: has(&id, "html"),
                    has_pdf: has(&id, "pdf"),
                    provider: row
                        .register_id
                        .as_deref()
                        .and_then(|register| providers.get(register).copied()),
                    order_id: row.order_id.clone(),
                    basket: row
                        .content
                        .as_deref()
                        .map(|text| json::read_receipt(text, "documents.content"))
                        .transpose()?
                        .map(|receipt| receipt.basket),
                    means: plan::means(&row)?,
                    receipt_token: row.receipt_token.clone(),
                    done_at: row.done_at.map(UnixMillis),
                    not_before: UnixMillis(row.not_before),
                    document: views::document_view(row, external_id),
                })
            })
            .collect()
    }

    async fn newest_attempts(&self, documents: &[String]) -> Result<HashMap<String, Vec<AttemptView>>, LedgerError> {
        let mut values = Values::default();
        let places = values.take_all(documents.iter().cloned());
        let most = values.take(ATTEMPTS);
        let statement = format!(
            "SELECT * FROM (
                 SELECT attempts.*, row_number() OVER (PARTITION BY document_id ORDER BY started_at DESC, id DESC)
                     AS place
                 FROM attempts WHERE document_id IN ({places})
             ) AS newest WHERE place <= {most} ORDER BY started_at, id"
        );
        let statement = Statement::from_sql_and_values(self.backend(), statement, values.into_vec());
        let rows = attempt::Entity::find()
            .from_raw_sql(statement)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list attempts", error))?;
        let mut of: HashMap<String, Vec<AttemptView>> = HashMap::new();
        for row in rows {
            let document = row.document_id.clone().unwrap_or_default();
            of.entry(document).or_default().push(views::attempt_view(row));
        }
        Ok(of)
    }

    async fn holds_of(&self, documents: &[String]) -> Result<HashMap<String, Vec<HoldView>>, LedgerError> {
        let mut values = Values::default();
        let places = values.take_all(documents.iter().cloned());
        let statement = format!(
            "SELECT document_id, reason, detail, opened_at, resolved_at, resolved_by, resolution
             FROM holds WHERE document_id IN ({places}) ORDER BY id"
        );
        let rows = sql::query(&self.db, "list holds", &statement, values.into_vec()).await?;
        let mut of: HashMap<String, Vec<HoldView>> = HashMap::new();
        for row in &rows {
            of.entry(sql::get(row, "document_id")?).or_default().push(hold(row)?);
        }
        Ok(of)
    }

    async fn providers_of(&self, documents: &[document::Model]) -> Result<HashMap<String, Provider>, LedgerError> {
        let mut values = Values::default();
        let registers = documents.iter().filter_map(|row| row.register_id.clone());
        let places = values.take_all(registers);
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        let statement = format!("SELECT id, provider FROM registers WHERE id IN ({places})");
        let rows = sql::query(&self.db, "read registers' providers", &statement, values.into_vec()).await?;
        rows.iter()
            .map(|row| {
                let column = "registers.provider";
                let word: String = sql::get(row, "provider")?;
                let provider = Provider::parse(&word).ok_or(LedgerError::UnknownValue { column })?;
                Ok((sql::get(row, "id")?, provider))
            })
            .collect()
    }

    async fn rendered(&self, documents: &[String]) -> Result<Vec<(String, String)>, LedgerError> {
        let mut values = Values::default();
        let places = values.take_all(documents.iter().cloned());
        let statement = format!("SELECT document_id, form FROM renderings WHERE document_id IN ({places})");
        let rows = sql::query(&self.db, "list renderings", &statement, values.into_vec()).await?;
        rows.iter()
            .map(|row| Ok((sql::get(row, "document_id")?, sql::get(row, "form")?)))
            .collect()
    }
}

fn hold(row: &QueryResult) -> Result<HoldView, LedgerError> {
    let by: Option<String> = sql::get(row, "resolved_by")?;
    Ok(HoldView {
        reason: sql::get(row, "reason")?,
        detail: sql::get(row, "detail")?,
        opened_at: UnixMillis(sql::get(row, "opened_at")?),
        resolved: day::time(row, "resolved_at")?.zip(by),
        resolution: sql::get(row, "resolution")?,
    })
}
