//! Runs the simulators on loopback ports until interrupted, for trying things by hand.

use std::future::Future;
use std::io::{self, Write as _};
use std::net::Ipv4Addr;

use anyhow::Context as _;
use clap::Parser;
use sandbox::{cashalot, fondy};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Simulators of Cashälot and Fondy on 127.0.0.1. A port of 0 picks a free one.
#[derive(Parser)]
struct Arguments {
    /// Port of the Cashälot API.
    #[arg(long, default_value_t = 9101)]
    cashalot: u16,
    /// Port of the Cashälot control channel.
    #[arg(long, default_value_t = 9102)]
    cashalot_control: u16,
    /// Port of the Fondy API.
    #[arg(long, default_value_t = 9201)]
    fondy: u16,
    /// Port of the Fondy control channel.
    #[arg(long, default_value_t = 9202)]
    fondy_control: u16,
    /// Fiscal numbers of the registers, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "4000999001")]
    registers: Vec<u64>,
    /// The KeyPin that all registers accept.
    #[arg(long, default_value = cashalot::DEFAULT_KEY_PIN)]
    key_pin: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let tills = cashalot::Simulator::new(cashalot::Config {
        credentials: cashalot::Credentials::KeyPin(arguments.key_pin),
        ..cashalot::Config::default()
    });
    for register in arguments.registers {
        tills.add_register(cashalot::RegisterSetup::new(register));
    }
    let payments = fondy::Simulator::new(fondy::Config::default());

    let over = CancellationToken::new();
    let stop = || over.clone().cancelled_owned();
    let api = listen("Cashälot API", arguments.cashalot).await?;
    let till_server = tokio::spawn(cashalot::serve(api, tills.clone(), stop()));
    let control = listen("Cashälot control", arguments.cashalot_control).await?;
    let till_control = tokio::spawn(cashalot::serve_control(control, tills, stop()));
    let api = listen("Fondy API", arguments.fondy).await?;
    let payment_server = tokio::spawn(fondy::serve(api, payments.clone(), stop()));
    let (sender, sender_stop) = (payments.clone(), stop());
    let callbacks = tokio::spawn(async move { sender.run_delivery(sender_stop).await });
    let control = listen("Fondy control", arguments.fondy_control).await?;
    let payment_control = tokio::spawn(fondy::serve_control(control, payments, stop()));

    tokio::signal::ctrl_c().await.context("waiting for an interrupt")?;
    over.cancel();
    callbacks.await.context("the task of the Fondy callbacks")?;
    for (name, server) in [
        ("Cashälot API", till_server),
        ("Cashälot control", till_control),
        ("Fondy API", payment_server),
        ("Fondy control", payment_control),
    ] {
        finished(name, server).await?;
    }
    Ok(())
}

async fn listen(name: &str, port: u16) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = bound.with_context(|| format!("the port {port} of the {name}"))?;
    writeln!(io::stdout(), "{name:<17} http://{}/", listener.local_addr()?)?;
    Ok(listener)
}

async fn finished<E>(name: &str, server: impl Future<Output = Result<io::Result<()>, E>>) -> anyhow::Result<()>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let served = server.await.with_context(|| format!("the task of the {name}"))?;
    served.with_context(|| format!("serving the {name}"))
}
