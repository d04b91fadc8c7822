//! Sources whose purchases make no receipt themselves.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE sources ADD COLUMN technical BOOLEAN NOT NULL DEFAULT FALSE";
        manager.get_connection().execute_unprepared(statement).await?;
        Ok(())
    }
}
