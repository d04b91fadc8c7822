//! `kasyr cash-in|cash-out REGISTER AMOUNT --key KEY`.

use std::time::Duration;

use domain::document::Kind;
use domain::money::Kopecks;
use ledger::LedgerError;
use ledger::shifts::NewCash;
use ledger::views::DocumentView;

use super::exit::Exit;
use super::hand::{self, ACTOR, Hand};
use super::text::document_line;
use crate::config::Base;

/// Cash that is put in or taken out. The key makes repeating safe.
pub(super) struct Cash<'a> {
    pub register: &'a str,
    pub kind: Kind,
    pub amount: Kopecks,
    pub key: &'a str,
}

/// Hryvnias above zero, for clap.
pub(super) fn amount(text: &str) -> Result<Kopecks, String> {
    let amount = Kopecks::parse_major(text).map_err(|error| error.to_string())?;
    if amount.is_zero() {
        return Err("an amount is above zero".to_owned());
    }
    Ok(amount)
}

pub(super) async fn cash(
    base: &Base,
    env: &dyn Fn(&str) -> Option<String>,
    cash: &Cash<'_>,
    patience: Duration,
) -> anyhow::Result<Exit> {
    let Some((ledger, register)) = hand::open(base, cash.register).await? else {
        return Ok(Exit::Failed);
    };
    let now = ledger.now();
    let new = NewCash {
        merchant: &register.merchant,
        register: &register.id,
        kind: cash.kind,
        key: cash.key,
        amount: cash.amount,
    };
    let planned = ledger.plan_cash(&new, ACTOR, now).await;
    let id = match planned {
        Ok((id, true)) => id,
        Ok((id, false)) => {
            println!("The key {:?} was used before: nothing new is made.", cash.key);
            id
        }
        Err(LedgerError::KeyReused) => {
            println!(
                "The key {:?} was used for another amount or direction; nothing was made. Take another key.",
                cash.key
            );
            return Ok(Exit::Failed);
        }
        Err(error) => return Err(error.into()),
    };
    let hand = Hand::on(register, ledger, env, patience)?;
    let over = async || {
        let found = hand.ledger.document_view(None, id).await?;
        Ok(found.map(|(document, _)| document).filter(is_over))
    };
    Ok(match hand.until(over).await? {
        Err(exit) => exit,
        Ok(document) => {
            println!("{}", document_line(&document));
            if document.hold.is_some() {
                Exit::Person
            } else {
                Exit::Done
            }
        }
    })
}

fn is_over(document: &DocumentView) -> bool {
    matches!(document.state.as_str(), "registered" | "held" | "closed")
}
