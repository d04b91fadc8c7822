//! `kasyr doctor`: asks everything Kasyr depends on, changes nothing.

use std::time::Duration;

use cashalot::{Client, RegistrarNumber, ShiftState, TransactionsRegistrarState};
use ledger::Ledger;
use ledger::settings::{Register, Source};
use url::Url;

use crate::config::Base;

const PATIENCE: Duration = Duration::from_secs(15);

/// Ticks and crosses, with the next step beside each cross.
struct Report {
    good: bool,
}

impl Report {
    fn tick(&self, text: &str) {
        println!("  ✔ {text}");
    }

    fn cross(&mut self, text: &str, next_step: &str) {
        self.good = false;
        println!("  ✘ {text}");
        println!("    → {next_step}");
    }
}

pub(super) async fn doctor(base: &Base) -> anyhow::Result<bool> {
    let mut report = Report { good: true };
    println!("Ledger and queue");
    let ledger = match base.open().await {
        Ok(ledger) => ledger,
        Err(error) => {
            report.cross(
                &telemetry::chain(&error),
                "check KASYR_DATABASE_URL and that the database runs",
            );
            return Ok(false);
        }
    };
    report.tick("the ledger answers and its schema is up to date");
    queue(base, &mut report).await;
    let http = cashalot::http_client()?;
    settings(&ledger, &http, &mut report).await?;
    waiting(&ledger, &mut report).await?;
    println!();
    println!(
        "{}",
        if report.good {
            "All is well."
        } else {
            "Something needs your attention, see ✘ above."
        }
    );
    Ok(report.good)
}

async fn queue(base: &Base, report: &mut Report) {
    if matches!(base.queue.url, queue::QueueUrl::Memory) {
        report.tick("bells ring in the memory of one process: right for `kasyr run`, wrong for several workers");
        return;
    }
    let doorbell = base.doorbell();
    let answers = tokio::time::timeout(PATIENCE, async {
        while doorbell.depth(queue::Kind::WorkRegister).await.is_none() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    match answers.await {
        Ok(()) => report.tick("Redis answers"),
        Err(_) => report.cross(
            "Redis does not answer",
            "check KASYR_QUEUE_URL; until then work is found more slowly",
        ),
    }
}

async fn settings(ledger: &Ledger, http: &reqwest::Client, report: &mut Report) -> anyhow::Result<()> {
    let registers = ledger.registers(None).await?;
    if registers.is_empty() {
        println!("Registers");
        report.cross(
            "no register is set up",
            "write kasyr.toml (see deploy/example.toml) and run: kasyr apply kasyr.toml",
        );
    }
    for register in &registers {
        println!("Register {} ({})", register.id, register.fiscal_number);
        check_register(register, http, report).await;
    }
    for source in ledger.sources().await? {
        println!("Payment source {} (merchant {})", source.id, source.gateway_merchant_id);
        check_source(&source, http, report).await;
    }
    Ok(())
}

async fn check_register(register: &Register, http: &reqwest::Client, report: &mut Report) {
    let Ok(base_url) = Url::parse(&register.base_url) else {
        report.cross(
            "its base_url is not a URL",
            "correct it in the settings file and apply it again",
        );
        return;
    };
    let auth = worker::cashalot_auth(&register.credentials);
    let client = Client::new(http.clone(), base_url, auth.clone(), PATIENCE);
    match client.server_state().await.result {
        Ok(state) if state.available == Some(false) => {
            report.cross(
                "Cashälot answers, the tax service does not",
                "wait; receipts are made offline or later",
            );
        }
        Ok(_) => report.tick("Cashälot answers"),
        Err(error) => {
            report.cross(
                &format!("Cashälot: {}", telemetry::chain(&error)),
                "check base_url and the network",
            );
            return;
        }
    }
    if let Some(certificate) = auth.certificate() {
        match client.certificate_info(certificate).await.result {
            Ok(info) => report.tick(&format!(
                "the certificate is valid until {}",
                info.valid_until.unwrap_or_default()
            )),
            Err(error) => report.cross(
                &format!("the certificate: {}", telemetry::chain(&error)),
                "check the certificate file",
            ),
        }
    }
    let number = RegistrarNumber(register.fiscal_number.get());
    let question = TransactionsRegistrarState {
        registrar: number,
        include_tax_object: false,
        uid: None,
    };
    match client.transactions_registrar_state(&question).await.result {
        Ok(state) => {
            let shift = match state.shift_state {
                Some(ShiftState::Open) => "its shift is open",
                Some(ShiftState::Closed) => "its shift is closed and opens with the next receipt",
                Some(ShiftState::Other(_)) | None => "it does not say whether its shift is open",
            };
            report.tick(&format!("the register and its key are accepted; {shift}"));
        }
        Err(error) => report.cross(
            &format!("the register's state: {}", telemetry::chain(&error)),
            "check fiscal_number and credentials, apply them again",
        ),
    }
}

async fn check_source(source: &Source, http: &reqwest::Client, report: &mut Report) {
    let Ok(api_url) = Url::parse(&source.api_url) else {
        report.cross(
            "its api_url is not a URL",
            "correct it in the settings file and apply it again",
        );
        return;
    };
    let credentials = fondy::Credentials {
        merchant_id: source.gateway_merchant_id,
        key: source.secret.clone(),
    };
    if credentials.is_public_test() {
        println!("  ! this is a public test merchant: anybody can forge its callbacks; never use it for real money");
    }
    let client = fondy::Client::new(http.clone(), api_url, credentials, PATIENCE);
    // An order nobody has: a right key is told "unknown order", a wrong one "wrong signature".
    match client.status("kasyr-doctor-no-such-order").await {
        Ok(_) => report.tick("Fondy answers and accepts the key"),
        Err(error) if error.is_unknown_order() => report.tick("Fondy answers and accepts the key"),
        Err(error) => {
            report.cross(
                &format!("Fondy: {}", telemetry::chain(&error)),
                "check gateway_merchant_id, secret and api_url",
            );
        }
    }
}

async fn waiting(ledger: &Ledger, report: &mut Report) -> anyhow::Result<()> {
    println!("What waits for a person");
    let held = ledger.recent_documents(Some("held"), 1000).await?.len();
    let alerts = ledger.open_alerts(None).await?.len();
    if held + alerts == 0 {
        report.tick("nothing");
    } else {
        report.cross(
            &format!("{held} held documents, {alerts} open alerts"),
            "see them with: kasyr alerts",
        );
    }
    Ok(())
}
