use std::collections::BTreeMap;
use std::net::SocketAddr;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use ledger::settings::{ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings, Source, SourceKind};
use sandbox::till::Till;
use sandbox::{atol, cashalot, cashdesk, fondy};

use super::TestBed;

/// A merchant with one register, one payment source and one API key that may do everything.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The merchant.
    pub merchant: MerchantId,
    /// Its register.
    pub register: RegisterId,
    /// The register's number at the tax service.
    pub number: u64,
    /// Its payment source.
    pub source: SourceId,
    /// Its number at the payment system.
    pub gateway: u64,
    /// Its payment key there.
    pub gateway_key: String,
    /// Its API key's secret.
    pub api_key: String,
    /// Its register's provider.
    pub provider: Provider,
    /// What that provider's simulator has of it.
    pub till: Till,
}

impl Shop {
    /// What its register's provider has of it; a shop made from another one may have a register of its own.
    pub fn books(&self) -> Till {
        match &self.till {
            Till::Cashalot(simulator, _) => Till::Cashalot(simulator.clone(), self.number),
            Till::CashDesk(simulator, _) => Till::CashDesk(simulator.clone(), self.number),
            Till::Atol(simulator, group) => Till::Atol(simulator.clone(), group.clone()),
        }
    }
}

impl TestBed {
    /// Opens the shop most tests use: not a VAT payer, payments are not confirmed.
    pub async fn shop(&self) -> Shop {
        self.open_shop("flowers", 4_000_999_001, |_| {}).await
    }

    /// Opens a shop with a register of this number; `change` may change how it is declared.
    pub async fn open_shop(&self, name: &str, number: u64, change: impl FnOnce(&mut Settings)) -> Shop {
        self.open_shop_at(Provider::Cashalot, name, number, change).await
    }

    /// The same with a register at another provider.
    pub async fn open_shop_at(
        &self,
        provider: Provider,
        name: &str,
        number: u64,
        change: impl FnOnce(&mut Settings),
    ) -> Shop {
        let gateway = number % 1_000_000;
        let gateway_key = format!("key-of-{name}");
        let till = match provider {
            Provider::Cashalot => {
                self.cashalot.add_register(cashalot::RegisterSetup::new(number));
                Till::Cashalot(self.cashalot.clone(), number)
            }
            Provider::CashDesk => {
                self.cashdesk.add_register(cashdesk::RegisterSetup::new(number));
                Till::CashDesk(self.cashdesk.clone(), number)
            }
            Provider::AtolOnline => {
                let group = format!("group-{number}");
                self.atol.add_group(atol::GroupSetup::v5(&group));
                Till::Atol(self.atol.clone(), group)
            }
        };
        self.fondy
            .add_merchant(fondy::Merchant::new(gateway, gateway_key.as_str()));
        let shop = Shop {
            merchant: MerchantId::parse(name).expect("a merchant's id"),
            register: RegisterId::parse(&format!("{name}-1")).expect("a register's id"),
            number,
            source: SourceId::parse(&format!("{name}-fondy")).expect("a source's id"),
            gateway,
            gateway_key,
            api_key: format!("api-key-of-{name}"),
            provider,
            till,
        };
        let mut settings = self.settings_of(&shop);
        change(&mut settings);
        self.apply(&settings).await;
        shop
    }

    /// Applies settings; what they do not declare stays.
    pub async fn apply(&self, settings: &Settings) {
        self.ledger
            .apply(settings, "the test", self.ledger.now())
            .await
            .expect("settings that can be applied");
    }

    /// A shop's settings as [`TestBed::open_shop`] declared them before any change.
    pub fn settings_of(&self, shop: &Shop) -> Settings {
        declared(shop, self.at_provider(shop), self.fondy_addr)
    }

    /// Where its register is worked, and how.
    fn at_provider(&self, shop: &Shop) -> AtProvider {
        let options = |pairs: &[(&str, &str)]| {
            let owned = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            owned.collect()
        };
        match &shop.till {
            Till::Cashalot(..) => AtProvider {
                base_url: format!("http://{}/", self.cashalot_addr),
                credentials: Credentials::KeyPin(cashalot::DEFAULT_KEY_PIN.into()),
                options: BTreeMap::new(),
            },
            Till::CashDesk(..) => AtProvider {
                base_url: format!("http://{}/api/v2", self.cashdesk_addr),
                credentials: Credentials::Login {
                    login: cashdesk::DEFAULT_EMAIL.to_owned(),
                    password: cashdesk::DEFAULT_PASSWORD.into(),
                },
                options: options(&[("developer_id", "kasyr-tests")]),
            },
            Till::Atol(_, group) => AtProvider {
                base_url: format!("http://{}/possystem/v5", self.atol_addr),
                credentials: Credentials::Login {
                    login: format!("{group}-login"),
                    password: atol::DEFAULT_PASS.into(),
                },
                options: options(&[
                    ("group_code", group),
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
}

/// What a register's settings owe to its provider.
struct AtProvider {
    base_url: String,
    credentials: Credentials,
    options: BTreeMap<String, String>,
}

fn declared(shop: &Shop, at: AtProvider, fondy: SocketAddr) -> Settings {
    let api_key = ApiKey {
        merchant: shop.merchant.clone(),
        id: "all".to_owned(),
        scopes: vec![Scope::Orders, Scope::Events, Scope::Receipts, Scope::Operator],
    };
    Settings {
        merchants: vec![Merchant {
            id: shop.merchant.clone(),
            name: "ФОП Приклад".to_owned(),
        }],
        registers: vec![Register {
            id: shop.register.clone(),
            merchant: shop.merchant.clone(),
            provider: shop.provider,
            fiscal_number: RegisterNumber::parse(&shop.number.to_string()).expect("a register's number"),
            base_url: at.base_url,
            close_at: None,
            refund_policy: RefundPolicy::StornoFirst,
            vat: VatScheme::NotAPayer,
            credentials: at.credentials,
            options: at.options,
            stand_in: None,
            failures: 0,
            failing_since: None,
        }],
        sources: vec![Source {
            account: shop.gateway.to_string(),
            secret: shop.gateway_key.as_str().into(),
            api_url: format!("http://{fondy}"),
            confirm: false,
            ..Source::new(
                SourceKind::Fondy,
                shop.source.clone(),
                shop.merchant.clone(),
                shop.register.clone(),
            )
        }],
        api_keys: vec![(api_key, shop.api_key.clone().into())],
        shop_webhooks: Vec::new(),
        mail: Vec::new(),
    }
}

/// The secret in the address of [`told_at`].
pub const TOLD_SECRET: &str = "a-path-that-nobody-guesses";

/// Where at ingress messages of this kind come, once [`listen_to`] was called.
pub fn told_at(kind: SourceKind) -> String {
    format!("/callbacks/{}/{TOLD_SECRET}", kind.as_str())
}

/// The first register's provider may tell of documents by itself; one shop for each kind.
pub fn listen_to(kind: SourceKind, settings: &mut Settings) {
    let register = &settings.registers[0];
    let (merchant, register) = (register.merchant.clone(), register.id.clone());
    let id = SourceId::parse(kind.as_str()).expect("an id");
    settings.sources.push(Source {
        secret: TOLD_SECRET.into(),
        ..Source::new(kind, id, merchant, register)
    });
}
