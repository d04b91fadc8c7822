//! Which master key the ledger's secrets are sealed under, and a value sealed under it, by which a
//! program finds out at its start that it was given the right one.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE TABLE vault (
                    id BIGINT NOT NULL CONSTRAINT vault_pkey PRIMARY KEY CONSTRAINT vault_one_check CHECK (id = 1),
                    key_id TEXT NOT NULL,
                    fingerprint_key TEXT NOT NULL,
                    rotated_at BIGINT NOT NULL
                )",
            )
            .await?;
        Ok(())
    }
}
