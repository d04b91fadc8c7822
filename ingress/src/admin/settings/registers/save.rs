//! `POST /settings/registers/save`: keeps what a check has approved.

use axum::extract::State;
use axum::response::Response;
use ledger::people::Reach;
use ledger::settings::{Register, Settings};

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::draft::{Checked, Draft};
use crate::AppState;

pub async fn save(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let (session, id) = (visitor.session.id.clone(), form.text("draft").to_owned());
    let draft = app.drafts.find(&session, &id).ok_or_else(ended)?;
    let register = approved(&draft, form.ticked("unchecked")).ok_or_else(ended)?;
    if !visitor.reach().sees(register.merchant.as_str()) {
        return Err(PageError::NoSuchPage);
    }
    still_free(&app, &draft, &register).await?;
    let settings = Settings {
        registers: vec![register.clone()],
        ..Settings::default()
    };
    super::super::save::save(&app, &visitor, settings).await?;
    app.drafts.end(&session, &id);
    let own = Reach::Merchants(vec![register.merchant.clone()]);
    let next = if app.ledger.first_steps(&own).await?.source {
        "/settings".to_owned()
    } else {
        format!("/settings/sources/new?register={}", register.id)
    };
    Ok(Notice::Saved.at(&next))
}

/// Only a good check may be saved, and an outage when somebody says so.
fn approved(draft: &Draft, unchecked: bool) -> Option<Register> {
    match &draft.checked {
        Checked::Told { ready, .. } => ready.as_deref().cloned(),
        Checked::Stopped {
            unchecked: register, ..
        } if unchecked => register.as_deref().cloned(),
        Checked::No | Checked::Stopped { .. } => None,
    }
}

/// Somebody else may have been quicker.
async fn still_free(app: &AppState, draft: &Draft, register: &Register) -> Result<(), PageError> {
    let new_id_taken = draft.register.is_none() && app.ledger.register(&register.id).await?.is_some();
    let others = app.ledger.register_numbers(Some(&register.id)).await?;
    if new_id_taken || others.contains(&register.fiscal_number) {
        return Err(PageError::Refused(
            "Тим часом таку касу вже додано.".to_owned(),
            "Meanwhile such a register has been added.".to_owned(),
        ));
    }
    Ok(())
}

fn ended() -> PageError {
    PageError::Refused(
        "Цієї перевірки вже немає: ключ чекає на збереження лише 15 хвилин. Перевірте касу ще раз.".to_owned(),
        "This check is gone: a key waits to be saved for 15 minutes only. Check the register again.".to_owned(),
    )
}
