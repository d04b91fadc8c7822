//! Documents as a person reads them, as the provider draws them: kept when they come with a registration, fetched
//! again on request.

use domain::document::Kind;
use domain::ids::{DocumentId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entities::document;
use crate::{Ledger, LedgerError, plan, sql};

/// A rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Text or HTML, UTF-8; a file in base64.
    pub body: String,
    /// When it was fetched.
    pub fetched_at: UnixMillis,
}

/// The form of a payment system's own file, kept in base64.
const PDF: &str = "pdf";

const fn form(html: bool) -> &'static str {
    if html { "html" } else { "text" }
}

pub(crate) async fn keep(
    db: &impl ConnectionTrait,
    id: DocumentId,
    html: bool,
    body: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    insert(db, id, form(html), &body.replace('\0', ""), now).await
}

async fn insert(
    db: &impl ConnectionTrait,
    id: DocumentId,
    form: &str,
    body: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "keep a rendering",
        "INSERT INTO renderings (document_id, form, body, fetched_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (document_id, form) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
        [id.to_string().into(), form.into(), body.into(), now.0.into()],
    )
    .await?;
    Ok(())
}

/// A registered document as its provider can be asked for it.
#[derive(Clone, Debug)]
pub struct Fetchable {
    /// What it is.
    pub kind: Kind,
    /// Its fiscal number.
    pub number: String,
    /// What the provider calls it beside that, if it does.
    pub provider_id: Option<String>,
}

impl Ledger {
    /// What to fetch; `None` if it is no registered document of this register.
    pub async fn fetchable(&self, register: &RegisterId, id: DocumentId) -> Result<Option<Fetchable>, LedgerError> {
        let row = document::Entity::find_by_id(id.to_string())
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("find a document", error))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let kind = plan::kind(&row.kind)?;
        Ok(row.fiscal_number.map(|number| Fetchable {
            kind,
            number,
            provider_id: row.provider_id,
        }))
    }

    /// Keeps a rendering in the place of an earlier one.
    pub async fn keep_rendering(
        &self,
        id: DocumentId,
        html: bool,
        body: &str,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        keep(&self.db, id, html, body, now).await
    }

    /// The same for the payment system's own file (PDF) of a receipt that it made, in base64.
    pub async fn keep_file(&self, id: DocumentId, base64: &str, now: UnixMillis) -> Result<(), LedgerError> {
        insert(&self.db, id, PDF, base64, now).await
    }

    /// A kept rendering.
    pub async fn rendering(&self, id: DocumentId, html: bool) -> Result<Option<Rendered>, LedgerError> {
        self.kept(id, form(html)).await
    }

    /// The payment system's own file (PDF) of a receipt that it made, in base64.
    pub async fn file(&self, id: DocumentId) -> Result<Option<Rendered>, LedgerError> {
        self.kept(id, PDF).await
    }

    async fn kept(&self, id: DocumentId, form: &str) -> Result<Option<Rendered>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a rendering",
            "SELECT body, fetched_at FROM renderings WHERE document_id = $1 AND form = $2",
            [id.to_string().into(), form.into()],
        )
        .await?;
        row.map(|row| {
            Ok(Rendered {
                body: sql::get(&row, "body")?,
                fetched_at: UnixMillis(sql::get(&row, "fetched_at")?),
            })
        })
        .transpose()
    }
}
