//! `kasyr run`: ingress and worker in one process.

use std::process::ExitCode;

use anyhow::Context as _;
use ingress::{IngressConfig, Listeners, Parts};
use ledger::Ledger;
use ledger::settings::Source;
use secrecy::ExposeSecret as _;

use crate::config::{Base, Run};

pub(super) async fn run(base: Base, config: Run) -> anyhow::Result<ExitCode> {
    let stop = program::stop_on_signals()?;
    let ledger = base.open().await?;
    let doorbell = base.doorbell();
    let listeners = Listeners::bind(&config.ingress).await?;
    greet(&ledger, &config.ingress).await?;

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
        let served = ingress::run(config.ingress, parts, listeners, told()).await;
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
async fn greet(ledger: &Ledger, config: &IngressConfig) -> anyhow::Result<()> {
    println!("Kasyr is running. Payments that come in become fiscal receipts.");
    match ledger.invite_first_administrator(ledger.now()).await? {
        Some(token) => {
            println!();
            println!("Nobody can sign in to the admin pages yet. Open this link and choose a password; it works once:");
            println!(
                "  {}",
                config.admin.link(&format!("/welcome/{}", token.expose_secret()))
            );
            println!();
        }
        None => println!("  admin pages: {}", config.admin.link("/")),
    }
    let registers = ledger.registers(None).await?;
    if registers.is_empty() {
        println!("No cash register is set up yet: add it on the settings page, or with: kasyr apply kasyr.toml");
        println!("(deploy/example.toml is a beginning). Kasyr need not be restarted for that.");
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
    for source in &ledger.sources().await? {
        println!(
            "  give {} this callback address: {}",
            source.kind.as_str(),
            config.public_link(&format!("/callbacks/{}{}", source.id, secret_part(source)))
        );
    }
    let held = ledger.recent_documents(Some("held"), 100).await?.len();
    if held > 0 {
        println!("  {held} documents wait for a person; see them on the page Attention, or with: kasyr alerts");
    }
    Ok(())
}

/// Nothing signs a provider's notices: the last part of their address is a secret, which is not printed.
const fn secret_part(source: &Source) -> &'static str {
    if source.kind.is_payment() { "" } else { "/SECRET" }
}
