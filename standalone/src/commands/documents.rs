//! `kasyr documents [ID]`.

use std::process::ExitCode;

use domain::ids::DocumentId;

use super::text::{document_line, moment};
use crate::config::Base;

pub(super) async fn list(base: &Base, state: Option<&str>, limit: u64) -> anyhow::Result<ExitCode> {
    let ledger = base.open().await?;
    let documents = ledger.recent_documents(state, limit).await?;
    if documents.is_empty() {
        println!(
            "No documents{}.",
            state.map_or_else(String::new, |state| format!(" that are {state}"))
        );
    }
    for document in &documents {
        println!("{}", document_line(document));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(base: &Base, document: &str) -> anyhow::Result<bool> {
    let Ok(id) = DocumentId::parse(document) else {
        println!("{document:?} is not a document's id; see them with: kasyr documents");
        return Ok(false);
    };
    let ledger = base.open().await?;
    let Some((view, attempts)) = ledger.document_view(None, id).await? else {
        println!("There is no document {id}.");
        return Ok(false);
    };
    println!("{}", document_line(&view));
    println!(
        "  made {}, last change {}",
        moment(view.created_at),
        moment(view.updated_at)
    );
    if let Some(local) = view.local_number {
        let presence = view.presence.as_deref().unwrap_or("?");
        println!(
            "  local number {local}, {presence}, {}",
            view.registered_at.as_deref().unwrap_or("?")
        );
    }
    if let Some(url) = &view.url {
        println!("  {url}");
    }
    for attempt in &attempts {
        let code = attempt.code.as_deref().unwrap_or("—");
        println!(
            "  {}  {} → {} ({code}), {} ms",
            moment(attempt.started_at),
            attempt.command,
            attempt.outcome,
            attempt.duration_ms
        );
        if let Some(message) = &attempt.message {
            println!("      {message}");
        }
    }
    Ok(true)
}
