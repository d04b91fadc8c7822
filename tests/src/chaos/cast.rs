//! Who takes part: merchants with two registers each, every register with a payment source of its
//! own. Registers differ in how they give money back and in how their merchant is taxed.

use std::net::SocketAddr;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::{Rate, VatLetter, VatScheme};
use ledger::settings::{
    ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings, ShopWebhook, Source, SourceKind,
};
use sandbox::{cashalot, fondy};

/// One register with everything around it.
#[derive(Clone, Debug)]
pub struct Till {
    /// Its fiscal number.
    pub number: u64,
    /// Kasyr's id of it.
    pub register: RegisterId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// Its merchant's key for the API.
    pub api_key: String,
    /// Its payment source.
    pub source: SourceId,
    /// Its merchant at the payment system.
    pub gateway: u64,
    /// Do its lines need VAT letters?
    pub vat: bool,
}

const FIRST_NUMBER: u64 = 4_000_100_001;
const FIRST_GATEWAY: u64 = 2_100_001;
const GATEWAY_KEY: &str = "chaos-payment-key";
/// What every shop's webhooks are signed with.
pub const WEBHOOK_SECRET: &str = "chaos-webhook-secret";

/// `count` registers.
pub fn tills(count: usize) -> anyhow::Result<Vec<Till>> {
    (0..u64::try_from(count)?)
        .map(|index| {
            let merchant = index / 2;
            Ok(Till {
                number: FIRST_NUMBER + index,
                register: RegisterId::parse(&format!("till-{index}"))?,
                merchant: MerchantId::parse(&format!("shop-{merchant}"))?,
                api_key: format!("chaos-shop-key-{merchant}"),
                source: SourceId::parse(&format!("fondy-{index}"))?,
                gateway: FIRST_GATEWAY + index,
                vat: index % 4 < 2,
            })
        })
        .collect()
}

/// Makes them known at the simulators.
pub fn enrol(tills: &[Till], registers: &cashalot::Simulator, payments: &fondy::Simulator) {
    for till in tills {
        registers.add_register(cashalot::RegisterSetup::new(till.number));
        payments.add_merchant(fondy::Merchant::new(till.gateway, GATEWAY_KEY));
    }
}

/// Kasyr's settings for them.
pub fn settings(
    tills: &[Till],
    cashalot: SocketAddr,
    fondy: SocketAddr,
    shop: Option<SocketAddr>,
) -> anyhow::Result<Settings> {
    let mut settings = Settings::default();
    for (index, till) in tills.iter().enumerate() {
        if index % 2 == 0 {
            settings.merchants.push(Merchant {
                id: till.merchant.clone(),
                name: "ФОП Приклад".to_owned(),
            });
            let key = ApiKey {
                merchant: till.merchant.clone(),
                id: "shop".to_owned(),
                scopes: vec![Scope::Orders, Scope::Events, Scope::Receipts],
            };
            settings.api_keys.push((key, till.api_key.clone().into()));
            if let Some(shop) = shop {
                let url = format!("http://{shop}/{}", till.merchant);
                let webhook = ShopWebhook::new(till.merchant.clone(), url, WEBHOOK_SECRET);
                settings.shop_webhooks.push(webhook);
            }
        }
        settings.registers.push(Register {
            id: till.register.clone(),
            merchant: till.merchant.clone(),
            provider: Provider::Cashalot,
            fiscal_number: RegisterNumber::parse(&till.number.to_string())?,
            base_url: format!("http://{cashalot}/"),
            close_at: None,
            refund_policy: if index % 3 == 2 {
                RefundPolicy::ReturnOnly
            } else {
                RefundPolicy::StornoFirst
            },
            vat: if till.vat { letters()? } else { VatScheme::NotAPayer },
            credentials: Credentials::KeyPin(cashalot::DEFAULT_KEY_PIN.to_owned().into()),
            options: std::collections::BTreeMap::new(),
            stand_in: None,
            failures: 0,
            failing_since: None,
        });
        settings.sources.push(Source {
            account: till.gateway.to_string(),
            secret: GATEWAY_KEY.to_owned().into(),
            api_url: format!("http://{fondy}"),
            // Every fifth source is believed without asking.
            confirm: index % 5 != 4,
            ..Source::new(
                SourceKind::Fondy,
                till.source.clone(),
                till.merchant.clone(),
                till.register.clone(),
            )
        });
    }
    Ok(settings)
}

fn letters() -> anyhow::Result<VatScheme> {
    let (a, b) = (VatLetter::parse("А")?, VatLetter::parse("Б")?);
    let rates = [(a, Rate::from_basis_points(2_000)?), (b, Rate::from_basis_points(700)?)];
    Ok(VatScheme::letters(a, rates.into())?)
}
