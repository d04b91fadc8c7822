//! The payment system's own file of a receipt, behind a link that ends after a while and is a secret: it is never logged
//! and never kept; what it leads to is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fondy::FileKind;
use hooks::FetchError;
use ledger::LedgerError;
use ledger::gateway::Claim;
use ledger::settings::Source;
use tracing::info;

use super::client;
use crate::state::WorkerState;

/// A receipt is some 30 KB; a Z-report is less.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// What a PDF begins with.
const MAGIC: &[u8] = b"%PDF-";
/// Object storage says so of anything that it was not told more about.
const TYPES: [&str; 4] = ["application/pdf", "application/octet-stream", "binary/octet-stream", ""];

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoFile {
    /// The payment system cannot be asked; the text is for people.
    #[error("{0}")]
    NotAsked(String),
    /// It gave no link.
    #[error("the payment system gives no link to its file")]
    NoLink(#[source] fondy::Error),
    /// The link led nowhere.
    #[error("the payment system's file cannot be got")]
    NotGot(#[source] FetchError),
    /// What came is no PDF.
    #[error("what came instead of the payment system's file is no PDF")]
    NotPdf,
}

/// Gets the files of a look's documents that are not here yet; true: now all are.
pub(super) async fn fetch(state: &WorkerState, claim: &Claim) -> Result<bool, LedgerError> {
    let wanted = state.ledger.wanted_files(claim).await?;
    if wanted.is_empty() {
        return Ok(true);
    }
    let Some(source) = state.source(&claim.source).await? else {
        return Ok(false);
    };
    let mut all = true;
    for one in wanted {
        if state.stopping.is_cancelled() {
            return Ok(false);
        }
        match get(state, &source, &one.transaction, FileKind::Receipt).await {
            Ok(base64) => {
                let now = state.ledger.now();
                state.ledger.keep_file(one.document, &base64, now).await?;
            }
            Err(error) => {
                all = false;
                let id = one.document;
                let why = telemetry::chain(&error);
                info!(document.id = %id, "The payment system's file of receipt {id} is not here yet: {why}");
            }
        }
    }
    Ok(all)
}

/// A file in base64.
pub(super) async fn get(
    state: &WorkerState,
    source: &Source,
    transaction: &str,
    kind: FileKind,
) -> Result<String, NoFile> {
    let Some(path) = &state.gateway.receipt_path else {
        return Err(NoFile::NotAsked("KASYR_FONDY_RECEIPT_PATH is not set".to_owned()));
    };
    let client = client::client(state, source).map_err(NoFile::NotAsked)?;
    let link = client
        .receipt_link(path, transaction, kind)
        .await
        .map_err(NoFile::NoLink)?;
    let file = state
        .files
        .get(link.expose(), MAX_BYTES)
        .await
        .map_err(NoFile::NotGot)?;
    if TYPES.contains(&file.media_type.as_str()) && file.bytes.starts_with(MAGIC) {
        Ok(STANDARD.encode(&file.bytes))
    } else {
        Err(NoFile::NotPdf)
    }
}
