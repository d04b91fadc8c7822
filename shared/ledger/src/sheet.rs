//! A registered receipt with everything its buyer and its shop are told: read for the receipt's page, the mail
//! and the webhook.

use domain::document::{Kind, Presence};
use domain::found::Maker;
use domain::ids::{DocumentId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use receipts::paper::{self, Paper, Seller, TaxId};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::deliveries::fresh_token;
use crate::gateway::MadeBy;
use crate::orders::Buyer;
use crate::people::Reach;
use crate::settings::Provider;
use crate::{Ledger, LedgerError, json, plan, sql};

/// A receipt as told to people and programs.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its id in the ledger.
    pub document: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Whose.
    pub merchant: MerchantId,
    /// On which register; `None`: a payment system's own made it.
    pub register: Option<RegisterId>,
    /// That register's provider.
    pub provider: Option<Provider>,
    /// The unguessable part of its public address.
    pub token: String,
    /// What it shows.
    pub paper: Paper,
    /// How to reach the buyer.
    pub buyer: Buyer,
    /// How the merchant signs mail.
    pub mail: MailSettings,
    /// When it came onto the tape, by our clock.
    pub done_at: UnixMillis,
    /// The provider's own HTML of it is kept.
    pub has_html: bool,
    /// The provider's own text of it is kept.
    pub has_text: bool,
    /// The payment system's own file of it is kept.
    pub has_pdf: bool,
}

/// How a merchant writes to buyers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// Buyers get a mail with each receipt.
    pub mail_buyers: bool,
    /// Buyers get a message to their phone from the provider.
    pub phone_buyers: bool,
    /// The sender; `None`: the service's.
    pub from: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Where the morning's report of money and receipts goes; `None`: nobody gets it.
    pub report_to: Option<String>,
    /// In which language: `uk` (also by default) or `en`.
    pub report_locale: Option<String>,
}

impl MailSettings {
    pub(crate) fn from_row(row: &QueryResult) -> Result<Self, LedgerError> {
        Ok(Self {
            mail_buyers: sql::get(row, "mail_buyers")?,
            phone_buyers: sql::get(row, "phone_buyers")?,
            from: sql::get(row, "mail_from")?,
            reply_to: sql::get(row, "mail_reply_to")?,
            report_to: sql::get(row, "report_to")?,
            report_locale: sql::get(row, "report_locale")?,
        })
    }
}

/// Who sells where, as the provider told it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SellerFacts {
    /// The owner's name.
    pub name: Option<String>,
    /// The unit's.
    pub unit: Option<String>,
    /// The unit's address.
    pub address: Option<String>,
    /// The owner's tax number.
    pub tin: Option<String>,
    /// The owner's VAT number; none if not a VAT payer.
    pub ipn: Option<String>,
}

const WHAT: &str = "read a receipt";

const SHEET: &str = "
    SELECT documents.id AS id, documents.kind AS kind, documents.merchant_id AS merchant_id,
        documents.register_id AS register_id, documents.receipt_token AS receipt_token,
        documents.fiscal_number AS fiscal_number, documents.local_number AS local_number,
        documents.registered_at AS registered_at, documents.presence AS presence, documents.url AS url,
        documents.testing AS testing, coalesce(documents.done_at, documents.updated_at) AS done_at,
        coalesce(documents.content, parents.content) AS content, parents.fiscal_number AS sale,
        orders.external_id AS external_id, orders.buyer AS buyer,
        merchants.name AS merchant_name, mail_buyers, phone_buyers, mail_from, mail_reply_to, report_to, report_locale,
        coalesce(documents.register_number, registers.fiscal_number) AS register_number,
        registers.provider AS provider, documents.made_by AS made_by, documents.maker AS maker, register_days.seller AS seller,
        (SELECT operator FROM shifts WHERE shifts.register_id = documents.register_id
            AND shifts.opened_at <= coalesce(documents.done_at, documents.updated_at)
            ORDER BY opened_at DESC LIMIT 1) AS operator,
        EXISTS (SELECT 1 FROM renderings WHERE document_id = documents.id AND form = 'html') AS has_html,
        EXISTS (SELECT 1 FROM renderings WHERE document_id = documents.id AND form = 'text') AS has_text,
        EXISTS (SELECT 1 FROM renderings WHERE document_id = documents.id AND form = 'pdf') AS has_pdf
    FROM documents
    JOIN orders ON orders.id = documents.order_id
    JOIN merchants ON merchants.id = documents.merchant_id
    LEFT JOIN registers ON registers.id = documents.register_id
    LEFT JOIN register_days ON register_days.register_id = documents.register_id
    LEFT JOIN documents AS parents ON parents.id = documents.parent_id";

impl Ledger {
    /// The receipt of a document within reach; `None`: there is none, or it is not on the tape.
    pub async fn sheet(&self, reach: &Reach, document: DocumentId) -> Result<Option<Sheet>, LedgerError> {
        let statement = format!("{SHEET} WHERE documents.id = $1 AND documents.fiscal_number IS NOT NULL");
        let row = sql::query_one(&self.db, WHAT, &statement, [document.to_string().into()]).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        if !reach.sees(&sql::get::<String>(&row, "merchant_id")?) {
            return Ok(None);
        }
        let token = match sql::get::<Option<String>>(&row, "receipt_token")? {
            Some(token) => token,
            None => self.give_token(document).await?,
        };
        sheet(&row, token).map(Some)
    }

    /// The receipt at a public address.
    pub async fn sheet_at(&self, token: &str) -> Result<Option<Sheet>, LedgerError> {
        // A token has one length and one alphabet; PostgreSQL refuses a NUL.
        if token.len() != 32 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let statement = format!("{SHEET} WHERE documents.receipt_token = $1 AND documents.fiscal_number IS NOT NULL");
        let row = sql::query_one(&self.db, WHAT, &statement, [token.into()]).await?;
        row.map(|row| sheet(&row, token.to_owned())).transpose()
    }

    /// The unguessable part of a receipt's public address; `None`: no buyer gets this document, or it is not on
    /// the tape.
    pub async fn receipt_token(&self, document: DocumentId) -> Result<Option<String>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a receipt's address",
            "SELECT receipt_token FROM documents WHERE id = $1 AND fiscal_number IS NOT NULL AND order_id IS NOT NULL",
            [document.to_string().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        match sql::get::<Option<String>>(&row, "receipt_token")? {
            Some(token) => Ok(Some(token)),
            None => self.give_token(document).await.map(Some),
        }
    }

    /// Documents of the time before public addresses get theirs when it is asked for.
    async fn give_token(&self, document: DocumentId) -> Result<String, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "give a receipt its address",
            "UPDATE documents SET receipt_token = coalesce(receipt_token, $2) WHERE id = $1 RETURNING receipt_token",
            [document.to_string().into(), fresh_token().into()],
        )
        .await?;
        row.map(|row| sql::get(&row, "receipt_token"))
            .transpose()
            .map(Option::unwrap_or_default)
    }

    /// Keeps what the provider told of a register's seller.
    pub async fn note_seller(
        &self,
        register: &RegisterId,
        seller: &SellerFacts,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "note a seller",
            "UPDATE register_days SET seller = $2, seller_seen_at = $3 WHERE register_id = $1",
            [register.as_str().into(), json::write(seller).into(), now.0.into()],
        )
        .await?;
        Ok(())
    }
}

fn sheet(row: &QueryResult, token: String) -> Result<Sheet, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let kind = plan::kind(&sql::get::<String>(row, "kind")?)?;
    let content: Option<String> = sql::get(row, "content")?;
    let content = content.ok_or_else(|| unknown("documents.content"))?;
    let made_by = MadeBy::parse(&sql::get::<String>(row, "made_by")?).ok_or_else(|| unknown("documents.made_by"))?;
    let maker = sql::get::<Option<String>>(row, "maker")?
        .map(|text| json::read_maker(&text, "documents.maker"))
        .transpose()?;
    let facts = match &maker {
        Some(maker) => told_by(maker),
        None => sql::get::<Option<String>>(row, "seller")?
            .map(|text| json::read(&text, "register_days.seller"))
            .transpose()?
            .unwrap_or_default(),
    };
    let url: Option<String> = sql::get(row, "url")?;
    let presence = sql::get::<Option<String>>(row, "presence")?
        .and_then(|word| Presence::parse(&word))
        .ok_or_else(|| unknown("documents.presence"))?;
    let paper = Paper {
        kind: paper::Kind::of(kind).ok_or_else(|| unknown("documents.kind"))?,
        seller: seller(facts, sql::get(row, "merchant_name")?),
        register_number: sql::get::<Option<String>>(row, "register_number")?.unwrap_or_default(),
        by_gateway: made_by == MadeBy::Gateway,
        fiscal_number: sql::get(row, "fiscal_number")?,
        local_number: sql::get::<Option<i64>>(row, "local_number")?.and_then(|number| u64::try_from(number).ok()),
        cashier: match maker {
            Some(maker) => maker.cashier,
            None => sql::get(row, "operator")?,
        },
        registered_at: sql::get(row, "registered_at")?,
        presence,
        control_number: url.as_deref().and_then(control_number),
        content: json::read_receipt(&content, "documents.content")?,
        sale: match kind.is_refund() {
            true => sql::get(row, "sale")?,
            false => None,
        },
        order: sql::get(row, "external_id")?,
        link: url,
        test: sql::get(row, "testing")?,
    };
    Ok(Sheet {
        document: plan::document_id(&sql::get::<String>(row, "id")?)?,
        kind,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("documents.merchant_id"))?,
        register: sql::get::<Option<String>>(row, "register_id")?
            .map(|id| RegisterId::parse(&id))
            .transpose()
            .map_err(|_| unknown("documents.register_id"))?,
        provider: sql::get::<Option<String>>(row, "provider")?.and_then(|word| Provider::parse(&word)),
        token,
        paper,
        buyer: sql::get::<Option<String>>(row, "buyer")?
            .map(|text| json::read(&text, "orders.buyer"))
            .transpose()?
            .unwrap_or_default(),
        mail: MailSettings::from_row(row)?,
        done_at: UnixMillis(sql::get(row, "done_at")?),
        has_html: sql::get(row, "has_html")?,
        has_text: sql::get(row, "has_text")?,
        has_pdf: sql::get(row, "has_pdf")?,
    })
}

/// What the payment system's register says of the seller.
fn told_by(maker: &Maker) -> SellerFacts {
    SellerFacts {
        name: maker.name.clone(),
        unit: maker.unit.clone(),
        address: maker.address.clone(),
        tin: maker.tin.clone(),
        ipn: None,
    }
}

/// The provider's word for the seller goes before ours, for the tax service knows it so.
fn seller(facts: SellerFacts, merchant: String) -> Seller {
    Seller {
        name: facts.name.unwrap_or(merchant),
        unit: facts.unit,
        address: facts.address,
        tax_id: facts
            .ipn
            .map(TaxId::VatPayer)
            .or_else(|| facts.tin.map(TaxId::NonPayer)),
    }
}

/// The `mac` of an offline receipt's link (`cashalot.md` §7).
fn control_number(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mac = query.split('&').find_map(|pair| pair.strip_prefix("mac="))?;
    (!mac.is_empty()).then(|| mac.to_owned())
}
