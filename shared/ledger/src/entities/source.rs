use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub merchant_id: String,
    pub kind: String,
    pub register_id: String,
    /// What an earlier version reads; ours is `account`.
    pub gateway_merchant_id: i64,
    pub account: String,
    pub secret: String,
    pub old_secret: Option<String>,
    pub old_until: Option<i64>,
    pub old_secret_hours: i64,
    pub api_url: String,
    pub confirm: bool,
    pub on_mismatch: String,
    pub receivers: String,
    pub allowed_addresses: String,
    pub makes_receipts: String,
    pub technical: bool,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
