//! `kasyr run`: ingress and worker in one process.

use std::process::ExitCode;

use anyhow::Context as _;
use ingress::Parts;
use ledger::Ledger;
use tokio::net::TcpListener;

use crate::config::{Base, Run};

pub(super) async fn run(base: Base, config: Run) -> anyhow::Result<ExitCode> {
    let stop = program::stop_on_signals()?;
    let ledger = base.open().await?;
    let doorbell = base.doorbell();
    let addr = config.ingress.public_addr;
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr} (KASYR_PUBLIC_ADDR); is another Kasyr running?"))?;
    let public_url = config.public_url.unwrap_or_else(|| format!("http://{addr}"));
    greet(&ledger, &public_url).await?;

    let metrics = tokio::spawn(program::serve_metrics(
        config.metrics,
        ledger.clone(),
        doorbell.clone(),
        stop.clone(),
    ));
    let parts = Parts {
        ledger: ledger.clone(),
        doorbell: doorbell.clone(),
    };
    let told = || stop.clone().cancelled_owned();
    // Whichever ends first takes the other with it.
    let stopping = stop.clone();
    let serving = async {
        let served = ingress::run(config.ingress, parts, listener, told()).await;
        stopping.cancel();
        served
    };
    let working = async {
        let worked = worker::run(config.worker, ledger, doorbell, told()).await;
        stopping.cancel();
        worked
    };
    let (served, worked) = tokio::join!(serving, working);
    metrics.await.context("the metrics server panicked")??;
    served?;
    worked?;
    println!("Kasyr stopped; what was in hand is finished.");
    Ok(ExitCode::SUCCESS)
}

/// What a shop owner wants to know at the start.
async fn greet(ledger: &Ledger, public_url: &str) -> anyhow::Result<()> {
    let registers = ledger.registers(None).await?;
    let sources = ledger.sources().await?;
    println!("Kasyr is running. Payments that come in become fiscal receipts.");
    if registers.is_empty() {
        println!();
        println!("No cash register is set up yet. The next step:");
        println!("  1. Copy deploy/example.toml to kasyr.toml and write your register and payment system into it.");
        println!("  2. Run: kasyr apply kasyr.toml");
        println!("  3. Run: kasyr doctor");
        println!("Kasyr need not be restarted for that.");
        return Ok(());
    }
    for register in &registers {
        println!(
            "  register {} ({}), through {}",
            register.id,
            register.fiscal_number,
            register.provider.as_str()
        );
    }
    for source in &sources {
        println!(
            "  give {} this callback address: {public_url}/callbacks/{}",
            source.kind.as_str(),
            source.id
        );
    }
    let held = ledger.recent_documents(Some("held"), 100).await?.len();
    if held > 0 {
        println!("  {held} documents wait for a person; see them with: kasyr alerts");
    }
    Ok(())
}
