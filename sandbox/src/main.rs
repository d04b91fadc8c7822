//! Runs the simulators on loopback ports until interrupted, for trying things by hand.

use std::io::{self, Write as _};
use std::net::Ipv4Addr;

use anyhow::Context as _;
use clap::Parser;
use sandbox::acquirer::{self, Config, Simulator, System};
use sandbox::{atol, cashalot, cashdesk, fondy, liqpay, mailbox, monobank, shop, wayforpay};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Simulators of Cashälot, CashDesk, ATOL Online, Fondy, LiqPay, WayForPay, monobank acquiring, a mail server and a shop
/// on 127.0.0.1. A port of 0 picks a free one.
#[derive(Parser)]
struct Arguments {
    /// Port of the Cashälot API.
    #[arg(long, default_value_t = 9101)]
    cashalot: u16,
    /// Port of the Cashälot control channel.
    #[arg(long, default_value_t = 9102)]
    cashalot_control: u16,
    /// Port of the CashDesk API.
    #[arg(long, default_value_t = 9301)]
    cashdesk: u16,
    /// Port of the CashDesk control channel.
    #[arg(long, default_value_t = 9302)]
    cashdesk_control: u16,
    /// Port of the Fondy API.
    #[arg(long, default_value_t = 9201)]
    fondy: u16,
    /// Port of the Fondy control channel.
    #[arg(long, default_value_t = 9202)]
    fondy_control: u16,
    /// Port of the LiqPay API and its payment pages.
    #[arg(long, default_value_t = 9211)]
    liqpay: u16,
    /// Port of LiqPay's page and control channel.
    #[arg(long, default_value_t = 9212)]
    liqpay_control: u16,
    /// Port of the WayForPay API and its payment pages.
    #[arg(long, default_value_t = 9221)]
    wayforpay: u16,
    /// Port of WayForPay's page and control channel.
    #[arg(long, default_value_t = 9222)]
    wayforpay_control: u16,
    /// Port of the monobank acquiring API and its payment pages.
    #[arg(long, default_value_t = 9231)]
    monobank: u16,
    /// Port of monobank's page and control channel.
    #[arg(long, default_value_t = 9232)]
    monobank_control: u16,
    /// Port of the ATOL Online API, v4 and v5.
    #[arg(long, default_value_t = 9401)]
    atol: u16,
    /// Port of the ATOL Online control channel.
    #[arg(long, default_value_t = 9402)]
    atol_control: u16,
    /// Port of the mail server, in clear and with STARTTLS.
    #[arg(long, default_value_t = 1025)]
    mail: u16,
    /// Port of the mail server, encrypted from the first byte.
    #[arg(long, default_value_t = 1465)]
    mail_tls: u16,
    /// Port of the mailbox's page and control channel.
    #[arg(long, default_value_t = 1080)]
    mail_control: u16,
    /// Who must sign in to send mail; without it anybody may.
    #[arg(long, requires = "mail_password")]
    mail_user: Option<String>,
    /// The password of the one who must sign in.
    #[arg(long, requires = "mail_user")]
    mail_password: Option<String>,
    /// Port of the shop that is told of receipts.
    #[arg(long, default_value_t = 9501)]
    shop: u16,
    /// Port of the shop's page and control channel.
    #[arg(long, default_value_t = 9502)]
    shop_control: u16,
    /// Fiscal numbers of the CashDesk registers, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "4000777001")]
    cashdesk_registers: Vec<u64>,
    /// Fiscal numbers of the Cashälot registers, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "4000999001")]
    registers: Vec<u64>,
    /// The KeyPin that all registers accept.
    #[arg(long, default_value = cashalot::DEFAULT_KEY_PIN)]
    key_pin: String,
    /// Group codes of ATOL Online with registers of FFD 1.05, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "sandbox-v4")]
    atol_v4: Vec<String>,
    /// Group codes of ATOL Online with registers of FFD 1.2, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "sandbox-v5")]
    atol_v5: Vec<String>,
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
    let desk = cashdesk::Simulator::new(cashdesk::Config::default());
    for register in arguments.cashdesk_registers {
        desk.add_register(cashdesk::RegisterSetup::new(register));
    }
    let receipts = atol::Simulator::new(atol::Config::realistic());
    for group in &arguments.atol_v4 {
        receipts.add_group(atol::GroupSetup::v4(group));
    }
    for group in &arguments.atol_v5 {
        receipts.add_group(atol::GroupSetup::v5(group));
    }
    let payments = fondy::Simulator::new(fondy::Config::default());
    let user = arguments.mail_user.zip(arguments.mail_password);
    let mails = mailbox::Mailbox::new(mailbox::Config {
        user: user.map(|(name, password)| mailbox::User { name, password }),
        certificate: Some(mailbox::Certificate::self_signed("mailbox.example")?),
        ..mailbox::Config::default()
    });
    let told = shop::Shop::new(shop::Config::default());

    let mut servers = Servers::default();
    let (api, stop) = servers.listen("Cashälot API", "http", arguments.cashalot).await?;
    servers.run("Cashälot API", cashalot::serve(api, tills.clone(), stop));
    let (control, stop) = servers
        .listen("Cashälot control", "http", arguments.cashalot_control)
        .await?;
    servers.run("Cashälot control", cashalot::serve_control(control, tills, stop));
    servers
        .run_cashdesk([arguments.cashdesk, arguments.cashdesk_control], desk)
        .await?;
    let (api, stop) = servers.listen("Fondy API", "http", arguments.fondy).await?;
    servers.run("Fondy API", fondy::serve(api, payments.clone(), stop));
    let (control, stop) = servers.listen("Fondy control", "http", arguments.fondy_control).await?;
    servers.run("Fondy control", fondy::serve_control(control, payments.clone(), stop));
    let stop = servers.stop.clone().cancelled_owned();
    servers.run("Fondy callbacks", async move {
        payments.run_delivery(stop).await;
        Ok(())
    });
    let names = ["LiqPay API", "LiqPay control", "LiqPay callbacks"];
    let liqpay = liqpay::Simulator::new(Config::default());
    let ports = [arguments.liqpay, arguments.liqpay_control];
    servers.run_acquirer(names, ports, liqpay).await?;
    let names = ["WayForPay API", "WayForPay control", "WayForPay callbacks"];
    let wayforpay = wayforpay::Simulator::new(Config::default());
    let ports = [arguments.wayforpay, arguments.wayforpay_control];
    servers.run_acquirer(names, ports, wayforpay).await?;
    let names = ["monobank API", "monobank control", "monobank callbacks"];
    let monobank = monobank::Simulator::new(Config::default())?;
    let ports = [arguments.monobank, arguments.monobank_control];
    servers.run_acquirer(names, ports, monobank).await?;
    servers
        .run_atol([arguments.atol, arguments.atol_control], receipts)
        .await?;
    let (plain, stop) = servers.listen("Mail", "smtp", arguments.mail).await?;
    servers.run("Mail", mailbox::serve(plain, mails.clone(), stop));
    let (tls, stop) = servers.listen("Mail over TLS", "smtps", arguments.mail_tls).await?;
    servers.run("Mail over TLS", mailbox::serve_tls(tls, mails.clone(), stop));
    let (page, stop) = servers.listen("Mailbox", "http", arguments.mail_control).await?;
    servers.run("Mailbox", mailbox::serve_control(page, mails, stop));
    let (endpoint, stop) = servers.listen("Shop", "http", arguments.shop).await?;
    servers.run("Shop", shop::serve(endpoint, told.clone(), stop));
    let (page, stop) = servers.listen("Shop control", "http", arguments.shop_control).await?;
    servers.run("Shop control", shop::serve_control(page, told, stop));
    servers.until_interrupted().await
}

/// What runs until the interrupt.
#[derive(Default)]
struct Servers {
    stop: CancellationToken,
    running: JoinSet<anyhow::Result<()>>,
}

impl Servers {
    /// A listener that was told to the reader, and what ends its server.
    async fn listen(
        &self,
        name: &str,
        scheme: &str,
        port: u16,
    ) -> anyhow::Result<(TcpListener, impl Future<Output = ()> + Send + use<>)> {
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = bound.with_context(|| format!("the port {port} of: {name}"))?;
        writeln!(io::stdout(), "{name:<17} {scheme}://{}/", listener.local_addr()?)?;
        Ok((listener, self.stop.clone().cancelled_owned()))
    }

    fn run(&mut self, name: &'static str, server: impl Future<Output = io::Result<()>> + Send + 'static) {
        self.running
            .spawn(async move { server.await.with_context(|| format!("serving: {name}")) });
    }

    /// CashDesk's API, its controls and its webhooks.
    async fn run_cashdesk(
        &mut self,
        [api_port, control_port]: [u16; 2],
        desk: cashdesk::Simulator,
    ) -> anyhow::Result<()> {
        let (api, stop) = self.listen("CashDesk API", "http", api_port).await?;
        self.run("CashDesk API", cashdesk::serve(api, desk.clone(), stop));
        let (control, stop) = self.listen("CashDesk control", "http", control_port).await?;
        self.run("CashDesk control", cashdesk::serve_control(control, desk.clone(), stop));
        let stop = self.stop.clone().cancelled_owned();
        self.run("CashDesk webhooks", async move {
            desk.run_delivery(stop).await;
            Ok(())
        });
        Ok(())
    }

    /// An acquirer's API, its controls and its deliveries.
    async fn run_acquirer<S: System>(
        &mut self,
        [api_name, control_name, deliveries]: [&'static str; 3],
        [api_port, control_port]: [u16; 2],
        sim: Simulator<S>,
    ) -> anyhow::Result<()> {
        let (api, stop) = self.listen(api_name, "http", api_port).await?;
        self.run(api_name, acquirer::serve(api, sim.clone(), stop));
        let (control, stop) = self.listen(control_name, "http", control_port).await?;
        self.run(control_name, acquirer::serve_control(control, sim.clone(), stop));
        let stop = self.stop.clone().cancelled_owned();
        self.run(deliveries, async move {
            sim.run_delivery(stop).await;
            Ok(())
        });
        Ok(())
    }

    /// ATOL Online's API, its controls and its callbacks.
    async fn run_atol(&mut self, [api_port, control_port]: [u16; 2], sim: atol::Simulator) -> anyhow::Result<()> {
        let (api, stop) = self.listen("ATOL API", "http", api_port).await?;
        self.run("ATOL API", atol::serve(api, sim.clone(), stop));
        let (control, stop) = self.listen("ATOL control", "http", control_port).await?;
        self.run("ATOL control", atol::serve_control(control, sim.clone(), stop));
        let stop = self.stop.clone().cancelled_owned();
        self.run("ATOL callbacks", async move {
            sim.run(stop).await;
            Ok(())
        });
        Ok(())
    }

    /// A server that ends before its time ends the program.
    async fn until_interrupted(mut self) -> anyhow::Result<()> {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("waiting for an interrupt")?,
            Some(ended) = self.running.join_next() => ended??,
        }
        self.stop.cancel();
        while let Some(ended) = self.running.join_next().await {
            ended??;
        }
        Ok(())
    }
}
