//! `bench`: measures on private servers and the real programs what Kasyr promises about speed.
//!
//! ```text
//! cargo run --release -p tests --bin bench -- acks       durable acknowledgements beside one-row commits
//! cargo run --release -p tests --bin bench -- backlog    an idle register's receipt beside a huge backlog
//! cargo run --release -p tests --bin bench -- pages      what pages read, with a million documents in the ledger
//! ```
//! Each prints one table and ends with status 0 only if the promise was kept.
#![expect(clippy::print_stdout, reason = "its output is the result")]

mod acks;
mod backlog;
mod figures;
mod http;
mod load;
mod pages;
mod payments;
mod postgres;
mod process;
mod settings;
mod wire;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures what Kasyr promises about speed, on private servers.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Durable acknowledgements per second beside one-row-per-commit inserts into the same PostgreSQL.
    Acks(acks::Options),
    /// How soon an idle register's receipt comes while others have a huge backlog.
    Backlog(backlog::Options),
    /// How quickly everything is read that pages and the API show, with a million documents.
    Pages(pages::Options),
}

/// Was the promise kept?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Kept,
    Broken,
}

fn main() -> anyhow::Result<ExitCode> {
    let verdict = match Arguments::parse().what {
        // One thread: the load must cost as little of the machine as possible.
        What::Acks(options) => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(acks::run(&options))?,
        What::Backlog(options) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(backlog::run(&options))?,
        What::Pages(options) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(pages::run(&options))?,
    };
    Ok(match verdict {
        Verdict::Kept => ExitCode::SUCCESS,
        Verdict::Broken => ExitCode::FAILURE,
    })
}
