//! A merchant with as many registers as are wanted, and a payment source for some of them.

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use ledger::settings::{Credentials, Merchant, Provider, Register, Settings, Source, SourceKind};
use sandbox::cashalot::DEFAULT_KEY_PIN;

use crate::payments::{GATEWAY_MERCHANT, PAYMENT_KEY};

/// Whose everything is.
pub(crate) const MERCHANT: &str = "bench";

/// A register's name.
pub(crate) fn register_id(number: usize) -> String {
    format!("bench-{number:05}")
}

/// A register's number at the tax service.
pub(crate) fn fiscal_number(number: usize) -> u64 {
    4_100_000_000 + u64::try_from(number).unwrap_or(0)
}

/// A source's name; it belongs to the register of the same number.
pub(crate) fn source_id(number: usize) -> String {
    format!("pay-{number:05}")
}

/// Registers 0 to `registers`, each worked at `provider`; those from `first_source` on have a source.
pub(crate) fn settings(registers: usize, first_source: usize, provider: &str) -> anyhow::Result<Settings> {
    let merchant = MerchantId::parse(MERCHANT)?;
    let mut settings = Settings {
        merchants: vec![Merchant {
            id: merchant.clone(),
            name: "ФОП Приклад".to_owned(),
        }],
        ..Settings::default()
    };
    for number in 0..registers {
        let id = RegisterId::parse(&register_id(number))?;
        if number >= first_source {
            settings.sources.push(source(number, &merchant, &id)?);
        }
        settings.registers.push(Register {
            id,
            merchant: merchant.clone(),
            provider: Provider::Cashalot,
            fiscal_number: RegisterNumber::parse(&fiscal_number(number).to_string())?,
            base_url: provider.to_owned(),
            close_at: None,
            refund_policy: RefundPolicy::StornoFirst,
            vat: VatScheme::NotAPayer,
            credentials: Credentials::KeyPin(DEFAULT_KEY_PIN.into()),
            options: std::collections::BTreeMap::new(),
            stand_in: None,
            failures: 0,
            failing_since: None,
        });
    }
    Ok(settings)
}

fn source(number: usize, merchant: &MerchantId, register: &RegisterId) -> anyhow::Result<Source> {
    Ok(Source {
        account: GATEWAY_MERCHANT.to_string(),
        secret: PAYMENT_KEY.into(),
        api_url: "http://127.0.0.1:9".to_owned(),
        // The simulated payment system is not asked: its cost is not what is measured.
        confirm: false,
        ..Source::new(
            SourceKind::Fondy,
            SourceId::parse(&source_id(number))?,
            merchant.clone(),
            register.clone(),
        )
    })
}

/// The environment of an ingress on these servers, without rate limits. Port 0 is any that is free.
pub(crate) fn ingress(ledger: &str, queue: &str, port: u16, admin: u16) -> Vec<(&'static str, String)> {
    vec![
        ("KASYR_DATABASE_URL", ledger.to_owned()),
        ("KASYR_QUEUE_URL", queue.to_owned()),
        ("KASYR_PUBLIC_ADDR", format!("127.0.0.1:{port}")),
        ("KASYR_ADMIN_ADDR", format!("127.0.0.1:{admin}")),
        ("KASYR_RATE_PER_SOURCE", "0".to_owned()),
        ("KASYR_RATE_PER_ADDRESS", "0".to_owned()),
        tests::key_variable(),
    ]
}
