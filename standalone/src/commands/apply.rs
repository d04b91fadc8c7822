//! `kasyr apply FILE`.

use std::path::Path;
use std::process::ExitCode;

use crate::apply::{self, Places};
use crate::config::Base;

pub(super) async fn apply(
    base: &Base,
    file: &Path,
    check: bool,
    env: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<ExitCode> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let places = Places {
        env,
        file: &|path| std::fs::read(folder.join(path)),
    };
    let settings = apply::read(file, &places)?;
    if check {
        println!("{} is fine; nothing was changed.", file.display());
        return Ok(ExitCode::SUCCESS);
    }
    let ledger = base.open().await?;
    let changes = apply::apply(&ledger, &settings, "command line").await?;
    if changes.is_empty() {
        println!("Everything was so already; nothing changed.");
    }
    for change in &changes {
        println!("{change}");
    }
    if !settings.registers.is_empty() {
        println!(
            "While it runs, Kasyr closes shifts by itself: at the register's close_at (Kyiv time), and 23 hours after \
             the opening at the latest."
        );
    }
    println!("Next step: kasyr doctor");
    Ok(ExitCode::SUCCESS)
}
