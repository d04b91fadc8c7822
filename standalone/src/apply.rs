//! `kasyr apply FILE`: merchants, registers, sources and keys declared in a TOML file.

mod file;
mod secret;
mod tax;

use std::path::Path;

use ledger::Ledger;
use ledger::settings::{Change, Changed, Settings};

pub use secret::Places;

/// Why a file cannot be applied. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not TOML of the expected shape; the text has line and column.
    #[error("{path} is not a valid settings file:\n{text}")]
    Shape {
        /// Which file.
        path: String,
        /// What and where; without the line itself, which may hold a secret.
        text: String,
    },
    /// Settings that make no sense, all of them.
    #[error("the settings have problems:\n{}", list(.0))]
    Problems(Vec<String>),
    /// The ledger would not take them.
    #[error("the ledger did not take the settings; nothing was changed")]
    Ledger(#[from] ledger::LedgerError),
}

fn list(problems: &[String]) -> String {
    problems
        .iter()
        .map(|problem| format!("  - {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads a settings file. `places` resolves `{ env = … }` and `{ file = … }`.
pub fn read(path: &Path, places: &Places<'_>) -> Result<Settings, ApplyError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| ApplyError::Read {
        path: shown.clone(),
        source,
    })?;
    parse(&text, &shown, places)
}

/// Reads the text of a settings file.
pub fn parse(text: &str, path: &str, places: &Places<'_>) -> Result<Settings, ApplyError> {
    let file: file::File = toml::from_str(text).map_err(|error| ApplyError::Shape {
        path: path.to_owned(),
        text: place(text, &error),
    })?;
    file.settings(places).map_err(ApplyError::Problems)
}

/// Line and message. Not toml's own picture of the line: a literal secret may stand there.
fn place(text: &str, error: &toml::de::Error) -> String {
    let line = error
        .span()
        .map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
    format!("  line {line}: {}", error.message())
}

/// Applies and says what changed, a line each.
pub async fn apply(ledger: &Ledger, settings: &Settings, by: &str) -> Result<Vec<String>, ApplyError> {
    let changes = ledger.apply(settings, by, ledger.now()).await?;
    Ok(changes.iter().map(describe).collect())
}

fn describe(change: &Change) -> String {
    match &change.what {
        Changed::Added => format!("{}: added", change.thing),
        Changed::Updated(columns) => format!("{}: changed {}", change.thing, columns.join(", ")),
    }
}

#[cfg(test)]
mod tests;
