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
    /// Text or HTML, UTF-8.
    pub body: String,
    /// When it was fetched.
    pub fetched_at: UnixMillis,
}

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
    sql::execute(
        db,
        "keep a rendering",
        "INSERT INTO renderings (document_id, form, body, fetched_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (document_id, form) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
        [
            id.to_string().into(),
            form(html).into(),
            body.replace('\0', "").into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

impl Ledger {
    /// What and under which number to fetch; `None` if it is no registered document of this register.
    pub async fn fetchable(
        &self,
        register: &RegisterId,
        id: DocumentId,
    ) -> Result<Option<(Kind, String)>, LedgerError> {
        let row = document::Entity::find_by_id(id.to_string())
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("find a document", error))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let kind = plan::kind(&row.kind)?;
        Ok(row.fiscal_number.map(|number| (kind, number)))
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

    /// A kept rendering.
    pub async fn rendering(&self, id: DocumentId, html: bool) -> Result<Option<Rendered>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a rendering",
            "SELECT body, fetched_at FROM renderings WHERE document_id = $1 AND form = $2",
            [id.to_string().into(), form(html).into()],
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
