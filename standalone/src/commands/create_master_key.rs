//! `kasyr create-master-key FILE`.

use std::path::Path;
use std::process::ExitCode;

use vault::KeyFile;

pub(super) fn create(file: &Path) -> anyhow::Result<ExitCode> {
    let id = KeyFile::new(file).create()?;
    let file = file.display();
    println!("{file} has a new master key, {id}; only you can read the file.");
    println!(
        "Keep a copy in a safe place, but not where backups of the ledger are kept: if it is lost, nobody can read"
    );
    println!("the secrets in the ledger again, and whoever has both has your keys.");
    println!("Next step: set KASYR_MASTER_KEY_FILE={file} for every program that uses this ledger.");
    Ok(ExitCode::SUCCESS)
}
