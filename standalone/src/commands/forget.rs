//! `kasyr forget api-key MERCHANT/NAME` and `kasyr forget webhook MERCHANT ADDRESS`.

use clap::Subcommand;
use domain::ids::MerchantId;

use super::hand::ACTOR;
use crate::config::Base;

/// What may end. Registers, sources and merchants stay: documents name them.
#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Revoke an API key
    ApiKey {
        /// Its merchant and its name, such as flowers/shop
        #[arg(value_name = "MERCHANT/NAME")]
        key: String,
    },
    /// Remove a shop webhook with its secret
    Webhook {
        /// Its merchant
        merchant: String,
        /// Its address, as it was declared
        #[arg(value_name = "ADDRESS")]
        url: String,
    },
}

/// True if there was such a thing.
pub(super) async fn forget(base: &Base, what: &What) -> anyhow::Result<bool> {
    match what {
        What::ApiKey { key } => api_key(base, key).await,
        What::Webhook { merchant, url } => webhook(base, merchant, url).await,
    }
}

async fn api_key(base: &Base, key: &str) -> anyhow::Result<bool> {
    let named = key
        .split_once('/')
        .and_then(|(merchant, name)| Some((MerchantId::parse(merchant).ok()?, name)));
    let Some((merchant, name)) = named else {
        println!("{key:?} is not MERCHANT/NAME, such as flowers/shop.");
        return Ok(false);
    };
    let ledger = base.open().await?;
    let done = ledger.remove_api_key(&merchant, name, ACTOR, ledger.now()).await?;
    if done {
        println!("API key {name} of {merchant} is revoked. A running Kasyr refuses it within seconds.");
        println!("If a settings file still declares it, remove it there: applying that file makes it again.");
    } else {
        println!("Merchant {merchant} has no API key {name:?}.");
    }
    Ok(done)
}

async fn webhook(base: &Base, merchant: &str, url: &str) -> anyhow::Result<bool> {
    let Ok(id) = MerchantId::parse(merchant) else {
        println!("{merchant:?} is not a merchant's id.");
        return Ok(false);
    };
    let ledger = base.open().await?;
    let done = ledger.remove_webhook(&id, url, ACTOR, ledger.now()).await?;
    if done {
        println!("The shop webhook {url} of {id} is removed.");
        println!("If a settings file still declares it, remove it there: applying that file makes it again.");
    } else {
        println!("Merchant {id} has no shop webhook {url:?}.");
    }
    Ok(done)
}
