//! A play register at one of the providers, with a payment source of its own.

use anyhow::Context as _;
use domain::ids::RegisterId;
use ledger::settings::Provider;
use sandbox::till::Till;
use sandbox::{atol, cashalot, cashdesk};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::world::listen;

/// A register, its source of payments, and its provider's play.
pub(super) struct Counter {
    pub provider: Provider,
    pub register: RegisterId,
    pub number: u64,
    /// Its payment source.
    pub source: String,
    /// Its merchant at the payment system.
    pub gateway: u64,
    /// Its tape, and what can be spoiled.
    pub till: Till,
    /// Where its provider's play is ruled from.
    pub control: std::net::SocketAddr,
    /// How it stands in the settings file.
    pub settings: String,
}

/// Made-up numbers begin here.
const FIRST_NUMBER: u64 = 4_000_999_001;

/// Receipts at ATOL's play take that long.
const LATENCY: std::time::Duration = std::time::Duration::from_millis(80);

impl Counter {
    /// Starts the play of a provider, and thinks of a register there.
    pub async fn open(
        provider: Provider,
        place: u64,
        tasks: &mut JoinSet<anyhow::Result<()>>,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let number = FIRST_NUMBER + place;
        let id = format!("flowers-{}", place + 1);
        let told = || stop.clone().cancelled_owned();
        let (listener, api) = listen().await?;
        let (ruled, control) = listen().await?;
        let (till, how) = match provider {
            Provider::Cashalot => {
                let play = cashalot::Simulator::new(cashalot::Config::default());
                play.add_register(cashalot::RegisterSetup::new(number));
                let served = cashalot::serve(listener, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let served = cashalot::serve_control(ruled, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let pin = cashalot::DEFAULT_KEY_PIN;
                let how = format!("base_url = \"http://{api}/\"\ncredentials = {{ key_pin = \"{pin}\" }}\n{VAT}");
                (Till::Cashalot(play, number), how)
            }
            Provider::CashDesk => {
                let play = cashdesk::Simulator::new(cashdesk::Config::default());
                play.add_register(cashdesk::RegisterSetup::new(number));
                let served = cashdesk::serve(listener, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let served = cashdesk::serve_control(ruled, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let token = cashdesk::DEFAULT_API_TOKEN;
                let how = format!(
                    "base_url = \"http://{api}/api/v2\"\ncredentials = {{ api_token = \"{token}\" }}\n\
                     options = {{ developer_id = \"kasyr-demo\" }}\n{CASHDESK_VAT}"
                );
                (Till::CashDesk(play, number), how)
            }
            Provider::AtolOnline => {
                let group = format!("demo-{place}");
                let play = atol::Simulator::new(atol::Config {
                    latency: LATENCY..=LATENCY,
                    ..atol::Config::default()
                });
                play.add_group(atol::GroupSetup::v5(&group));
                let served = atol::serve(listener, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let served = atol::serve_control(ruled, play.clone(), told());
                tasks.spawn(async { Ok(served.await?) });
                let (pass, inn) = (atol::DEFAULT_PASS, atol::DEFAULT_INN);
                let how = format!(
                    "base_url = \"http://{api}/possystem/v5\"\n\
                     credentials = {{ login = \"{group}-login\", password = \"{pass}\" }}\n\
                     options = {{ group_code = \"{group}\", protocol = \"v5\", inn = \"{inn}\", sno = \"osn\", \
                     payment_address = \"https://flowers.example\", email = \"till@flowers.example\" }}\n\
                     tax = {{ vat = \"none\" }}"
                );
                (Till::Atol(play, group), how)
            }
        };
        let provider_word = provider.as_str();
        let settings = format!(
            "[[merchant.register]]\nid = \"{id}\"\nprovider = \"{provider_word}\"\nfiscal_number = \"{number}\"\n{how}\n"
        );
        Ok(Self {
            provider,
            register: RegisterId::parse(&id).context("a register's name")?,
            number,
            source: format!("{id}-fondy"),
            gateway: sandbox::fondy::TEST_MERCHANT + place,
            till,
            control,
            settings,
        })
    }
}

const VAT: &str = r#"tax = { letters = { default = "А", "А" = 20.0, "Б" = 7.0 } }"#;
const CASHDESK_VAT: &str = r#"tax = { letters = { default = "А", "А" = 20.0, "В" = 7.0 } }"#;
