//! Settings that go away. `apply` only adds and changes, so that a line lost from a file takes nothing with
//! it; what is to end is said by name. Registers, sources and merchants stay, for documents name them.

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::Value;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// What goes away.
struct Gone<'a> {
    merchant: &'a MerchantId,
    deed: &'static str,
    subject: String,
    delete: &'static str,
    name: &'a str,
}

impl Ledger {
    /// Revokes an API key: from the commit on it opens nothing. False if there is none.
    pub async fn remove_api_key(
        &self,
        merchant: &MerchantId,
        id: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let gone = Gone {
            merchant,
            deed: deed::API_KEY_REVOKED,
            subject: format!("API key {id} of {merchant}"),
            delete: "DELETE FROM api_keys WHERE merchant_id = $1 AND id = $2",
            name: id,
        };
        self.remove(gone, &by.into(), now).await
    }

    /// Removes a shop webhook with its secret. False if there is none.
    pub async fn remove_webhook(
        &self,
        merchant: &MerchantId,
        url: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let gone = Gone {
            merchant,
            deed: deed::WEBHOOK_REMOVED,
            subject: format!("shop webhook {url} of {merchant}"),
            delete: "DELETE FROM shop_webhooks WHERE merchant_id = $1 AND url = $2",
            name: url,
        };
        self.remove(gone, &by.into(), now).await
    }

    async fn remove(&self, gone: Gone<'_>, by: &Actor, now: UnixMillis) -> Result<bool, LedgerError> {
        const WHAT: &str = "remove a setting";
        let tx = self.begin(WHAT).await?;
        let key: [Value; 2] = [gone.merchant.as_str().into(), gone.name.into()];
        if sql::execute(&tx, WHAT, gone.delete, key).await? == 0 {
            return Ok(false);
        }
        let entry = NewAudit {
            merchant: Some(gone.merchant.clone()),
            action: gone.deed,
            subject: gone.subject,
            before: None,
            after: None,
        };
        audit::record(&tx, by, &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }
}
