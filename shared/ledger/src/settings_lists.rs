//! What the settings pages list, of the merchants within somebody's reach. Nothing secret is in it.

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::settings::{
    ApiKey, IS_PAYMENT, Merchant, Provider, ReceiptMaker, Scope, SourceKind, WebhookFormat, written_account,
};
use crate::{Ledger, LedgerError, day, sql};

/// An API key as shown.
#[derive(Clone, Debug)]
pub struct ApiKeyView {
    /// The key, without its secret, which the ledger does not have.
    pub key: ApiKey,
    /// When it was made or last changed.
    pub set_at: UnixMillis,
}

/// A shop webhook as shown.
#[derive(Clone, Debug)]
pub struct WebhookView {
    /// Whose.
    pub merchant: MerchantId,
    /// Where it goes.
    pub url: String,
    /// How messages look there.
    pub format: WebhookFormat,
    /// Until when messages are signed with the secret before this one, too.
    pub old_until: Option<UnixMillis>,
    /// When it was made or last changed.
    pub set_at: UnixMillis,
}

/// A register as listed among the settings: without its key.
#[derive(Clone, Debug)]
pub struct RegisterSetting {
    /// Its name in addresses and files.
    pub id: RegisterId,
    /// Its number at the tax service.
    pub fiscal_number: RegisterNumber,
    /// Through whom it works.
    pub provider: Provider,
    /// How many requests in a row have failed.
    pub failures: u32,
}

/// A payment source as listed among the settings: without its key.
#[derive(Clone, Debug)]
pub struct SourceSetting {
    /// Its name in the callback address.
    pub id: SourceId,
    /// Which payment system.
    pub kind: SourceKind,
    /// Where its receipts are made.
    pub register: RegisterId,
    /// The merchant's name there.
    pub account: String,
    /// Who makes its receipts.
    pub makes_receipts: ReceiptMaker,
    /// Its purchases make no receipt themselves.
    pub technical: bool,
}

/// How far somebody is on the way to the first receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstSteps {
    /// There is a merchant.
    pub merchant: bool,
    /// There is a register.
    pub register: bool,
    /// There is a payment source.
    pub source: bool,
}

impl Ledger {
    /// The merchants within reach, by id.
    pub async fn merchants(&self, reach: &Reach) -> Result<Vec<Merchant>, LedgerError> {
        Ok(self.merchants_page(reach, None, u32::MAX).await?.rows)
    }

    /// The same, a page at a time.
    pub async fn merchants_page(
        &self,
        reach: &Reach,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Merchant>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "id");
        let after = values.take(page::cursor(after).unwrap_or_default());
        let most = values.take(one_more(limit));
        let statement =
            format!("SELECT id, name FROM merchants WHERE {within} AND id > {after} ORDER BY id LIMIT {most}");
        let rows = sql::query(&self.db, "list merchants", &statement, values.into_vec()).await?;
        let rows: Vec<Merchant> = rows
            .iter()
            .map(|row| {
                Ok(Merchant {
                    id: merchant(row, "id", "merchants.id")?,
                    name: sql::get(row, "name")?,
                })
            })
            .collect::<Result<_, LedgerError>>()?;
        Ok(Page::cut(rows, limit, |merchant| merchant.id.as_str().to_owned()))
    }

    /// What somebody with this reach has set up so far.
    pub async fn first_steps(&self, reach: &Reach) -> Result<FirstSteps, LedgerError> {
        let mut values = Values::default();
        let mut exists = |table: &str, column: &str, only: &str| {
            let within = values.within(reach, column);
            format!("EXISTS (SELECT 1 FROM {table} WHERE {within} AND {only})")
        };
        let statement = format!(
            "SELECT {} AS merchant, {} AS register, {} AS source",
            exists("merchants", "id", "TRUE"),
            exists("registers", "merchant_id", "TRUE"),
            exists("sources", "merchant_id", IS_PAYMENT),
        );
        let row = sql::query_one(&self.db, "find the first steps", &statement, values.into_vec()).await?;
        let row = row.ok_or(LedgerError::UnknownValue { column: "first steps" })?;
        Ok(FirstSteps {
            merchant: sql::get(&row, "merchant")?,
            register: sql::get(&row, "register")?,
            source: sql::get(&row, "source")?,
        })
    }

    /// The registers of a merchant, by id. No key is opened.
    pub async fn register_settings(
        &self,
        merchant: &MerchantId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<RegisterSetting>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "list a merchant's registers",
            "SELECT id, fiscal_number, provider, failures FROM registers
             WHERE merchant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            [
                merchant.as_str().into(),
                page::cursor(after).unwrap_or_default().into(),
                one_more(limit).into(),
            ],
        )
        .await?;
        let rows = rows.iter().map(register_setting).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, limit, |register: &RegisterSetting| {
            register.id.as_str().to_owned()
        }))
    }

    /// The payment sources of a merchant, by id. No key is opened.
    pub async fn source_settings(
        &self,
        merchant: &MerchantId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<SourceSetting>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "list a merchant's sources",
            "SELECT id, kind, register_id, account, gateway_merchant_id, makes_receipts, technical FROM sources
             WHERE merchant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            [
                merchant.as_str().into(),
                page::cursor(after).unwrap_or_default().into(),
                one_more(limit).into(),
            ],
        )
        .await?;
        let rows = rows.iter().map(source_setting).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, limit, |source: &SourceSetting| {
            source.id.as_str().to_owned()
        }))
    }

    /// The numbers that registers other than this one have, whoever they belong to.
    pub async fn register_numbers(&self, except: Option<&RegisterId>) -> Result<Vec<RegisterNumber>, LedgerError> {
        let except = except.map_or("", RegisterId::as_str);
        let rows = sql::query(
            &self.db,
            "list registers' numbers",
            "SELECT fiscal_number FROM registers WHERE id <> $1",
            [except.into()],
        )
        .await?;
        rows.iter().map(number).collect()
    }

    /// The API keys of the merchants within reach, by merchant and name.
    pub async fn api_keys(&self, reach: &Reach) -> Result<Vec<ApiKeyView>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "merchant_id");
        let statement =
            format!("SELECT merchant_id, id, scopes, updated_at FROM api_keys WHERE {within} ORDER BY merchant_id, id");
        let rows = sql::query(&self.db, "list API keys", &statement, values.into_vec()).await?;
        rows.iter().map(api_key).collect()
    }

    /// The shop webhooks of the merchants within reach, by merchant and address.
    pub async fn shop_webhooks(&self, reach: &Reach) -> Result<Vec<WebhookView>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "merchant_id");
        let statement = format!(
            "SELECT merchant_id, url, format, old_until, updated_at FROM shop_webhooks
                 WHERE {within} ORDER BY merchant_id, url"
        );
        let rows = sql::query(&self.db, "list shop webhooks", &statement, values.into_vec()).await?;
        rows.iter()
            .map(|row| {
                Ok(WebhookView {
                    merchant: merchant(row, "merchant_id", "shop_webhooks.merchant_id")?,
                    url: sql::get(row, "url")?,
                    format: WebhookFormat::parse(&sql::get::<String>(row, "format")?).ok_or(
                        LedgerError::UnknownValue {
                            column: "shop_webhooks.format",
                        },
                    )?,
                    old_until: day::time(row, "old_until")?,
                    set_at: UnixMillis(sql::get(row, "updated_at")?),
                })
            })
            .collect()
    }
}

fn merchant(row: &QueryResult, name: &'static str, column: &'static str) -> Result<MerchantId, LedgerError> {
    let id: String = sql::get(row, name)?;
    MerchantId::parse(&id).map_err(|_| LedgerError::UnknownValue { column })
}

fn api_key(row: &QueryResult) -> Result<ApiKeyView, LedgerError> {
    let scopes: String = sql::get(row, "scopes")?;
    let scope = |word| {
        Scope::parse(word).ok_or(LedgerError::UnknownValue {
            column: "api_keys.scopes",
        })
    };
    Ok(ApiKeyView {
        key: ApiKey {
            merchant: merchant(row, "merchant_id", "api_keys.merchant_id")?,
            id: sql::get(row, "id")?,
            scopes: scopes.split_whitespace().map(scope).collect::<Result<_, _>>()?,
        },
        set_at: UnixMillis(sql::get(row, "updated_at")?),
    })
}

fn register_setting(row: &QueryResult) -> Result<RegisterSetting, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    Ok(RegisterSetting {
        id: RegisterId::parse(&sql::get::<String>(row, "id")?).map_err(|_| unknown("registers.id"))?,
        fiscal_number: number(row)?,
        provider: Provider::parse(&sql::get::<String>(row, "provider")?)
            .ok_or_else(|| unknown("registers.provider"))?,
        failures: u32::try_from(sql::get::<i64>(row, "failures")?).unwrap_or(u32::MAX),
    })
}

fn number(row: &QueryResult) -> Result<RegisterNumber, LedgerError> {
    let column = "registers.fiscal_number";
    RegisterNumber::parse(&sql::get::<String>(row, "fiscal_number")?).map_err(|_| LedgerError::UnknownValue { column })
}

fn source_setting(row: &QueryResult) -> Result<SourceSetting, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    Ok(SourceSetting {
        id: SourceId::parse(&sql::get::<String>(row, "id")?).map_err(|_| unknown("sources.id"))?,
        kind: SourceKind::parse(&sql::get::<String>(row, "kind")?).ok_or_else(|| unknown("sources.kind"))?,
        register: RegisterId::parse(&sql::get::<String>(row, "register_id")?)
            .map_err(|_| unknown("sources.register_id"))?,
        account: written_account(sql::get(row, "account")?, sql::get(row, "gateway_merchant_id")?),
        makes_receipts: ReceiptMaker::parse(&sql::get::<String>(row, "makes_receipts")?)
            .ok_or_else(|| unknown("sources.makes_receipts"))?,
        technical: sql::get(row, "technical")?,
    })
}
