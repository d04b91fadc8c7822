//! More than one provider: what they call our documents, what we call them, results that come later, and settings
//! that are one provider's own.

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
    // The provider's own settings by name, as JSON; nothing secret.
    "ALTER TABLE registers ADD COLUMN options TEXT NOT NULL DEFAULT '{}'",
    // The last number given to one of its documents, where a provider wants numbers of ours.
    "ALTER TABLE registers ADD COLUMN last_number BIGINT NOT NULL DEFAULT 0",
    // Where new receipts are made while this register has not worked for so many minutes.
    "ALTER TABLE registers ADD COLUMN stand_in TEXT",
    "ALTER TABLE registers ADD COLUMN stand_in_after BIGINT NOT NULL DEFAULT 0",
    // Since when it has not worked.
    "ALTER TABLE registers ADD COLUMN failing_since BIGINT",
    "ALTER TABLE documents ADD COLUMN number BIGINT",
    // What the provider calls the document.
    "ALTER TABLE documents ADD COLUMN provider_id TEXT",
    "CREATE UNIQUE INDEX documents_number_key ON documents (register_id, number) WHERE number IS NOT NULL",
    "CREATE INDEX documents_provider_idx ON documents (register_id, provider_id) WHERE provider_id IS NOT NULL",
    // Accepted, and the result comes later.
    "CREATE INDEX documents_pending_idx ON documents (register_id, not_before) WHERE state = 'pending'",
    "CREATE INDEX documents_pending_due_idx ON documents (not_before) WHERE state = 'pending'",
];
