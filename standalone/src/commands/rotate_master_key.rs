//! `kasyr rotate-master-key`: a new master key while everything runs. The steps are those of
//! `ledger::vault`; whatever stops it, running it again goes on from there.

use std::process::ExitCode;

use anyhow::Context as _;
use ledger::Ledger;
use vault::{KeyFile, KeyId, Vault};

use crate::config::Base;

/// Secrets between two lines of progress.
const AT_ONCE: u64 = 200;

pub(super) async fn rotate(base: &Base) -> anyhow::Result<ExitCode> {
    let (ledger, vault) = base.open_with_keys().await?;
    match vault.file() {
        Some(file) => with_file(&ledger, &vault, file).await,
        None => with_text(&ledger, &vault).await,
    }
    .context("the change of the master key is not finished; nothing is lost, run it again: kasyr rotate-master-key")
}

async fn with_file(ledger: &Ledger, vault: &Vault, file: &KeyFile) -> anyhow::Result<ExitCode> {
    let path = file.path().display();
    let lock = file.lock()?;
    let keys = file.read()?.ids();
    let old = ledger.master_key().await?;
    let new = match keys[..] {
        [only] if Some(only) == old => {
            let new = lock.add_key()?;
            println!("{path} has a new master key, {new}, before the old one.");
            new
        }
        [first, ..] => {
            println!("{path} has more than one key: going on with the change to the first one, {first}.");
            first
        }
        [] => anyhow::bail!("{path} has no key"),
    };
    vault.reload()?;
    wrap_all(ledger, new).await?;
    lock.drop_old_keys()?;
    println!("Done: {path} has the new key only.");
    println!("Copy it now to where you keep its copy. Backups of the ledger made before today need the old key: keep");
    println!("your old copy as long as you keep them.");
    Ok(ExitCode::SUCCESS)
}

async fn with_text(ledger: &Ledger, vault: &Vault) -> anyhow::Result<ExitCode> {
    let keys = vault.held();
    let old = ledger.master_key().await?;
    let new = match keys[..] {
        [only] if Some(only) == old => {
            println!("KASYR_MASTER_KEY has one key only, so there is none to change to. What to do:");
            println!("  1. Make a new key, as a file: kasyr create-master-key FILE");
            println!(
                "  2. Write it before the old one, KASYR_MASTER_KEY=\"NEW OLD\", for every program, and restart them."
            );
            println!("  3. Run this again: kasyr rotate-master-key");
            return Ok(ExitCode::FAILURE);
        }
        [first, ..] => first,
        [] => anyhow::bail!("KASYR_MASTER_KEY has no key"),
    };
    wrap_all(ledger, new).await?;
    println!("Done. Now leave only the first key, {new}, in KASYR_MASTER_KEY of every program, and restart them.");
    println!("Backups of the ledger made before today need the old key: keep it as long as you keep them.");
    Ok(ExitCode::SUCCESS)
}

async fn wrap_all(ledger: &Ledger, new: KeyId) -> anyhow::Result<()> {
    ledger.switch_master_key(new, ledger.now()).await?;
    println!("Secrets are sealed under {new} from now on.");
    let mut done = 0;
    loop {
        let wrapped = ledger.rewrap_secrets(AT_ONCE).await?;
        done += wrapped.done;
        let all = done + wrapped.left;
        if all > 0 {
            println!("  {done} of {all} secrets that were there are under it");
        }
        if wrapped.left == 0 {
            break;
        }
    }
    // Somebody who changes it at the same time from another machine has another key file.
    let now = ledger.master_key().await?;
    anyhow::ensure!(
        now == Some(new),
        "somebody else changed the master key at the same time"
    );
    Ok(())
}
