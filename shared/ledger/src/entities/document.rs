use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "documents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub merchant_id: String,
    /// None: a payment system's own register made it.
    pub register_id: Option<String>,
    pub order_id: Option<String>,
    pub event_id: Option<String>,
    pub parent_id: Option<String>,
    pub slot: String,
    pub token: String,
    pub kind: String,
    pub state: String,
    pub amount: i64,
    pub payment_id: Option<String>,
    pub means: String,
    pub lines: Option<String>,
    pub content: Option<String>,
    pub intent: Option<String>,
    pub epoch: i64,
    pub sent: Option<String>,
    pub sent_at: Option<i64>,
    pub absent_since: Option<i64>,
    pub not_before: i64,
    pub attempts: i64,
    pub fiscal_number: Option<String>,
    pub local_number: Option<i64>,
    pub registered_at: Option<String>,
    pub presence: Option<String>,
    pub url: Option<String>,
    pub qr_code: Option<String>,
    pub hold_reason: Option<String>,
    pub hold_text: Option<String>,
    pub card_tail: Option<String>,
    pub done_at: Option<i64>,
    pub receipt_token: Option<String>,
    pub made_by: String,
    pub source_id: Option<String>,
    pub transaction_id: Option<String>,
    pub register_number: Option<String>,
    pub maker: Option<String>,
    pub number: Option<i64>,
    pub provider_id: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
