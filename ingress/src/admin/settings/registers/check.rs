//! The check: what was typed, then what the provider says of it. Nothing is saved here.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::ids::{MerchantId, RegisterNumber};
use ledger::settings::{Merchant, Register};
use url::Url;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::reach;
use super::ask::{Answered, Question, ask};
use super::draft::{Checked, Draft};
use super::key::{self, Before, Given};
use super::page::Page;
use super::typed::{Typed, Wanted};
use crate::AppState;

/// `known`: the register that is edited.
pub(super) async fn check(
    app: &AppState,
    visitor: &Visitor,
    known: Option<&Register>,
    form: &Form,
) -> Result<Response, PageError> {
    let l = visitor.language;
    let merchants = reach::merchants(app, visitor).await?;
    let before = form.text("draft");
    let mut typed = Typed::read(form, known);
    let earlier = earlier(app, visitor, known, before).filter(|draft| draft.typed.provider == typed.provider);
    let mut problems = Problems::default();
    let base_url = Url::parse(&typed.base_url).ok();
    let kept = Before {
        draft: earlier.as_deref(),
        register: known,
    };
    let given = key::read(l, form, typed.provider(), &kept, base_url.as_ref(), &mut problems);
    let wanted = typed.wanted(l, &mut problems);
    let merchant = merchant(visitor, &typed, &merchants, &mut problems);
    // Whoever they belong to: a number is worked by one register only.
    let taken = app.ledger.register_numbers(known.map(|known| &known.id)).await?;
    if let Some(wanted) = &wanted {
        free(app, visitor, known, wanted, &taken, &mut problems).await?;
    }
    let ready = problems
        .is_empty()
        .then_some(())
        .and(given.clone().zip(wanted).zip(merchant));
    let checked = match ready {
        None => Checked::No,
        Some(((given, wanted), merchant)) => {
            let question = Question {
                provider: wanted.provider,
                base_url: wanted.base_url.clone(),
                credentials: &given.credentials,
                options: &wanted.options,
                number: wanted.number.clone(),
                known,
                taken,
            };
            let answered = ask(app, question).await?;
            judge(answered, &wanted, &merchant, &given, known)
        }
    };
    // One register is no choice: it is chosen.
    if let Checked::Told {
        ready: Some(register), ..
    } = &checked
    {
        typed.number = register.fiscal_number.to_string();
    }
    let status = match &checked {
        Checked::Told { .. } => StatusCode::OK,
        Checked::No | Checked::Stopped { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let draft = Draft {
        register: known.map(|known| known.id.clone()),
        typed,
        given,
        checked,
    };
    let id = app.drafts.keep(&visitor.session.id, before, draft);
    let draft = app.drafts.find(&visitor.session.id, &id).ok_or(PageError::BadForm)?;
    let secret = match known {
        Some(known) => app.ledger.register_secret_info(&known.id).await?,
        None => None,
    };
    let page = Page::checked(visitor, &merchants, known, &id, &draft, problems).kept(secret);
    Ok((status, page.show(app)).into_response())
}

/// The draft the form names, if it is about the same register.
fn earlier(app: &AppState, visitor: &Visitor, known: Option<&Register>, id: &str) -> Option<Arc<Draft>> {
    let draft = app.drafts.find(&visitor.session.id, id)?;
    (draft.register.as_ref() == known.map(|known| &known.id)).then_some(draft)
}

fn merchant(visitor: &Visitor, typed: &Typed, all: &[Merchant], problems: &mut Problems) -> Option<MerchantId> {
    let found = all.iter().find(|merchant| merchant.id.as_str() == typed.merchant);
    if found.is_none() {
        problems.tell("merchant", visitor.say("Виберіть продавця.", "Choose a merchant."));
    }
    found.map(|merchant| merchant.id.clone())
}

/// Another register's id or number would make one of two.
async fn free(
    app: &AppState,
    visitor: &Visitor,
    known: Option<&Register>,
    wanted: &Wanted,
    taken: &[RegisterNumber],
    problems: &mut Problems,
) -> Result<(), PageError> {
    if known.is_none() && app.ledger.register(&wanted.id).await?.is_some() {
        problems.tell(
            "id",
            visitor.say(
                "Каса з таким ідентифікатором уже є.",
                "There is a register with this id already.",
            ),
        );
    }
    if wanted.number.as_ref().is_some_and(|number| taken.contains(number)) {
        problems.tell(
            "number",
            visitor.say(
                "Касу з цим номером уже додано.",
                "A register with this number is added already.",
            ),
        );
    }
    Ok(())
}

fn judge(
    answered: Answered,
    wanted: &Wanted,
    merchant: &MerchantId,
    given: &Given,
    known: Option<&Register>,
) -> Checked {
    let register = |number: &RegisterNumber| {
        let register = wanted
            .clone()
            .register(merchant.clone(), number.clone(), given.credentials.clone(), known);
        Box::new(register)
    };
    match (answered.obstacle, answered.found) {
        (Some(obstacle), found) => {
            let number = wanted.number.as_ref().filter(|_| obstacle.is_outage());
            Checked::Stopped {
                unchecked: number.map(register),
                obstacle,
                found,
            }
        }
        (None, Some(found)) => Checked::Told {
            ready: found.register.as_ref().map(|told| register(&told.number)),
            found,
        },
        (None, None) => Checked::No,
    }
}
