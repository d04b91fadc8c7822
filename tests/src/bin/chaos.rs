//! Everything breaks while payments come in, and afterwards the simulators' own books are compared
//! with the registers' tapes. `cargo run --release -p tests --bin chaos -- --seed 7`

#[path = "../chaos/mod.rs"]
mod chaos;

use std::process::ExitCode;

use chaos::Options;
use clap::Parser as _;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    program::install_tls();
    let agrees = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(chaos::run(options))?;
    Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
