//! Which master key the ledger's secrets are sealed under, and the key of their fingerprints, sealed
//! under it too: by that a program finds out at its start that it was given the right one.
//! `scrubbed_at` is empty while a SQLite file may still have traces of secrets from before the vault.

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
                    rotated_at BIGINT NOT NULL,
                    scrubbed_at BIGINT
                )",
            )
            .await?;
        Ok(())
    }
}
