use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub merchant_id: String,
    pub provider: String,
    pub fiscal_number: String,
    pub base_url: String,
    pub close_at: Option<String>,
    pub refund_policy: String,
    pub vat: String,
    pub credentials: String,
    pub not_before: i64,
    pub failures: i64,
    pub trouble: Option<String>,
    pub options: String,
    pub last_number: i64,
    pub stand_in: Option<String>,
    pub stand_in_after: i64,
    pub failing_since: Option<i64>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
