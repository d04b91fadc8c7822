//! `kasyr fetch DOCUMENT [--html]`: a document as the tax service renders it.

use std::time::Duration;

use anyhow::Context as _;
use domain::ids::DocumentId;
use ledger::actions::Ask;

use super::exit::Exit;
use super::hand::{self, Hand};
use crate::config::Base;

pub(super) async fn fetch(
    base: &Base,
    env: &dyn Fn(&str) -> Option<String>,
    document: &str,
    html: bool,
    patience: Duration,
) -> anyhow::Result<Exit> {
    let Ok(id) = DocumentId::parse(document) else {
        println!("{document:?} is not a document's id; see them with: kasyr documents");
        return Ok(Exit::Failed);
    };
    let ledger = base.open().await?;
    let Some((view, _)) = ledger.document_view(None, id).await? else {
        println!("There is no document {id}.");
        return Ok(Exit::Failed);
    };
    if view.fiscal_number.is_none() {
        println!("Document {id} is {}; only a registered one can be fetched.", view.state);
        return Ok(Exit::Failed);
    }
    let Some(register) = hand::find(&ledger, &view.register).await? else {
        return Ok(Exit::Failed);
    };
    let hand = Hand::on(register, ledger, env, patience)?;
    let (_, exit) = hand.ask(Ask::Fetch, &id.to_string()).await?;
    if exit == Exit::Done {
        let kept = hand.ledger.rendering(id, html).await?;
        println!(
            "{}",
            kept.context("the document was fetched and is not in the ledger")?.body
        );
    }
    Ok(exit)
}
