//! What the settings pages list, of the merchants within somebody's reach. Nothing secret is in it.

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{QueryResult, Value};

use crate::people::Reach;
use crate::settings::{ApiKey, Merchant, Scope};
use crate::{Ledger, LedgerError, sql};

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
    /// When it was made or last changed.
    pub set_at: UnixMillis,
}

impl Ledger {
    /// The merchants within reach, by id.
    pub async fn merchants(&self, reach: &Reach) -> Result<Vec<Merchant>, LedgerError> {
        let Some((condition, values)) = within(reach, "id") else {
            return Ok(Vec::new());
        };
        let statement = format!("SELECT id, name FROM merchants WHERE {condition} ORDER BY id");
        let rows = sql::query(&self.db, "list merchants", &statement, values).await?;
        rows.iter()
            .map(|row| {
                Ok(Merchant {
                    id: merchant(row, "id", "merchants.id")?,
                    name: sql::get(row, "name")?,
                })
            })
            .collect()
    }

    /// The API keys of the merchants within reach, by merchant and name.
    pub async fn api_keys(&self, reach: &Reach) -> Result<Vec<ApiKeyView>, LedgerError> {
        let Some((condition, values)) = within(reach, "merchant_id") else {
            return Ok(Vec::new());
        };
        let statement = format!(
            "SELECT merchant_id, id, scopes, updated_at FROM api_keys WHERE {condition} ORDER BY merchant_id, id"
        );
        let rows = sql::query(&self.db, "list API keys", &statement, values).await?;
        rows.iter().map(api_key).collect()
    }

    /// The shop webhooks of the merchants within reach, by merchant and address.
    pub async fn shop_webhooks(&self, reach: &Reach) -> Result<Vec<WebhookView>, LedgerError> {
        let Some((condition, values)) = within(reach, "merchant_id") else {
            return Ok(Vec::new());
        };
        let statement = format!(
            "SELECT merchant_id, url, updated_at FROM shop_webhooks WHERE {condition} ORDER BY merchant_id, url"
        );
        let rows = sql::query(&self.db, "list shop webhooks", &statement, values).await?;
        rows.iter()
            .map(|row| {
                Ok(WebhookView {
                    merchant: merchant(row, "merchant_id", "shop_webhooks.merchant_id")?,
                    url: sql::get(row, "url")?,
                    set_at: UnixMillis(sql::get(row, "updated_at")?),
                })
            })
            .collect()
    }
}

/// The condition and its values; `None` when nothing is within reach.
fn within(reach: &Reach, column: &str) -> Option<(String, Vec<Value>)> {
    match reach {
        Reach::Everything => Some(("TRUE".to_owned(), Vec::new())),
        Reach::Merchants(ids) if ids.is_empty() => None,
        Reach::Merchants(ids) => {
            let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
            let values = ids.iter().map(|id| id.as_str().into()).collect();
            Some((format!("{column} IN ({})", places.join(", ")), values))
        }
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
