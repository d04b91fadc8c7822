use std::net::SocketAddr;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use ledger::settings::{ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings, Source, SourceKind};
use sandbox::{cashalot, fondy};

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
}

impl TestBed {
    /// Opens the shop most tests use: not a VAT payer, payments are not confirmed.
    pub async fn shop(&self) -> Shop {
        self.open_shop("flowers", 4_000_999_001, |_| {}).await
    }

    /// Opens a shop with a register of this number; `change` may change how it is declared.
    pub async fn open_shop(&self, name: &str, number: u64, change: impl FnOnce(&mut Settings)) -> Shop {
        let gateway = number % 1_000_000;
        let gateway_key = format!("key-of-{name}");
        self.cashalot.add_register(cashalot::RegisterSetup::new(number));
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
        };
        let mut settings = declared(&shop, self.cashalot_addr, self.fondy_addr);
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
        declared(shop, self.cashalot_addr, self.fondy_addr)
    }
}

fn declared(shop: &Shop, cashalot: SocketAddr, fondy: SocketAddr) -> Settings {
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
            provider: Provider::Cashalot,
            fiscal_number: RegisterNumber::parse(&shop.number.to_string()).expect("a register's number"),
            base_url: format!("http://{cashalot}/"),
            close_at: None,
            refund_policy: RefundPolicy::StornoFirst,
            vat: VatScheme::NotAPayer,
            credentials: Credentials::KeyPin(self::cashalot::DEFAULT_KEY_PIN.into()),
            options: std::collections::BTreeMap::new(),
            failures: 0,
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
