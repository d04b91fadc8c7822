//! `POST /settings/webhooks/format`: the other shape of messages; address and secret stay.

use axum::extract::State;
use axum::response::Response;
use ledger::settings::{Settings, ShopWebhook, WebhookFormat};

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::super::save::save;
use crate::AppState;

pub async fn change(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let view = super::form::named(&app, &visitor, &form).await?;
    let format = WebhookFormat::parse(form.text("format")).ok_or(PageError::BadForm)?;
    let keys = app.ledger.webhook(&view.merchant, &view.url, app.ledger.now()).await?;
    let newest = keys.and_then(|keys| keys.secrets.into_iter().next());
    let settings = Settings {
        shop_webhooks: vec![ShopWebhook {
            merchant: view.merchant,
            url: view.url,
            secret: newest.ok_or(PageError::NoSuchPage)?,
            format,
        }],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    Ok(Notice::Saved.at("/settings"))
}
