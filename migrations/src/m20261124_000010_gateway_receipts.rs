//! Receipts that a payment system's own register makes: what we expect of it, the documents found there (on no register
//! of ours, so `register_id` is empty and no query about a register ever meets them), its files, and the days whose
//! Z-reports it is asked for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in COLUMNS {
            db.execute_unprepared(statement).await?;
        }
        match manager.get_database_backend() {
            DbBackend::Postgres => db.execute_unprepared(LOOSEN).await?,
            _ => db.execute_unprepared(LOOSEN_SQLITE).await?,
        };
        for statement in TABLES {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    "ALTER TABLE documents ADD COLUMN made_by TEXT NOT NULL DEFAULT 'kasyr'",
    "ALTER TABLE documents ADD COLUMN source_id TEXT",
    "ALTER TABLE documents ADD COLUMN transaction_id TEXT",
    "ALTER TABLE documents ADD COLUMN register_number TEXT",
    "ALTER TABLE documents ADD COLUMN maker TEXT",
];

/// Nothing that is there can break the new rules, so it is not read again.
const LOOSEN: &str = "
    ALTER TABLE documents
        ALTER COLUMN register_id DROP NOT NULL,
        ADD CONSTRAINT documents_made_by_check CHECK (made_by IN ('kasyr', 'gateway')) NOT VALID,
        ADD CONSTRAINT documents_register_check CHECK ((register_id IS NULL) = (made_by = 'gateway')) NOT VALID,
        ADD CONSTRAINT documents_transaction_check CHECK (made_by = 'kasyr'
            OR (source_id IS NOT NULL AND transaction_id IS NOT NULL AND order_id IS NOT NULL)) NOT VALID;
    ALTER TABLE renderings
        DROP CONSTRAINT renderings_form_check,
        ADD CONSTRAINT renderings_form_check CHECK (form IN ('text', 'html', 'pdf')) NOT VALID";

/// The way of the migrations that loosened `documents` before. The new rules join the last of the old ones.
const LOOSEN_SQLITE: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(replace(sql,
        'register_id TEXT NOT NULL CONSTRAINT', 'register_id TEXT CONSTRAINT'),
        'CONSTRAINT documents_held_check', 'CONSTRAINT documents_made_by_check CHECK (made_by IN (''kasyr'', ''gateway'')), '
            || 'CONSTRAINT documents_register_check CHECK ((register_id IS NULL) = (made_by = ''gateway'')), '
            || 'CONSTRAINT documents_transaction_check CHECK (made_by = ''kasyr'' OR (source_id IS NOT NULL '
            || 'AND transaction_id IS NOT NULL AND order_id IS NOT NULL)), CONSTRAINT documents_held_check')
    WHERE type = 'table' AND name = 'documents' AND sql NOT LIKE '%documents_made_by_check%';
    UPDATE sqlite_schema SET sql = replace(sql,
        'CHECK (form IN (''text'', ''html''))', 'CHECK (form IN (''text'', ''html'', ''pdf''))')
    WHERE type = 'table' AND name = 'renderings';
    PRAGMA writable_schema = RESET;";

const TABLES: &[&str] = &[
    // What makes fetching twice, on two machines, one document.
    "CREATE UNIQUE INDEX documents_transaction_key ON documents (source_id, transaction_id)
         WHERE transaction_id IS NOT NULL",
    "CREATE TABLE expectations (
        id TEXT NOT NULL CONSTRAINT expectations_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT expectations_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT expectations_source_fkey REFERENCES sources (id),
        order_id TEXT NOT NULL CONSTRAINT expectations_order_fkey REFERENCES orders (id),
        purpose TEXT NOT NULL CONSTRAINT expectations_purpose_check CHECK (purpose IN ('receipt', 'probe')),
        payment_id TEXT,
        sold BIGINT NOT NULL CONSTRAINT expectations_sold_check CHECK (sold >= 0),
        returned BIGINT NOT NULL CONSTRAINT expectations_returned_check CHECK (returned >= 0),
        found_sold BIGINT NOT NULL DEFAULT 0,
        found_returned BIGINT NOT NULL DEFAULT 0,
        state TEXT NOT NULL CONSTRAINT expectations_state_check CHECK (state IN ('open', 'met', 'missed', 'closed')),
        look_at BIGINT,
        looks BIGINT NOT NULL DEFAULT 0,
        version BIGINT NOT NULL DEFAULT 1,
        trouble TEXT,
        since BIGINT NOT NULL,
        closed_by TEXT,
        closed_why TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT expectations_order_key UNIQUE (source_id, order_id, purpose)
    )",
    "CREATE INDEX expectations_due_idx ON expectations (look_at, id) WHERE look_at IS NOT NULL",
    "CREATE INDEX expectations_order_idx ON expectations (order_id)",
    "CREATE INDEX expectations_unmet_idx ON expectations (id) WHERE purpose = 'receipt' AND state IN ('open', 'missed')",
    "CREATE INDEX expectations_merchant_unmet_idx ON expectations (merchant_id, id)
         WHERE purpose = 'receipt' AND state IN ('open', 'missed')",
    "CREATE INDEX expectations_status_idx ON expectations (state, order_id)
         WHERE purpose = 'receipt' AND state IN ('open', 'missed')",
    "CREATE INDEX expectations_probe_idx ON expectations (source_id) WHERE purpose = 'probe'",
    "CREATE TABLE gateway_days (
        id TEXT NOT NULL CONSTRAINT gateway_days_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT gateway_days_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT gateway_days_source_fkey REFERENCES sources (id),
        register_number TEXT NOT NULL,
        day TEXT NOT NULL,
        transaction_id TEXT NOT NULL,
        look_at BIGINT,
        since BIGINT NOT NULL,
        looks BIGINT NOT NULL DEFAULT 0,
        trouble TEXT,
        body TEXT,
        fetched_at BIGINT,
        CONSTRAINT gateway_days_day_key UNIQUE (source_id, register_number, day)
    )",
    "CREATE INDEX gateway_days_due_idx ON gateway_days (look_at, id) WHERE look_at IS NOT NULL",
    "CREATE INDEX gateway_days_list_idx ON gateway_days (merchant_id, id)",
];
