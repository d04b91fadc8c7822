use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: Option<String>,
    pub register_id: String,
    pub epoch: i64,
    pub command: String,
    pub request: String,
    pub response: Option<String>,
    pub http_status: Option<i64>,
    pub outcome: String,
    pub code: Option<String>,
    pub message: Option<String>,
    pub started_at: i64,
    pub duration_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
