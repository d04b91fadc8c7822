//! What providers tell of documents by themselves, before anybody asks.
//!
//! One row per thing told: told again it is the same row. A second story about the same document is kept as a
//! conflict; the first one counts.

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
    "CREATE TABLE provider_notices (
        id TEXT NOT NULL CONSTRAINT provider_notices_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT provider_notices_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT provider_notices_source_fkey REFERENCES sources (id),
        register_id TEXT NOT NULL CONSTRAINT provider_notices_register_fkey REFERENCES registers (id),
        provider_id TEXT NOT NULL,
        number TEXT,
        digest TEXT NOT NULL,
        told TEXT NOT NULL,
        state TEXT NOT NULL CONSTRAINT provider_notices_state_check CHECK (state IN ('new', 'taken', 'conflict')),
        note TEXT,
        document_id TEXT,
        not_before BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        received_at BIGINT NOT NULL,
        taken_at BIGINT,
        CONSTRAINT provider_notices_told_key UNIQUE (source_id, provider_id, digest)
    )",
    // The one that counts.
    "CREATE UNIQUE INDEX provider_notices_first_key ON provider_notices (source_id, provider_id)
        WHERE state <> 'conflict'",
    "CREATE INDEX provider_notices_new_idx ON provider_notices (register_id, not_before) WHERE state = 'new'",
    // Those that wait for a document's outcome.
    "CREATE INDEX provider_notices_document_idx ON provider_notices (document_id)
        WHERE state = 'new' AND document_id IS NOT NULL",
];
