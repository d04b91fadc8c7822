//! A router over a ledger of its own, with one merchant, two registers and a few keys.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use domain::event::Event;
use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use http_body_util::BodyExt;
use ingress::{AppState, Inbox, IngressConfig, Limits, Parts, Rate, router};
use ledger::settings::{ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings, Source, SourceKind};
use ledger::{Clock, Ledger, OpenOptions};
use queue::{Doorbell, Kind, QueueConfig, QueueUrl};
use secrecy::SecretString;
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;
use vault::Vault;

use crate::{openapi, sign};

/// May do all but work the registers.
pub const SHOP: &str = "shop-key-canary";
/// May only read.
pub const READER: &str = "reader-key-canary";
/// May resend.
pub const OPERATOR: &str = "operator-key-canary";
/// Of the other merchant, who has one register.
pub const BAKERY: &str = "bakery-key-canary";

pub struct Bed {
    pub router: Router,
    pub parts: Parts,
    dir: PathBuf,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Of a picture, something.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// `200`, or `400 wrong_signature`.
    pub fn verdict(&self) -> String {
        let status = self.status.as_u16();
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match problem["code"].as_str() {
            None => status.to_string(),
            Some(code) => {
                assert_eq!(self.headers["content-type"], "application/problem+json");
                assert_eq!(problem["status"], status);
                format!("{status} {code}")
            }
        }
    }
}

/// No rates, so that tables do not run into them.
pub fn config() -> IngressConfig {
    let off = Rate {
        per_second: 0,
        burst: 0,
    };
    IngressConfig {
        public_addr: (Ipv4Addr::LOCALHOST, 0).into(),
        limits: Limits {
            per_source: off,
            per_address: off,
            ..Limits::default()
        },
        ..IngressConfig::default()
    }
}

impl Bed {
    /// With the inbox running.
    pub async fn start() -> Self {
        Self::start_with(config()).await
    }

    pub async fn start_with(config: IngressConfig) -> Self {
        let (bed, inbox) = Self::without_inbox(config).await;
        tokio::spawn(inbox.run());
        bed
    }

    /// By another clock than the machine's.
    pub async fn start_by(config: IngressConfig, clock: Clock) -> Self {
        let (bed, inbox) = Self::built(config, clock).await;
        tokio::spawn(inbox.run());
        bed
    }

    /// The inbox is for the test to run, or not.
    pub async fn without_inbox(config: IngressConfig) -> (Self, Inbox) {
        Self::built(config, Clock::Machine).await
    }

    async fn built(config: IngressConfig, clock: Clock) -> (Self, Inbox) {
        let dir = std::env::temp_dir().join(format!("kasyr-ingress-{}", Uuid::now_v7()));
        std::fs::create_dir(&dir).unwrap();
        let url = format!("sqlite://{}", dir.join("ledger.sqlite").display());
        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        let ledger = ledger.unlock(Vault::in_memory()).await.unwrap().by_clock(clock);
        ledger
            .apply(&settings(), "the test", ledger::wall_clock())
            .await
            .unwrap();
        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "test".to_owned(),
        });
        let parts = Parts { ledger, doorbell };
        let (state, inbox) = AppState::new(parts.clone(), &config);
        let bed = Self {
            router: router(state),
            parts,
            dir,
        };
        (bed, inbox)
    }

    /// Whatever is answered must be what the description says.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        };
        openapi::check(&method, &path, answer.status.as_u16(), &answer.headers, &answer.body);
        answer
    }

    /// A callback for the Fondy source.
    pub async fn callback(&self, body: impl Into<Body>) -> Answer {
        self.callback_to("flowers-fondy", body).await
    }

    pub async fn callback_to(&self, source: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/callbacks/{source}"))
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    /// An API request with this key.
    pub async fn ask(&self, method: Method, path: &str, key: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"));
        self.send(request.body(body.into()).unwrap()).await
    }

    /// What a browser asks for, without any key.
    pub async fn browse(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// `POST /v1/events` of the merchant with one register.
    pub async fn event(&self, idempotency_key: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post("/v1/events")
            .header("authorization", format!("Bearer {BAKERY}"))
            .header("idempotency-key", idempotency_key);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// How many bells ask for planning; nobody listens here.
    pub async fn bells(&self) -> u64 {
        self.parts.doorbell.depth(Kind::PlanEvent).await.unwrap()
    }

    /// What is stored and waits to be planned, oldest first.
    pub async fn stored(&self) -> Vec<Event> {
        let ledger = &self.parts.ledger;
        let later = ledger.now().plus(Duration::from_secs(60));
        let mut stored = Vec::new();
        for id in ledger.due_events(later, Duration::ZERO, 10_000).await.unwrap() {
            stored.push(ledger.pending_event(id).await.unwrap().unwrap().event);
        }
        stored
    }

    /// How many alerts are open, such as one for a repeated key with another content.
    pub async fn alerts(&self) -> usize {
        self.parts.ledger.open_alerts(None).await.unwrap().len()
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Waits for something that another task does, up to ten seconds.
pub async fn eventually(condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

fn settings() -> Settings {
    let merchant = |id: &str| Merchant {
        id: MerchantId::parse(id).unwrap(),
        name: "ФОП Приклад".to_owned(),
    };
    let key = |merchant: &str, id: &str, scopes: &[Scope], secret: &str| {
        let key = ApiKey {
            merchant: MerchantId::parse(merchant).unwrap(),
            id: id.to_owned(),
            scopes: scopes.to_vec(),
        };
        (key, SecretString::from(secret))
    };
    let all = [Scope::Orders, Scope::Events, Scope::Receipts];
    Settings {
        merchants: vec![merchant("flowers"), merchant("bakery")],
        registers: vec![
            register("flowers", "flowers-1", "4000999001"),
            register("flowers", "flowers-2", "4000999002"),
            register("bakery", "bakery-1", "4000999003"),
        ],
        sources: vec![
            source("flowers-fondy", sign::MERCHANT, sign::KEY),
            source("flowers-live", 77, "a live key canary"),
        ],
        api_keys: vec![
            key("flowers", "shop", &all, SHOP),
            key("flowers", "reader", &[Scope::Receipts], READER),
            key("flowers", "operator", &[Scope::Operator], OPERATOR),
            key("bakery", "shop", &all, BAKERY),
        ],
        shop_webhooks: Vec::new(),
        mail: Vec::new(),
    }
}

fn register(merchant: &str, id: &str, number: &str) -> Register {
    Register {
        id: RegisterId::parse(id).unwrap(),
        merchant: MerchantId::parse(merchant).unwrap(),
        provider: Provider::Cashalot,
        fiscal_number: RegisterNumber::parse(number).unwrap(),
        base_url: "http://127.0.0.1:1/".to_owned(),
        close_at: None,
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
        credentials: Credentials::Stored,
        options: std::collections::BTreeMap::new(),
        stand_in: None,
        failures: 0,
        failing_since: None,
    }
}

fn source(id: &str, gateway_merchant_id: u64, key: &str) -> Source {
    Source {
        account: gateway_merchant_id.to_string(),
        secret: key.into(),
        api_url: "http://127.0.0.1:1".to_owned(),
        confirm: false,
        ..Source::new(
            SourceKind::Fondy,
            SourceId::parse(id).unwrap(),
            MerchantId::parse("flowers").unwrap(),
            RegisterId::parse("flowers-1").unwrap(),
        )
    }
}
