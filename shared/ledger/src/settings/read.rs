use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::receipt::MismatchPolicy;
use domain::refund::RefundPolicy;
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use secrecy::{ExposeSecret, SecretString};

use super::{
    AddressRange, ApiKey, OldSecret, Provider, ReceiptMaker, Register, Scope, Source, SourceKind, StandIn,
    WebhookFormat, WebhookKeys, credentials,
};
use crate::entities::{register, source};
use crate::sheet::MailSettings;
use crate::vault::columns;
use crate::{Ledger, LedgerError, json, settings_rules, sql};

impl Ledger {
    /// One register.
    pub async fn register(&self, id: &RegisterId) -> Result<Option<Register>, LedgerError> {
        let row = register::Entity::find_by_id(id.as_str())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("read a register", error))?;
        row.map(|row| self.register_from(row)).transpose()
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
        rows.into_iter().map(|row| self.register_from(row)).collect()
    }

    /// One source.
    pub async fn source(&self, id: &SourceId) -> Result<Option<Source>, LedgerError> {
        let row = source::Entity::find_by_id(id.as_str())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("read a source", error))?;
        row.map(|row| self.source_from(row)).transpose()
    }

    /// All sources.
    pub async fn sources(&self) -> Result<Vec<Source>, LedgerError> {
        let rows = source::Entity::find()
            .order_by_asc(source::Column::Id)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list sources", error))?;
        rows.into_iter().map(|row| self.source_from(row)).collect()
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
        let unknown = |column| LedgerError::UnknownValue { column };
        let scopes: String = sql::get(&row, "scopes")?;
        Ok(Some(ApiKey {
            merchant: MerchantId::parse(&sql::get::<String>(&row, "merchant_id")?)
                .map_err(|_| unknown("api_keys.merchant_id"))?,
            id: sql::get(&row, "id")?,
            scopes: scopes
                .split_whitespace()
                .map(|word| Scope::parse(word).ok_or(unknown("api_keys.scopes")))
                .collect::<Result<_, _>>()?,
        }))
    }

    /// An endpoint's keys and shape; `None`: it was removed. The old key counts until its time is over.
    pub async fn webhook(
        &self,
        merchant: &MerchantId,
        url: &str,
        now: UnixMillis,
    ) -> Result<Option<WebhookKeys>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a webhook",
            "SELECT secret, format, old_secret, old_until FROM shop_webhooks WHERE merchant_id = $1 AND url = $2",
            [merchant.as_str().into(), url.into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let format: String = sql::get(&row, "format")?;
        let keys = [merchant.as_str(), url];
        let newest: String = sql::get(&row, "secret")?;
        let mut secrets = vec![self.open_sealed(&columns::WEBHOOK.owner(&keys), &newest)?];
        let old: Option<String> = sql::get(&row, "old_secret")?;
        let until: Option<i64> = sql::get(&row, "old_until")?;
        if let Some(old) = old
            && until.is_some_and(|until| until > now.0)
        {
            secrets.push(self.open_sealed(&columns::WEBHOOK_OLD.owner(&keys), &old)?);
        }
        Ok(Some(WebhookKeys {
            format: WebhookFormat::parse(&format).ok_or(LedgerError::UnknownValue {
                column: "shop_webhooks.format",
            })?,
            secrets,
        }))
    }

    /// The source of what a register's provider tells by itself, for the address that the provider is given:
    /// `/callbacks/{id}/{secret}`. `None`: it tells nothing.
    pub async fn notice_source(&self, register: &RegisterId) -> Result<Option<Source>, LedgerError> {
        let rows = source::Entity::find()
            .filter(source::Column::RegisterId.eq(register.as_str()))
            .order_by_asc(source::Column::Id)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("find a register's notices", error))?;
        let is_notices = |row: &source::Model| SourceKind::parse(&row.kind).is_some_and(|kind| !kind.is_payment());
        rows.into_iter()
            .find(is_notices)
            .map(|row| self.source_from(row))
            .transpose()
    }

    /// How a merchant writes to buyers.
    pub async fn mail_settings(&self, merchant: &MerchantId) -> Result<MailSettings, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read mail settings",
            "SELECT mail_buyers, phone_buyers, mail_from, mail_reply_to, report_to, report_locale FROM merchants
             WHERE id = $1",
            [merchant.as_str().into()],
        )
        .await?;
        row.map_or_else(|| Ok(MailSettings::default()), |row| MailSettings::from_row(&row))
    }

    fn register_from(&self, row: register::Model) -> Result<Register, LedgerError> {
        let unknown = |column| LedgerError::UnknownValue { column };
        let opened = self.open_sealed(&columns::REGISTER.owner(&[&row.id]), &row.credentials)?;
        Ok(Register {
            id: RegisterId::parse(&row.id).map_err(|_| unknown("registers.id"))?,
            merchant: MerchantId::parse(&row.merchant_id).map_err(|_| unknown("registers.merchant_id"))?,
            provider: Provider::parse(&row.provider).ok_or_else(|| unknown("registers.provider"))?,
            fiscal_number: RegisterNumber::parse(&row.fiscal_number).map_err(|_| unknown("registers.fiscal_number"))?,
            base_url: row.base_url,
            close_at: row.close_at,
            refund_policy: RefundPolicy::parse(&row.refund_policy).ok_or_else(|| unknown("registers.refund_policy"))?,
            vat: json::read_vat(&row.vat, "registers.vat")?,
            credentials: credentials::read(&opened)?,
            options: json::read(&row.options, "registers.options")?,
            stand_in: match row.stand_in {
                Some(register) => Some(StandIn {
                    register: RegisterId::parse(&register).map_err(|_| unknown("registers.stand_in"))?,
                    after: Duration::from_secs(60 * u64::try_from(row.stand_in_after).unwrap_or(0)),
                }),
                None => None,
            },
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            failing_since: row.failing_since.map(UnixMillis),
        })
    }

    fn source_from(&self, row: source::Model) -> Result<Source, LedgerError> {
        let unknown = |column| LedgerError::UnknownValue { column };
        let receivers: BTreeMap<String, String> = json::read(&row.receivers, "sources.receivers")?;
        let kind = SourceKind::parse(&row.kind).ok_or_else(|| unknown("sources.kind"))?;
        let account = written_account(row.account, row.gateway_merchant_id);
        let secret_before = match (&row.old_secret, row.old_until) {
            (Some(text), Some(until)) => Some(OldSecret {
                secret: self.open_sealed(&columns::SOURCE_OLD.owner(&[&row.id]), text)?,
                until: UnixMillis(until),
            }),
            (_, None) | (None, _) => None,
        };
        Ok(Source {
            id: SourceId::parse(&row.id).map_err(|_| unknown("sources.id"))?,
            merchant: MerchantId::parse(&row.merchant_id).map_err(|_| unknown("sources.merchant_id"))?,
            kind,
            register: RegisterId::parse(&row.register_id).map_err(|_| unknown("sources.register_id"))?,
            account: settings_rules::account(kind, &account).map_err(|_| unknown("sources.account"))?,
            secret: self.open_sealed(&columns::SOURCE.owner(&[&row.id]), &row.secret)?,
            secret_before,
            old_secret_hours: u32::try_from(row.old_secret_hours).map_err(|_| unknown("sources.old_secret_hours"))?,
            api_url: row.api_url,
            confirm: row.confirm,
            on_mismatch: MismatchPolicy::parse(&row.on_mismatch).ok_or_else(|| unknown("sources.on_mismatch"))?,
            receivers: receivers
                .into_iter()
                .map(|(gateway, register)| {
                    let register = RegisterId::parse(&register).map_err(|_| unknown("sources.receivers"))?;
                    Ok((gateway, register))
                })
                .collect::<Result<_, LedgerError>>()?,
            allowed_addresses: row
                .allowed_addresses
                .split_whitespace()
                .map(|range| AddressRange::parse(range).ok_or_else(|| unknown("sources.allowed_addresses")))
                .collect::<Result<_, _>>()?,
            makes_receipts: ReceiptMaker::parse(&row.makes_receipts)
                .ok_or_else(|| unknown("sources.makes_receipts"))?,
            technical: row.technical,
        })
    }
}

/// A row made by an earlier version has the number only.
pub(crate) fn written_account(account: String, number: i64) -> String {
    if account.is_empty() && number > 0 {
        number.to_string()
    } else {
        account
    }
}
