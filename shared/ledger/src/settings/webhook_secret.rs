use std::time::Duration;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use secrecy::SecretString;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::vault::columns;
use crate::{Ledger, LedgerError, sql};

/// For so long messages carry both signatures.
const BOTH: Duration = Duration::from_secs(24 * 3600);

impl Ledger {
    /// Gives an endpoint a new secret. For a day messages are signed with both, so that the shop can change at its
    /// leisure. False: there is no such endpoint.
    pub async fn change_webhook_secret(
        &self,
        merchant: &MerchantId,
        url: &str,
        secret: &SecretString,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "change a webhook's secret";
        let tx = self.begin(WHAT).await?;
        let sealer = self.sealer(&tx).await?;
        let row = sql::query_one(
            &tx,
            WHAT,
            "UPDATE shop_webhooks SET updated_at = $3 WHERE merchant_id = $1 AND url = $2 RETURNING secret",
            [merchant.as_str().into(), url.into(), now.0.into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(false);
        };
        let keys = [merchant.as_str(), url];
        let before = self.open_sealed(&columns::WEBHOOK.owner(&keys), &sql::get::<String>(&row, "secret")?)?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE shop_webhooks SET secret = $3, old_secret = $4, old_until = $5 WHERE merchant_id = $1 AND url = $2",
            [
                merchant.as_str().into(),
                url.into(),
                sealer.seal(&columns::WEBHOOK.owner(&keys), secret, now)?.into(),
                sealer.seal(&columns::WEBHOOK_OLD.owner(&keys), &before, now)?.into(),
                now.plus(BOTH).0.into(),
            ],
        )
        .await?;
        let entry = NewAudit {
            merchant: Some(merchant.clone()),
            action: deed::WEBHOOK_SECRET_CHANGED,
            subject: format!("shop webhook {url} of {merchant}"),
            before: None,
            after: None,
        };
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }
}
