//! Merchants, registers, payment sources and API keys: read by the programs, changed by `apply`.
//!
//! Secrets live in their own columns and in types that print nothing. This version keeps them as
//! they are, in a database only its owner can read; sealing them is the vault's work (design §8).

use std::collections::BTreeMap;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::receipt::MismatchPolicy;
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::entities::{register, source};
use crate::{Ledger, LedgerError, day, json, sql};

/// A seller.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its id.
    pub id: MerchantId,
    /// Its name.
    pub name: String,
}

/// The API through which a register is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Cashälot WEB API ПРРО.
    Cashalot,
}

/// A register and how to work it.
#[derive(Clone, Debug)]
pub struct Register {
    /// Our name of it.
    pub id: RegisterId,
    /// Whose.
    pub merchant: MerchantId,
    /// Through which API.
    pub provider: Provider,
    /// Its number at the tax service.
    pub fiscal_number: RegisterNumber,
    /// Where the API is.
    pub base_url: String,
    /// When its day closes, `HH:MM` in Kyiv.
    pub close_at: Option<String>,
    /// How refunds are made.
    pub refund_policy: RefundPolicy,
    /// How its merchant is taxed.
    pub vat: VatScheme,
    /// How to sign.
    pub credentials: Credentials,
    /// Consecutive failures; zero when healthy.
    pub failures: u32,
}

/// How documents are signed (`cashalot.md` §2). `Debug` prints the variant only.
#[derive(Clone)]
pub enum Credentials {
    /// The key lives in the provider's back office and is named by a PIN.
    KeyPin(SecretString),
    /// Key files, base64, with their password, in every command.
    Keys {
        /// Certificate file, base64.
        certificate: SecretString,
        /// Key container, base64.
        private_key: SecretString,
        /// Its password.
        password: SecretString,
    },
    /// A cloud key service.
    SmartId,
    /// Keys were stored at the provider by `Setup`.
    Stored,
}

/// Where events come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id; callbacks come to `/callbacks/{id}`.
    pub id: SourceId,
    /// Whose.
    pub merchant: MerchantId,
    /// Which payment system.
    pub kind: SourceKind,
    /// Where its receipts are made.
    pub register: RegisterId,
    /// The merchant's number at the payment system.
    pub gateway_merchant_id: u64,
    /// The payment key.
    pub secret: SecretString,
    /// The payment system's API.
    pub api_url: String,
    /// Ask the status API before a receipt is made.
    pub confirm: bool,
    /// What to do when the basket is not worth what was paid.
    pub on_mismatch: MismatchPolicy,
    /// Splits: gateway merchant → register.
    pub receivers: BTreeMap<String, RegisterId>,
}

/// Which payment system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Fondy and its brands Hutko and Flitt.
    Fondy,
}

/// An API key of a shop.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Whose.
    pub merchant: MerchantId,
    /// Its name.
    pub id: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `PUT /v1/orders/{order_id}`.
    Orders,
    /// `POST /v1/events`.
    Events,
    /// Read orders and documents.
    Receipts,
    /// Work the registers, resend documents.
    Operator,
}

/// Everything `apply` declares.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Merchants.
    pub merchants: Vec<Merchant>,
    /// Registers.
    pub registers: Vec<Register>,
    /// Sources.
    pub sources: Vec<Source>,
    /// API keys with their secrets.
    pub api_keys: Vec<(ApiKey, SecretString)>,
    /// Shop webhooks: merchant, address, secret.
    pub shop_webhooks: Vec<(MerchantId, String, SecretString)>,
}

/// One line of what `apply` did: the thing and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// E.g. `register flowers-1`.
    pub thing: String,
    /// Added, or the names of the columns that changed (never values).
    pub what: Changed,
}

/// What happened to a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is new.
    Added,
    /// These settings changed.
    Updated(Vec<&'static str>),
}

macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// The stable word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! { Provider { Cashalot => "cashalot" } }
words! { SourceKind { Fondy => "fondy" } }
words! { Scope { Orders => "orders", Events => "events", Receipts => "receipts", Operator => "operator" } }

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::KeyPin(_) => "KeyPin",
            Self::Keys { .. } => "Keys",
            Self::SmartId => "SmartId",
            Self::Stored => "Stored",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CredentialsJson {
    KeyPin(String),
    Keys {
        certificate: String,
        private_key: String,
        password: String,
    },
    SmartId,
    Stored,
}

fn write_credentials(credentials: &Credentials) -> String {
    let secret = |secret: &SecretString| secret.expose_secret().to_owned();
    json::write(&match credentials {
        Credentials::KeyPin(pin) => CredentialsJson::KeyPin(secret(pin)),
        Credentials::Keys {
            certificate,
            private_key,
            password,
        } => CredentialsJson::Keys {
            certificate: secret(certificate),
            private_key: secret(private_key),
            password: secret(password),
        },
        Credentials::SmartId => CredentialsJson::SmartId,
        Credentials::Stored => CredentialsJson::Stored,
    })
}

fn read_credentials(text: &str) -> Result<Credentials, LedgerError> {
    Ok(match json::read(text, "registers.credentials")? {
        CredentialsJson::KeyPin(pin) => Credentials::KeyPin(pin.into()),
        CredentialsJson::Keys {
            certificate,
            private_key,
            password,
        } => Credentials::Keys {
            certificate: certificate.into(),
            private_key: private_key.into(),
            password: password.into(),
        },
        CredentialsJson::SmartId => Credentials::SmartId,
        CredentialsJson::Stored => Credentials::Stored,
    })
}

/// A row to be made or changed: its table, its keys and its settings as texts.
struct Wanted {
    table: &'static str,
    thing: String,
    keys: Vec<(&'static str, String)>,
    values: Vec<(&'static str, sea_orm::Value)>,
}

impl Ledger {
    /// Makes the ledger's settings as declared, all or none, and says what changed. What is not
    /// declared stays as it is. Safe to repeat: the second time nothing changes. A register that
    /// changed may be tried at once.
    pub async fn apply(&self, settings: &Settings, now: UnixMillis) -> Result<Vec<Change>, LedgerError> {
        let mut wanted = Vec::new();
        wanted.extend(settings.merchants.iter().map(wanted_merchant));
        wanted.extend(settings.registers.iter().map(wanted_register));
        wanted.extend(settings.sources.iter().map(wanted_source));
        wanted.extend(settings.api_keys.iter().map(wanted_key));
        wanted.extend(settings.shop_webhooks.iter().map(|(merchant, url, secret)| Wanted {
            table: "shop_webhooks",
            thing: format!("shop webhook of {merchant}"),
            keys: vec![("merchant_id", merchant.to_string()), ("url", url.clone())],
            values: vec![("secret", secret.expose_secret().into())],
        }));
        let tx = self.begin("apply settings").await?;
        let mut changes = Vec::new();
        for row in wanted {
            if let Some(what) = put(&tx, &row, now).await? {
                changes.push(Change { thing: row.thing, what });
            }
        }
        for register in &settings.registers {
            day::begin(&tx, &register.id).await?;
        }
        sql::commit(tx, "apply settings").await?;
        Ok(changes)
    }

    /// One register.
    pub async fn register(&self, id: &RegisterId) -> Result<Option<Register>, LedgerError> {
        let row = register::Entity::find_by_id(id.as_str())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("read a register", error))?;
        row.map(register_from).transpose()
    }

    /// All registers, of this merchant if one is named.
    pub async fn registers(&self, merchant: Option<&MerchantId>) -> Result<Vec<Register>, LedgerError> {
        let mut query = register::Entity::find().order_by_asc(register::Column::Id);
        if let Some(merchant) = merchant {
            query = query.filter(register::Column::MerchantId.eq(merchant.as_str()));
        }
        let rows = query
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list registers", error))?;
        rows.into_iter().map(register_from).collect()
    }

    /// One source.
    pub async fn source(&self, id: &SourceId) -> Result<Option<Source>, LedgerError> {
        let row = source::Entity::find_by_id(id.as_str())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("read a source", error))?;
        row.map(source_from).transpose()
    }

    /// All sources.
    pub async fn sources(&self) -> Result<Vec<Source>, LedgerError> {
        let rows = source::Entity::find()
            .order_by_asc(source::Column::Id)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list sources", error))?;
        rows.into_iter().map(source_from).collect()
    }

    /// The API key with this secret. Keys are compared by their SHA-256, so the time the look-up
    /// takes tells nothing of the secret; the secret itself is not in the ledger.
    pub async fn api_key(&self, secret: &SecretString) -> Result<Option<ApiKey>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find an API key",
            "SELECT merchant_id, id, scopes FROM api_keys WHERE hash = $1",
            [sql::digest(secret.expose_secret().as_bytes()).into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let scopes: String = sql::get(&row, "scopes")?;
        Ok(Some(ApiKey {
            merchant: MerchantId::parse(&sql::get::<String>(&row, "merchant_id")?).map_err(|_| {
                LedgerError::UnknownValue {
                    column: "api_keys.merchant_id",
                }
            })?,
            id: sql::get(&row, "id")?,
            scopes: scopes
                .split_whitespace()
                .map(|word| {
                    Scope::parse(word).ok_or(LedgerError::UnknownValue {
                        column: "api_keys.scopes",
                    })
                })
                .collect::<Result<_, _>>()?,
        }))
    }
}

fn wanted_merchant(merchant: &Merchant) -> Wanted {
    Wanted {
        table: "merchants",
        thing: format!("merchant {}", merchant.id),
        keys: vec![("id", merchant.id.to_string())],
        values: vec![("name", merchant.name.as_str().into())],
    }
}

fn wanted_register(register: &Register) -> Wanted {
    Wanted {
        table: "registers",
        thing: format!("register {}", register.id),
        keys: vec![("id", register.id.to_string())],
        values: vec![
            ("merchant_id", register.merchant.as_str().into()),
            ("provider", register.provider.as_str().into()),
            ("fiscal_number", register.fiscal_number.to_string().into()),
            ("base_url", register.base_url.as_str().into()),
            ("close_at", register.close_at.clone().into()),
            ("refund_policy", register.refund_policy.as_str().into()),
            ("vat", json::write_vat(&register.vat).into()),
            ("credentials", write_credentials(&register.credentials).into()),
        ],
    }
}

fn wanted_source(source: &Source) -> Wanted {
    let receivers: BTreeMap<&str, &str> = source
        .receivers
        .iter()
        .map(|(gateway, register)| (gateway.as_str(), register.as_str()))
        .collect();
    Wanted {
        table: "sources",
        thing: format!("source {}", source.id),
        keys: vec![("id", source.id.to_string())],
        values: vec![
            ("merchant_id", source.merchant.as_str().into()),
            ("kind", source.kind.as_str().into()),
            ("register_id", source.register.as_str().into()),
            (
                "gateway_merchant_id",
                i64::try_from(source.gateway_merchant_id).unwrap_or(i64::MAX).into(),
            ),
            ("secret", source.secret.expose_secret().into()),
            ("api_url", source.api_url.as_str().into()),
            ("confirm", source.confirm.into()),
            ("on_mismatch", source.on_mismatch.as_str().into()),
            ("receivers", json::write(&receivers).into()),
        ],
    }
}

fn wanted_key((key, secret): &(ApiKey, SecretString)) -> Wanted {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    Wanted {
        table: "api_keys",
        thing: format!("API key {} of {}", key.id, key.merchant),
        keys: vec![("merchant_id", key.merchant.to_string()), ("id", key.id.clone())],
        values: vec![
            ("hash", sql::digest(secret.expose_secret().as_bytes()).into()),
            ("scopes", scopes.join(" ").into()),
        ],
    }
}

/// Inserts or updates one row; `None` when it was so already. Table and column names are ours.
async fn put(tx: &impl ConnectionTrait, row: &Wanted, now: UnixMillis) -> Result<Option<Changed>, LedgerError> {
    const WHAT: &str = "apply settings";
    let place = |offset: usize| {
        let condition = |(index, (key, _)): (usize, &(&str, String))| format!("{key} = ${}", index + 1 + offset);
        row.keys
            .iter()
            .enumerate()
            .map(condition)
            .collect::<Vec<_>>()
            .join(" AND ")
    };
    let keys = || row.keys.iter().map(|(_, key)| sea_orm::Value::from(key.as_str()));
    let mut different = Vec::new();
    let select = format!("SELECT 1 AS found FROM {} WHERE {}", row.table, place(0));
    let exists = sql::query_one(tx, WHAT, &select, keys()).await?.is_some();
    if !exists {
        let columns: Vec<&str> = row
            .keys
            .iter()
            .map(|(key, _)| *key)
            .chain(row.values.iter().map(|(name, _)| *name))
            .collect();
        let marks: Vec<String> = (1..=columns.len() + 1).map(|number| format!("${number}")).collect();
        let insert = format!(
            "INSERT INTO {} ({}, updated_at) VALUES ({})",
            row.table,
            columns.join(", "),
            marks.join(", ")
        );
        let values = keys()
            .chain(row.values.iter().map(|(_, value)| value.clone()))
            .chain([now.0.into()]);
        sql::execute(tx, WHAT, &insert, values).await?;
        return Ok(Some(Changed::Added));
    }
    for (name, value) in &row.values {
        let update = format!(
            "UPDATE {} SET {name} = $1, updated_at = $2 WHERE {} AND {name} IS DISTINCT FROM $1",
            row.table,
            place(2)
        );
        let values = [value.clone(), now.0.into()].into_iter().chain(keys());
        if sql::execute(tx, WHAT, &update, values).await? > 0 {
            different.push(*name);
        }
    }
    if different.is_empty() {
        return Ok(None);
    }
    if row.table == "registers" {
        let reset = format!("UPDATE registers SET not_before = 0 WHERE {}", place(0));
        sql::execute(tx, WHAT, &reset, keys()).await?;
    }
    Ok(Some(Changed::Updated(different)))
}

fn register_from(row: register::Model) -> Result<Register, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    Ok(Register {
        id: RegisterId::parse(&row.id).map_err(|_| unknown("registers.id"))?,
        merchant: MerchantId::parse(&row.merchant_id).map_err(|_| unknown("registers.merchant_id"))?,
        provider: Provider::parse(&row.provider).ok_or_else(|| unknown("registers.provider"))?,
        fiscal_number: RegisterNumber::parse(&row.fiscal_number).map_err(|_| unknown("registers.fiscal_number"))?,
        base_url: row.base_url,
        close_at: row.close_at,
        refund_policy: RefundPolicy::parse(&row.refund_policy).ok_or_else(|| unknown("registers.refund_policy"))?,
        vat: json::read_vat(&row.vat, "registers.vat")?,
        credentials: read_credentials(&row.credentials)?,
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
    })
}

fn source_from(row: source::Model) -> Result<Source, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let receivers: BTreeMap<String, String> = json::read(&row.receivers, "sources.receivers")?;
    Ok(Source {
        id: SourceId::parse(&row.id).map_err(|_| unknown("sources.id"))?,
        merchant: MerchantId::parse(&row.merchant_id).map_err(|_| unknown("sources.merchant_id"))?,
        kind: SourceKind::parse(&row.kind).ok_or_else(|| unknown("sources.kind"))?,
        register: RegisterId::parse(&row.register_id).map_err(|_| unknown("sources.register_id"))?,
        gateway_merchant_id: u64::try_from(row.gateway_merchant_id)
            .map_err(|_| unknown("sources.gateway_merchant_id"))?,
        secret: row.secret.into(),
        api_url: row.api_url,
        confirm: row.confirm,
        on_mismatch: MismatchPolicy::parse(&row.on_mismatch).ok_or_else(|| unknown("sources.on_mismatch"))?,
        receivers: receivers
            .into_iter()
            .map(|(gateway, register)| {
                Ok((
                    gateway,
                    RegisterId::parse(&register).map_err(|_| unknown("sources.receivers"))?,
                ))
            })
            .collect::<Result<_, LedgerError>>()?,
    })
}
