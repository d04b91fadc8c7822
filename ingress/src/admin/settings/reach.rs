//! What a page is about, if it is within the visitor's reach. Whatever is not, is not there.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::Uri;
use domain::ids::{MerchantId, RegisterId, SourceId};
use ledger::people::Reach;
use ledger::settings::{Merchant, Register, Source};

use super::super::error::PageError;
use super::super::visitor::Visitor;
use crate::AppState;

/// A part of the path that names something.
pub(super) type Named = Result<Path<String>, PathRejection>;

/// The merchants the visitor sees.
pub(super) async fn merchants(app: &AppState, visitor: &Visitor) -> Result<Vec<Merchant>, PageError> {
    Ok(app.ledger.merchants(visitor.reach()).await?)
}

/// One of them.
pub(super) async fn merchant(app: &AppState, visitor: &Visitor, id: &str) -> Result<Merchant, PageError> {
    let id = MerchantId::parse(id).map_err(|_| PageError::NoSuchPage)?;
    if !visitor.reach().sees(id.as_str()) {
        return Err(PageError::NoSuchPage);
    }
    let found = app.ledger.merchants(&Reach::Merchants(vec![id])).await?;
    found.into_iter().next().ok_or(PageError::NoSuchPage)
}

/// The register with this id.
pub(super) async fn own_register(app: &AppState, visitor: &Visitor, id: &str) -> Result<Option<Register>, PageError> {
    let Ok(id) = RegisterId::parse(id) else {
        return Ok(None);
    };
    let found = app.ledger.register(&id).await?;
    Ok(found.filter(|register| visitor.reach().sees(register.merchant.as_str())))
}

/// The register a path names.
pub(super) async fn register(app: &AppState, visitor: &Visitor, path: Named) -> Result<Register, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    own_register(app, visitor, &id).await?.ok_or(PageError::NoSuchPage)
}

/// The source a path names.
pub(super) async fn source(app: &AppState, visitor: &Visitor, path: Named) -> Result<Source, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let id = SourceId::parse(&id).map_err(|_| PageError::NoSuchPage)?;
    let source = app.ledger.source(&id).await?;
    source
        .filter(|source| visitor.reach().sees(source.merchant.as_str()))
        .ok_or(PageError::NoSuchPage)
}

/// A parameter of the address; empty if it is not there.
pub(super) fn asked(uri: &Uri, name: &str) -> String {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
