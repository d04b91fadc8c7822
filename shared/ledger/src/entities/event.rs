use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub merchant_id: String,
    pub origin: String,
    pub source_id: Option<String>,
    pub register_id: Option<String>,
    pub dedup_key: String,
    pub fingerprint: String,
    pub external_id: String,
    pub kind: String,
    pub event: String,
    pub raw: String,
    pub state: String,
    pub note: Option<String>,
    pub order_id: Option<String>,
    pub not_before: i64,
    pub attempts: i64,
    pub received_at: i64,
    pub settled_at: Option<i64>,
    pub found_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
