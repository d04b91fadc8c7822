use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use secrecy::{ExposeSecret, SecretString};

use super::old_secret::Rotation;
use super::put::{Setting, Wanted};
use super::{ApiKey, Change, Merchant, Register, Settings, ShopWebhook, Source, credentials};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::sheet::MailSettings;
use crate::vault::columns;
use crate::{Ledger, LedgerError, day, json, sql};

impl Ledger {
    /// Makes the ledger's settings as declared, all or none, and says what changed. What is not
    /// declared stays as it is. Safe to repeat: the second time nothing changes, and a secret that is
    /// the same keeps its date. A register that changed may be tried at once.
    pub async fn apply(
        &self,
        settings: &Settings,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Vec<Change>, LedgerError> {
        const WHAT: &str = "apply settings";
        let by: Actor = by.into();
        let mut wanted = Vec::new();
        wanted.extend(settings.merchants.iter().map(merchant));
        wanted.extend(settings.registers.iter().map(register));
        wanted.extend(settings.sources.iter().map(source));
        wanted.extend(settings.api_keys.iter().map(api_key));
        wanted.extend(settings.shop_webhooks.iter().map(webhook));
        wanted.extend(settings.mail.iter().map(mail));
        let tx = self.begin(WHAT).await?;
        // Before any other row is locked: a rotation of the master key waits for us, or we for it.
        let sealer = match wanted.iter().any(Wanted::has_secret) {
            true => Some(self.sealer(&tx).await?),
            false => None,
        };
        let mut changes = Vec::new();
        for row in wanted {
            if let Some(put) = row.put(&tx, sealer.as_ref(), now).await? {
                let entry = NewAudit {
                    merchant: Some(row.merchant.clone()),
                    action: deed::SETTINGS_CHANGED,
                    subject: row.thing.clone(),
                    before: put.before,
                    after: Some(put.after),
                };
                audit::record(&tx, &by, &entry, now).await?;
                changes.push(Change {
                    thing: row.thing,
                    what: put.what,
                });
            }
        }
        for register in &settings.registers {
            day::begin(&tx, &register.id).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(changes)
    }
}

fn merchant(merchant: &Merchant) -> Wanted {
    Wanted {
        table: "merchants",
        merchant: merchant.id.clone(),
        thing: format!("merchant {}", merchant.id),
        keys: vec![("id", merchant.id.to_string())],
        values: vec![("name", Setting::plain(merchant.name.as_str()))],
        rotation: None,
    }
}

fn register(register: &Register) -> Wanted {
    let secret = Setting::Secret(&columns::REGISTER, credentials::write(&register.credentials));
    Wanted {
        table: "registers",
        merchant: register.merchant.clone(),
        thing: format!("register {}", register.id),
        keys: vec![("id", register.id.to_string())],
        values: vec![
            ("merchant_id", Setting::plain(register.merchant.as_str())),
            ("provider", Setting::plain(register.provider.as_str())),
            ("fiscal_number", Setting::plain(register.fiscal_number.to_string())),
            ("base_url", Setting::plain(register.base_url.as_str())),
            ("close_at", Setting::plain(register.close_at.clone())),
            ("refund_policy", Setting::plain(register.refund_policy.as_str())),
            ("vat", Setting::plain(json::write_vat(&register.vat))),
            ("options", Setting::plain(json::write(&register.options))),
            (
                "stand_in",
                Setting::plain(register.stand_in.as_ref().map(|other| other.register.to_string())),
            ),
            (
                "stand_in_after",
                Setting::plain(register.stand_in.as_ref().map_or(0, |other| minutes(other.after))),
            ),
            (columns::REGISTER.column, secret),
        ],
        rotation: None,
    }
}

fn minutes(length: Duration) -> i64 {
    i64::try_from(length.as_secs() / 60).unwrap_or(i64::MAX)
}

fn source(source: &Source) -> Wanted {
    let receivers: BTreeMap<&str, &str> = source
        .receivers
        .iter()
        .map(|(gateway, register)| (gateway.as_str(), register.as_str()))
        .collect();
    // For the version that is still running: it knows of no other account than Fondy's number.
    let number = source
        .gateway_merchant_id()
        .and_then(|number| i64::try_from(number).ok());
    let allowed: Vec<String> = source.allowed_addresses.iter().map(ToString::to_string).collect();
    Wanted {
        table: "sources",
        merchant: source.merchant.clone(),
        thing: format!("source {}", source.id),
        keys: vec![("id", source.id.to_string())],
        values: vec![
            ("merchant_id", Setting::plain(source.merchant.as_str())),
            ("kind", Setting::plain(source.kind.as_str())),
            ("register_id", Setting::plain(source.register.as_str())),
            ("account", Setting::plain(source.account.as_str())),
            ("gateway_merchant_id", Setting::plain(number.unwrap_or_default())),
            (
                columns::SOURCE.column,
                Setting::Secret(&columns::SOURCE, source.secret.clone()),
            ),
            ("api_url", Setting::plain(source.api_url.as_str())),
            ("confirm", Setting::plain(source.confirm)),
            ("on_mismatch", Setting::plain(source.on_mismatch.as_str())),
            ("receivers", Setting::plain(json::write(&receivers))),
            ("old_secret_hours", Setting::plain(i64::from(source.old_secret_hours))),
            ("allowed_addresses", Setting::plain(allowed.join(" "))),
            ("makes_receipts", Setting::plain(source.makes_receipts.as_str())),
            ("technical", Setting::plain(source.technical)),
        ],
        rotation: Some(Rotation {
            secret: source.secret.clone(),
            column: &columns::SOURCE,
            old: &columns::SOURCE_OLD,
            until: "old_until",
            hours: source.old_secret_hours,
        }),
    }
}

fn api_key((key, secret): &(ApiKey, SecretString)) -> Wanted {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    Wanted {
        table: "api_keys",
        merchant: key.merchant.clone(),
        thing: format!("API key {} of {}", key.id, key.merchant),
        keys: vec![("merchant_id", key.merchant.to_string()), ("id", key.id.clone())],
        values: vec![
            ("hash", Setting::plain(sql::digest(secret.expose_secret().as_bytes()))),
            ("scopes", Setting::plain(scopes.join(" "))),
        ],
        rotation: None,
    }
}

fn webhook(webhook: &ShopWebhook) -> Wanted {
    let secret = Setting::Secret(&columns::WEBHOOK, webhook.secret.clone());
    Wanted {
        table: "shop_webhooks",
        merchant: webhook.merchant.clone(),
        thing: format!("shop webhook of {}", webhook.merchant),
        keys: vec![
            ("merchant_id", webhook.merchant.to_string()),
            ("url", webhook.url.clone()),
        ],
        values: vec![
            ("format", Setting::plain(webhook.format.as_str())),
            (columns::WEBHOOK.column, secret),
        ],
        rotation: None,
    }
}

fn mail((merchant, mail): &(MerchantId, MailSettings)) -> Wanted {
    Wanted {
        table: "merchants",
        merchant: merchant.clone(),
        thing: format!("mail of {merchant}"),
        keys: vec![("id", merchant.to_string())],
        values: vec![
            ("mail_buyers", Setting::plain(mail.mail_buyers)),
            ("phone_buyers", Setting::plain(mail.phone_buyers)),
            ("mail_from", Setting::plain(mail.from.clone())),
            ("mail_reply_to", Setting::plain(mail.reply_to.clone())),
            ("report_to", Setting::plain(mail.report_to.clone())),
            ("report_locale", Setting::plain(mail.report_locale.clone())),
        ],
        rotation: None,
    }
}
