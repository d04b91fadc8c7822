use std::path::PathBuf;

use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::ids::{MerchantId, RegisterId, RegisterNumber};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use ledger::people::{Reach, Role, Session, User};
use ledger::settings::{Credentials, Merchant, Provider, Register, Settings};
use ledger::{Ledger, OpenOptions};
use queue::{Doorbell, QueueConfig, QueueUrl};
use uuid::Uuid;
use vault::Vault;

use crate::admin::error::PageError;
use crate::admin::form::Form;
use crate::admin::language::Language;
use crate::admin::settings::reach::Named;
use crate::admin::visitor::Visitor;
use crate::{AppState, IngressConfig, Limits, Parts};

pub struct Bed {
    pub app: AppState,
    dir: PathBuf,
}

impl Bed {
    /// An empty ledger.
    pub async fn empty() -> Self {
        Self::with(IngressConfig::default()).await
    }

    pub async fn with(config: IngressConfig) -> Self {
        let dir = std::env::temp_dir().join(format!("kasyr-settings-{}", Uuid::now_v7()));
        std::fs::create_dir(&dir).unwrap();
        let url = format!("sqlite://{}", dir.join("ledger.sqlite").display());
        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        let ledger = ledger.unlock(Vault::in_memory()).await.unwrap();
        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "test".to_owned(),
        });
        let (app, inbox) = AppState::new(Parts { ledger, doorbell }, &config);
        tokio::spawn(inbox.run());
        Self { app, dir }
    }

    /// Two merchants, no register.
    pub async fn two_merchants() -> Self {
        let bed = Self::empty().await;
        bed.apply(Settings {
            merchants: vec![merchant("flowers"), merchant("bakery")],
            ..Settings::default()
        })
        .await;
        bed
    }

    pub async fn apply(&self, settings: Settings) {
        self.app
            .ledger
            .apply(&settings, "test", ledger::wall_clock())
            .await
            .unwrap();
    }

    pub async fn register(&self, id: &str) -> Option<Register> {
        self.app.ledger.register(&RegisterId::parse(id).unwrap()).await.unwrap()
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

pub fn merchant(id: &str) -> Merchant {
    Merchant {
        id: MerchantId::parse(id).unwrap(),
        name: format!("ФОП <b>{id}</b>"),
    }
}

pub fn register(merchant: &str, id: &str, number: &str, base_url: &str, credentials: Credentials) -> Register {
    Register {
        id: RegisterId::parse(id).unwrap(),
        merchant: MerchantId::parse(merchant).unwrap(),
        provider: Provider::Cashalot,
        fiscal_number: RegisterNumber::parse(number).unwrap(),
        base_url: base_url.to_owned(),
        close_at: Some("23:30".to_owned()),
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
        credentials,
        options: std::collections::BTreeMap::new(),
        stand_in: None,
        failures: 0,
        failing_since: None,
    }
}

/// An administrator who reads English.
pub fn visitor(name: &str, reach: Reach) -> Visitor {
    let user = User {
        id: name.to_owned(),
        login: name.to_owned(),
        name: name.to_owned(),
        role: Role::Administrator,
        reach,
        language: "en".to_owned(),
        has_password: true,
        has_totp: false,
        failures: 0,
        locked_until: UnixMillis::EPOCH,
        created_at: UnixMillis::EPOCH,
        disabled_at: None,
    };
    Visitor {
        session: Session {
            id: format!("session of {name}"),
            user,
            csrf: "token".to_owned(),
            expires_at: UnixMillis(i64::MAX),
        },
        language: Language::En,
        address: None,
        attention: ledger::attention::Counts::default(),
        reads: true,
        path: "/settings".to_owned(),
    }
}

pub fn olena() -> Visitor {
    visitor("olena", Reach::Everything)
}

/// Sees one merchant only.
pub fn baker() -> Visitor {
    visitor("baker", Reach::Merchants(vec![MerchantId::parse("bakery").unwrap()]))
}

pub fn named(id: &str) -> Named {
    Ok(Path(id.to_owned()))
}

/// A form as a browser sends it; a field that begins with `@` is a file: its name, then its bytes after a colon.
pub async fn form(fields: &[(&str, &str)]) -> Form {
    let mut body = String::new();
    for (name, value) in fields {
        let (disposition, value) = match name.strip_prefix('@') {
            Some(name) => {
                let (file, bytes) = value.split_once(':').unwrap();
                (format!("name=\"{name}\"; filename=\"{file}\""), bytes)
            }
            None => (format!("name=\"{name}\""), *value),
        };
        body.push_str(&format!(
            "--edge\r\ncontent-disposition: form-data; {disposition}\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--edge--\r\n");
    let kind = HeaderValue::from_static("multipart/form-data; boundary=edge");
    let read = Form::read(Some(&kind), Body::from(body), &Limits::default()).await;
    read.unwrap_or_else(|error| panic!("{error:?}"))
}

/// What a browser gets.
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub html: String,
}

pub async fn page(answer: Result<impl IntoResponse, PageError>) -> Page {
    let response: Response = answer.into_response();
    let location = response
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned());
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Page {
        status,
        location: location.unwrap_or_default(),
        html: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

impl Page {
    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        let begins = format!("name=\"{name}\" value=\"");
        let (_, rest) = self
            .html
            .split_once(&begins)
            .unwrap_or_else(|| panic!("no {name} in {}", self.html));
        rest.split('"').next().unwrap().to_owned()
    }

    pub fn says(&self, text: &str) -> &Self {
        assert!(self.html.contains(text), "{text:?} is not in {}", self.html);
        self
    }

    pub fn does_not_say(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
        self
    }
}
