//! The `kasyr` program.

use std::process::ExitCode;

use clap::Parser as _;
use kasyr::commands::Cli;

fn main() -> ExitCode {
    start(Cli::parse()).unwrap_or_else(|error| {
        program::complain(error.as_ref());
        ExitCode::FAILURE
    })
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let env = program::environment()?;
    let default_filter = cli.logs_by_default();
    let log_env = |name: &str| {
        let default = default_filter.filter(|_| name == "KASYR_LOG");
        env(name).or_else(|| default.map(str::to_owned))
    };
    telemetry::init(&program::log_from_env(log_env).map_err(program::Problems)?)?;
    program::install_tls();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(cli.execute(env))
}
