//! What a payment system sent is longer than PostgreSQL keeps in a row as it is, so PostgreSQL
//! compresses it while the payment system waits for its acknowledgement. LZ4 takes a fraction of the
//! default method's time. A PostgreSQL without LZ4 (a build option; from version 14 on) keeps the
//! default.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(PREFER_LZ4).await?;
        }
        Ok(())
    }
}

const PREFER_LZ4: &str = "
    DO $$ BEGIN
        EXECUTE 'ALTER TABLE events ALTER COLUMN raw SET COMPRESSION lz4, ALTER COLUMN event SET COMPRESSION lz4';
        EXECUTE 'ALTER TABLE attempts
            ALTER COLUMN request SET COMPRESSION lz4, ALTER COLUMN response SET COMPRESSION lz4';
    EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL;
    END $$";
