//! `GET /v1/documents/{id}/receipt.html`, `…/receipt.pdf`, `…/receipt.txt`, `…/qr.svg`, `…/qr.png`: the receipt as we
//! draw it from the ledger.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ledger::people::Reach;
use ledger::settings::Scope;
use ledger::sheet::Sheet;
use receipts::language::Language;
use receipts::pdf::Form;
use serde::Deserialize;

use super::qr;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, drawing, receipt_page};

/// How the receipt is wished. An empty value is one that is not there.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wished {
    lang: String,
    form: String,
}

type InPath = Result<Path<String>, PathRejection>;
type InQuery = Result<Query<Wished>, QueryRejection>;

/// A page of its own; its links lead to the receipt's public address.
pub(super) async fn html(
    State(app): State<AppState>,
    caller: Caller,
    path: InPath,
    query: InQuery,
) -> Result<Response, ApiError> {
    let sheet = sheet(&app, &caller, path).await?;
    let language = wished(query)?.language(&sheet)?;
    Ok(receipt_page::answer(&sheet, language, &app.public_url))
}

pub(super) async fn pdf(
    State(app): State<AppState>,
    caller: Caller,
    path: InPath,
    query: InQuery,
) -> Result<Response, ApiError> {
    let sheet = sheet(&app, &caller, path).await?;
    let wished = wished(query)?;
    let (language, form) = (wished.language(&sheet)?, wished.form()?);
    drawing::pdf(sheet, language, form).await
}

pub(super) async fn text(State(app): State<AppState>, caller: Caller, path: InPath) -> Result<Response, ApiError> {
    Ok(drawing::plain_text(&sheet(&app, &caller, path).await?))
}

pub(super) async fn svg(State(app): State<AppState>, caller: Caller, path: InPath) -> Result<Response, ApiError> {
    drawing::qr_svg(&sheet(&app, &caller, path).await?)
}

/// Where there is no link, the provider's own picture has to do; registers' own documents have only that.
pub(super) async fn png(State(app): State<AppState>, caller: Caller, path: InPath) -> Result<Response, ApiError> {
    let merchant = &caller.may_any(&SCOPES)?.merchant;
    let id = super::document_id(path)?;
    let found = app.ledger.document_view(Some(merchant), id).await?;
    let (document, _) = found.ok_or(ApiError::NotFound("document"))?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let drawn = match app.ledger.sheet(&reach, id).await? {
        Some(sheet) => drawing::qr_png(&sheet),
        None => Err(ApiError::NoPicture),
    };
    match drawn {
        Err(ApiError::NoPicture) => qr::answer(&document),
        drawn => drawn,
    }
}

const SCOPES: [Scope; 2] = [Scope::Receipts, Scope::Operator];

/// The receipt of a document that the caller may see, or why there is none.
async fn sheet(app: &AppState, caller: &Caller, path: InPath) -> Result<Sheet, ApiError> {
    let merchant = &caller.may_any(&SCOPES)?.merchant;
    let id = super::document_id(path)?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    if let Some(sheet) = app.ledger.sheet(&reach, id).await? {
        return Ok(sheet);
    }
    let found = app.ledger.document_view(Some(merchant), id).await?;
    let (document, _) = found.ok_or(ApiError::NotFound("document"))?;
    Err(super::no_receipt(&document))
}

fn wished(query: InQuery) -> Result<Wished, ApiError> {
    let Query(wished) =
        query.map_err(|_| ApiError::field("bad_query", "query", "the parameters are 'lang' and 'form', each once"))?;
    Ok(wished)
}

impl Wished {
    fn language(&self, sheet: &Sheet) -> Result<Language, ApiError> {
        match self.lang.as_str() {
            "" => Ok(receipt_page::buyers(sheet).unwrap_or(Language::Uk)),
            word => {
                Language::parse(word).ok_or_else(|| ApiError::field("bad_query", "lang", "it should be 'uk' or 'en'"))
            }
        }
    }

    fn form(&self) -> Result<Form, ApiError> {
        match self.form.as_str() {
            "" => Ok(Form::A4),
            word => {
                drawing::form(word).ok_or_else(|| ApiError::field("bad_query", "form", "it should be 'a4' or 'roll80'"))
            }
        }
    }
}
