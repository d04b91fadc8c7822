//! `kasyr reservation-data FILE|-`: a basket as Fondy wants it with a payment. It needs no ledger.

#![expect(
    clippy::print_stderr,
    reason = "what is piped on is the value alone; the rest is for the person"
)]

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use payments::reservation_data::{Unfit, prepare};

/// Prints the value alone, so that it can be piped on; what a person should know goes beside it.
pub(super) fn reservation_data(file: &Path, amount: Option<u64>) -> anyhow::Result<ExitCode> {
    let json = if file == Path::new("-") {
        let mut json = Vec::new();
        std::io::stdin()
            .read_to_end(&mut json)
            .context("cannot read what was piped in")?;
        json
    } else {
        std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    match prepare(&json, amount) {
        Ok(prepared) => {
            println!("{}", prepared.encoded);
            for warning in &prepared.warnings {
                eprintln!("  ! {warning}");
            }
            eprintln!(
                "{} kopecks in {} lines, {} characters; send it with amount={}",
                prepared.total.minor(),
                prepared.lines,
                prepared.encoded.len(),
                prepared.total.minor(),
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(Unfit::BrokenJson) => {
            eprintln!("  ✘ it is not JSON, or names a field twice");
            Ok(ExitCode::FAILURE)
        }
        Err(Unfit::Problems(problems)) => {
            for problem in &problems {
                eprintln!("  ✘ {problem}");
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
