//! Sources of other payment systems than Fondy, which name a merchant by a text; a payment key that
//! changes while callbacks under the old one are still on their way; who may send callbacks; and who
//! makes the receipts. `gateway_merchant_id` stays and is written for the version that is still
//! running; new code reads it only where `account` is empty.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in STATEMENTS {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE sources ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    "UPDATE sources SET account = CAST(gateway_merchant_id AS TEXT)",
    "ALTER TABLE sources ADD COLUMN old_secret TEXT",
    "ALTER TABLE sources ADD COLUMN old_until BIGINT",
    "ALTER TABLE sources ADD COLUMN old_secret_hours BIGINT NOT NULL DEFAULT 24",
    // Addresses and networks, with spaces between; empty: from anywhere.
    "ALTER TABLE sources ADD COLUMN allowed_addresses TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN makes_receipts TEXT NOT NULL DEFAULT 'kasyr-fiscalizes'
         CONSTRAINT sources_makes_receipts_check CHECK (makes_receipts IN ('kasyr-fiscalizes', 'gateway-fiscalizes'))",
    "ALTER TABLE sources ADD COLUMN technical BOOLEAN NOT NULL DEFAULT FALSE",
];
