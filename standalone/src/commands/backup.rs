//! `kasyr backup FILE`.

use std::path::Path;
use std::process::ExitCode;

use crate::config::Base;

pub(super) async fn backup(base: &Base, file: &Path) -> anyhow::Result<ExitCode> {
    let Some(ledger) = base.ledger.sqlite_file() else {
        println!(
            "This ledger is in PostgreSQL, which makes its own backups: pg_dump --format=custom --file=FILE \"$KASYR_DATABASE_URL\""
        );
        println!("{}", needs_key(base));
        return Ok(ExitCode::FAILURE);
    };
    // Opening would make an empty one, and a copy of that looks like a backup.
    if !ledger.exists() {
        println!(
            "There is no ledger at {}; nothing was copied. Run this where Kasyr runs, or set KASYR_DATABASE_URL.",
            ledger.display()
        );
        return Ok(ExitCode::FAILURE);
    }
    base.connect().await?.back_up(file).await?;
    println!(
        "The ledger is copied to {}; only you can read the copy.",
        file.display()
    );
    println!("{}", needs_key(base));
    Ok(ExitCode::SUCCESS)
}

fn needs_key(base: &Base) -> String {
    let key = match base.key_file() {
        Some(file) => format!("the key file {}", file.display()),
        None => "the master key in KASYR_MASTER_KEY".to_owned(),
    };
    format!(
        "Its secrets are sealed: to use the copy you need {key} too. Keep a copy of that as well, in another place."
    )
}
