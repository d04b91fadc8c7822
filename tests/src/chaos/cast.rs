//! Who takes part: merchants with two registers each, every register with a payment source of its
//! own. Registers differ in their provider, in how they give money back and in how their merchant is taxed.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::{Rate, VatLetter, VatScheme};
use ledger::settings::{
    ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings, ShopWebhook, Source, SourceKind,
};
use sandbox::{atol, cashalot, cashdesk, fondy};

use super::registers::Registers;

/// One register with everything around it.
#[derive(Clone, Debug)]
pub struct Till {
    /// Where it is.
    pub provider: Provider,
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
    /// Does it go on without the tax service, where its provider leaves the choice?
    pub offline: bool,
}

impl Till {
    /// What its provider tells by itself comes from there: id and secret.
    pub fn notices(&self) -> anyhow::Result<Option<(SourceId, String)>> {
        Ok(match self.provider {
            Provider::Cashalot => None,
            Provider::CashDesk | Provider::AtolOnline => {
                let id = SourceId::parse(&format!("told-of-{}", self.register))?;
                Some((id, format!("chaos-path-of-{}", self.register)))
            }
        })
    }

    /// Its group at ATOL Online.
    pub fn group(&self) -> String {
        format!("group-{}", self.number)
    }
}

/// Where everybody listens.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// Cashälot.
    pub cashalot: SocketAddr,
    /// CashDesk.
    pub cashdesk: SocketAddr,
    /// ATOL Online.
    pub atol: SocketAddr,
    /// The payment system.
    pub fondy: SocketAddr,
    /// The shops' endpoints, if they get webhooks.
    pub shop: Option<SocketAddr>,
}

const FIRST_NUMBER: u64 = 4_000_100_001;
const FIRST_GATEWAY: u64 = 2_100_001;
/// Registers of a group: so often in a second its results may be asked for.
const ATOL_REGISTERS: usize = 5;
const GATEWAY_KEY: &str = "chaos-payment-key";
/// What every shop's webhooks are signed with.
pub const WEBHOOK_SECRET: &str = "chaos-webhook-secret";

/// `count` registers.
pub fn tills(count: usize) -> anyhow::Result<Vec<Till>> {
    (0..u64::try_from(count)?)
        .map(|index| {
            let merchant = index / 2;
            Ok(Till {
                provider: match index % 4 {
                    0 | 1 => Provider::Cashalot,
                    2 => Provider::CashDesk,
                    _ => Provider::AtolOnline,
                },
                number: FIRST_NUMBER + index,
                register: RegisterId::parse(&format!("till-{index}"))?,
                merchant: MerchantId::parse(&format!("shop-{merchant}"))?,
                api_key: format!("chaos-shop-key-{merchant}"),
                source: SourceId::parse(&format!("fondy-{index}"))?,
                gateway: FIRST_GATEWAY + index,
                // Every other merchant at Cashälot.
                vat: index % 8 < 2,
                offline: index % 8 > 4,
            })
        })
        .collect()
}

/// Makes them known at the simulators.
pub fn enrol(tills: &[Till], registers: &Registers, payments: &fondy::Simulator) {
    for till in tills {
        match till.provider {
            Provider::Cashalot => registers
                .cashalot
                .add_register(cashalot::RegisterSetup::new(till.number)),
            Provider::CashDesk => registers.cashdesk.add_register(cashdesk::RegisterSetup {
                mode: if till.offline {
                    cashdesk::Mode::SmartConnect
                } else {
                    cashdesk::Mode::Cloud
                },
                ..cashdesk::RegisterSetup::new(till.number)
            }),
            Provider::AtolOnline => registers.atol.add_group(atol::GroupSetup {
                registers: ATOL_REGISTERS,
                ..atol::GroupSetup::v5(&till.group())
            }),
        }
        payments.add_merchant(fondy::Merchant::new(till.gateway, GATEWAY_KEY));
    }
}

/// Tells CashDesk where its webhooks go. ATOL Online is told with every document.
pub fn subscribe(tills: &[Till], registers: &Registers, ingress: SocketAddr) -> anyhow::Result<()> {
    for till in tills {
        if let (Provider::CashDesk, Some((id, secret))) = (till.provider, till.notices()?) {
            let url = format!("http://{ingress}/callbacks/{id}/{secret}");
            registers.cashdesk.set_webhook(till.number, Some(url));
        }
    }
    Ok(())
}

/// Kasyr's settings for them.
pub fn settings(tills: &[Till], at: Addresses) -> anyhow::Result<Settings> {
    let Addresses { fondy, shop, .. } = at;
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
        let place = place(till, at);
        settings.registers.push(Register {
            id: till.register.clone(),
            merchant: till.merchant.clone(),
            provider: till.provider,
            fiscal_number: RegisterNumber::parse(&till.number.to_string())?,
            base_url: place.base_url,
            close_at: None,
            refund_policy: if index % 3 == 2 {
                RefundPolicy::ReturnOnly
            } else {
                RefundPolicy::StornoFirst
            },
            vat: if till.vat { letters()? } else { VatScheme::NotAPayer },
            credentials: place.credentials,
            options: place.options,
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
    for till in tills {
        let told = SourceKind::ALL
            .iter()
            .find(|kind| kind.provider() == Some(till.provider));
        if let (Some(kind), Some((id, secret))) = (told, till.notices()?) {
            settings.sources.push(Source {
                secret: secret.into(),
                ..Source::new(*kind, id, till.merchant.clone(), till.register.clone())
            });
        }
    }
    Ok(settings)
}

/// Where a register is worked, and how.
struct Place {
    base_url: String,
    credentials: Credentials,
    options: BTreeMap<String, String>,
}

fn place(till: &Till, at: Addresses) -> Place {
    let options = |pairs: &[(&str, &str)]| {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        owned.collect()
    };
    match till.provider {
        Provider::Cashalot => Place {
            base_url: format!("http://{}/", at.cashalot),
            credentials: Credentials::KeyPin(cashalot::DEFAULT_KEY_PIN.into()),
            options: BTreeMap::new(),
        },
        Provider::CashDesk => Place {
            base_url: format!("http://{}/api/v2", at.cashdesk),
            credentials: Credentials::Login {
                login: cashdesk::DEFAULT_EMAIL.to_owned(),
                password: cashdesk::DEFAULT_PASSWORD.into(),
            },
            options: options(&[
                ("developer_id", "kasyr-chaos"),
                ("server", if till.offline { "smartconnect" } else { "cloud" }),
            ]),
        },
        Provider::AtolOnline => Place {
            base_url: format!("http://{}/possystem/v5", at.atol),
            credentials: Credentials::Login {
                login: format!("{}-login", till.group()),
                password: atol::DEFAULT_PASS.into(),
            },
            options: options(&[
                ("group_code", &till.group()),
                ("protocol", "v5"),
                ("inn", atol::DEFAULT_INN),
                ("payment_address", "https://shop.example"),
                ("email", "till@shop.example"),
                ("sno", "osn"),
                ("buyer_contact", "nobody@shop.example"),
            ]),
        },
    }
}

fn letters() -> anyhow::Result<VatScheme> {
    let (a, b) = (VatLetter::parse("А")?, VatLetter::parse("Б")?);
    let rates = [(a, Rate::from_basis_points(2_000)?), (b, Rate::from_basis_points(700)?)];
    Ok(VatScheme::letters(a, rates.into())?)
}
