//! `POST /account/password`

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::parts::{self, Field};
use super::super::session::{password, welcome};
use super::super::visitor::Visitor;
use crate::AppState;
use crate::error::ApiError;

pub(super) fn form(visitor: &Visitor) -> Markup {
    let l = visitor.language;
    parts::form(
        visitor,
        "/account/password",
        html! {
            (Field {
                required: true,
                kind: "password",
                complete: "current-password",
                ..Field::text(l.say("Теперішній пароль", "Current password"), "current", "")
            })
            (welcome::new_password(l))
            button type="submit" { (l.say("Змінити пароль", "Change the password")) }
        },
    )
}

/// The other sessions end with the old password.
pub(super) async fn change(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    if !is_own(&app, &visitor, &form).await? {
        return super::problem(
            &app,
            &visitor,
            "Теперішній пароль не підходить.",
            "The current password does not fit.",
        )
        .await;
    }
    let chosen = match welcome::chosen(&form) {
        Ok(chosen) => chosen,
        Err((uk, en)) => return super::problem(&app, &visitor, uk, en).await,
    };
    let hash = password::hash(chosen)
        .await
        .ok_or_else(|| PageError::from(ApiError::Busy))?;
    let (user, session) = (&visitor.user().id, Some(visitor.session.id.as_str()));
    app.ledger
        .set_password(user, &hash, session, &visitor.actor(), app.ledger.now())
        .await?;
    Ok(Notice::Saved.at("/account"))
}

/// Is the field `current` this user's password? Wrong ones count as at the sign-in.
pub(super) async fn is_own(app: &AppState, visitor: &Visitor, form: &Form) -> Result<bool, PageError> {
    let now = app.ledger.now();
    let user = visitor.user();
    let facts = app.ledger.sign_in_facts(&user.login, now).await?;
    let Some(facts) = facts.filter(|facts| facts.locked.is_none()) else {
        return Ok(false);
    };
    let secret = form.secret("current").unwrap_or_default();
    if password::verify(secret, Some(facts.password_hash)).await {
        return Ok(true);
    }
    let address = visitor.address.as_deref().unwrap_or_default();
    app.ledger.note_wrong_password(&user.id, address, now).await?;
    Ok(false)
}
