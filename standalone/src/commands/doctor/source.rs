//! The live question to a payment system: does it answer, does it take the key?

use std::time::Duration;

use ledger::settings::{Source, SourceKind};
use telemetry::chain;
use url::Url;

use super::super::report::{Line, Report};

/// An order nobody has: a right key is told "unknown order", a wrong one "wrong signature".
const NOBODYS: &str = "kasyr-doctor-no-such-order";

/// Asks with the source's own key.
pub(super) async fn ask(source: &Source, http: &reqwest::Client, patience: Duration, report: &mut Report) {
    let Ok(api_url) = Url::parse(&source.api_url) else {
        report.tell(Line::person(
            "its api_url is not a URL",
            "correct it in the settings file and apply it again",
        ));
        return;
    };
    let http = http.clone();
    let accepted = match source.kind {
        SourceKind::Fondy => fondy(source, http, api_url, patience, report).await,
        SourceKind::LiqPay => liqpay(source, http, api_url, patience, report).await,
        SourceKind::WayForPay => wayforpay(source, http, api_url, patience, report).await,
        SourceKind::Monobank => monobank(source, http, api_url, patience).await,
        // A provider is asked as its register is.
        SourceKind::CashDesk | SourceKind::AtolOnline => return,
    };
    let name = name(source.kind);
    report.tell(match accepted {
        Ok(()) => Line::good(format!("{name} answers and accepts the key")),
        Err(said) => Line::person(format!("{name}: {said}"), "check account, secret and api_url"),
    });
}

const fn name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Fondy => "Fondy",
        SourceKind::LiqPay => "LiqPay",
        SourceKind::WayForPay => "WayForPay",
        SourceKind::Monobank => "monobank",
        SourceKind::CashDesk => "CashDesk",
        SourceKind::AtolOnline => "ATOL Online",
    }
}

async fn fondy(
    source: &Source,
    http: reqwest::Client,
    api_url: Url,
    patience: Duration,
    report: &mut Report,
) -> Result<(), String> {
    let credentials = fondy::Credentials {
        merchant_id: source
            .gateway_merchant_id()
            .ok_or("its account is not a number, as every merchant at Fondy is")?,
        key: source.secret.clone(),
    };
    if credentials.is_public_test() {
        report.tell(test_account());
    }
    let client = fondy::Client::new(http, api_url, credentials, patience);
    match client.status(NOBODYS).await {
        Err(error) if !error.is_unknown_order() => Err(chain(&error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn liqpay(
    source: &Source,
    http: reqwest::Client,
    api_url: Url,
    patience: Duration,
    report: &mut Report,
) -> Result<(), String> {
    let credentials = liqpay::Credentials {
        public_key: source.account.clone(),
        private_key: source.secret.clone(),
    };
    if credentials.is_test() {
        report.tell(test_account());
    }
    let client = liqpay::Client::new(http, api_url, credentials, patience);
    match client.status(NOBODYS).await {
        Err(error) if !error.is_unknown_order() => Err(chain(&error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn wayforpay(
    source: &Source,
    http: reqwest::Client,
    api_url: Url,
    patience: Duration,
    report: &mut Report,
) -> Result<(), String> {
    let credentials = wayforpay::Credentials {
        account: source.account.clone(),
        key: source.secret.clone(),
    };
    if credentials.is_public_test() {
        report.tell(test_account());
    }
    let client = wayforpay::Client::new(http, api_url, credentials, patience);
    match client.status(NOBODYS).await {
        Err(error) if !error.is_unknown_order() => Err(chain(&error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The key that webhooks are checked with is what a right token gets.
async fn monobank(source: &Source, http: reqwest::Client, api_url: Url, patience: Duration) -> Result<(), String> {
    let client = monobank::Client::new(http, api_url, source.secret.clone(), patience);
    client.public_key().await.map(drop).map_err(|error| chain(&error))
}

fn test_account() -> Line {
    Line::note("this is a public test merchant: anybody can forge its callbacks; never use it for real money")
}
