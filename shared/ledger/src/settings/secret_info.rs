use domain::ids::{MerchantId, RegisterId, SourceId};
use domain::time::UnixMillis;
use vault::Header;

use crate::vault::{Column, columns};
use crate::{Ledger, LedgerError, sql};

/// What is shown of a secret that was set. The secret itself is never shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretInfo {
    /// When it was set.
    pub set_at: UnixMillis,
    /// Twelve hex digits, the same for the same secret of this ledger. Nobody finds the secret by it.
    pub fingerprint: String,
}

impl Ledger {
    /// What may be shown of a register's credentials. Nothing is opened: a locked ledger says it too.
    pub async fn register_secret_info(&self, id: &RegisterId) -> Result<Option<SecretInfo>, LedgerError> {
        self.secret_info(&columns::REGISTER, &[id.as_str()]).await
    }

    /// What may be shown of a source's payment key.
    pub async fn source_secret_info(&self, id: &SourceId) -> Result<Option<SecretInfo>, LedgerError> {
        self.secret_info(&columns::SOURCE, &[id.as_str()]).await
    }

    /// What may be shown of a shop webhook's secret.
    pub async fn webhook_secret_info(
        &self,
        merchant: &MerchantId,
        url: &str,
    ) -> Result<Option<SecretInfo>, LedgerError> {
        self.secret_info(&columns::WEBHOOK, &[merchant.as_str(), url]).await
    }

    async fn secret_info(&self, column: &Column, keys: &[&str]) -> Result<Option<SecretInfo>, LedgerError> {
        let select = format!(
            "SELECT {} AS sealed FROM {} WHERE {}",
            column.column,
            column.table,
            column.place(0)
        );
        let values = keys.iter().map(|key| (*key).into());
        let row = sql::query_one(&self.db, "read when a secret was set", &select, values).await?;
        let text: Option<String> = row.map(|row| sql::get(&row, "sealed")).transpose()?.flatten();
        Ok(text.and_then(|text| Header::read(&text)).map(|header| SecretInfo {
            set_at: UnixMillis(header.set_at),
            fingerprint: header.fingerprint,
        }))
    }
}
