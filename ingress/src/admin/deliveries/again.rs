//! `POST /deliveries/send-again`: what is on hold on a lane; `POST /deliveries/send-made`: everything of a time.

use axum::extract::State;
use axum::response::Response;
use domain::time::UnixMillis;
use ledger::deliveries::{LaneId, Which};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::{AppState, day};

pub(super) async fn held(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    send(&app, &visitor, &form, Which::Held).await
}

pub(super) async fn made(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let span = day::minute(form.text("from")).zip(day::minute(form.text("to")));
    let Some((from, to)) = span.filter(|(from, to)| from <= to) else {
        return Err(PageError::Refused(
            "Вкажіть, від якого і до якого часу надіслати все ще раз. Нічого не зроблено.".to_owned(),
            "Say from when to when everything is to be sent again. Nothing was done.".to_owned(),
        ));
    };
    // The last minute belongs to it.
    let before = UnixMillis(to.0.saturating_add(60_000));
    send(&app, &visitor, &form, Which::Made(from, before)).await
}

async fn send(app: &AppState, visitor: &Visitor, form: &Form, which: Which) -> Result<Response, PageError> {
    let lane = LaneId::from_bell(form.text("lane").to_owned());
    let count = app
        .ledger
        .send_lane_again(visitor.reach(), &lane, which, visitor.actor(), app.ledger.now())
        .await?
        .ok_or(PageError::NoSuchPage)?;
    if count == 0 {
        return Ok(Notice::NothingToSend.at("/deliveries"));
    }
    super::ring(app, &[lane]);
    Ok(Notice::SentAgain.at("/deliveries"))
}
