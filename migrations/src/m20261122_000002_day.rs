//! The register's day: shifts, what a look at a register told, actions asked of it, renderings; and
//! documents that belong to no order (cash in and out, Z-reports, closings).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        match manager.get_database_backend() {
            DbBackend::Postgres => db.execute_unprepared(LOOSEN_DOCUMENTS).await?,
            _ => db.execute_unprepared(LOOSEN_DOCUMENTS_SQLITE).await?,
        };
        for statement in DAY {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const LOOSEN_DOCUMENTS: &str = "
    ALTER TABLE documents
        ALTER COLUMN order_id DROP NOT NULL,
        ALTER COLUMN event_id DROP NOT NULL,
        DROP CONSTRAINT documents_kind_check,
        ADD CONSTRAINT documents_kind_check
            CHECK (kind IN ('sale', 'storno', 'return', 'cash_in', 'cash_out', 'z_report', 'closing')),
        ADD CONSTRAINT documents_order_check
            CHECK ((order_id IS NULL) = (kind IN ('cash_in', 'cash_out', 'z_report', 'closing')))";

/// SQLite has no statement that loosens a constraint. Its manual's way for a change that leaves the rows
/// as they are is to edit the table's text in the schema (lang_altertable, section 7). Repeated, it
/// finds nothing to replace.
const LOOSEN_DOCUMENTS_SQLITE: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(replace(replace(replace(sql,
        'order_id TEXT NOT NULL CONSTRAINT', 'order_id TEXT CONSTRAINT'),
        'event_id TEXT NOT NULL CONSTRAINT', 'event_id TEXT CONSTRAINT'),
        'CHECK (kind IN (''sale'', ''storno'', ''return''))',
        'CHECK (kind IN (''sale'', ''storno'', ''return'', ''cash_in'', ''cash_out'', ''z_report'', ''closing''))'),
        'CONSTRAINT documents_held_check', 'CONSTRAINT documents_order_check CHECK ((order_id IS NULL) '
            || '= (kind IN (''cash_in'', ''cash_out'', ''z_report'', ''closing''))), CONSTRAINT documents_held_check')
    WHERE type = 'table' AND name = 'documents' AND sql NOT LIKE '%documents_order_check%';
    PRAGMA writable_schema = RESET;";

const DAY: &[&str] = &[
    "CREATE UNIQUE INDEX documents_register_slot_key ON documents (register_id, slot) WHERE order_id IS NULL",
    "CREATE INDEX documents_day_idx ON documents (register_id, id) WHERE state = 'ready' AND order_id IS NULL",
    "CREATE INDEX documents_offline_idx ON documents (register_id, id) WHERE presence = 'offline'",
    "CREATE INDEX documents_local_idx ON documents (register_id, local_number) WHERE local_number IS NOT NULL",
    "CREATE TABLE shifts (
        id TEXT NOT NULL CONSTRAINT shifts_pkey PRIMARY KEY,
        register_id TEXT NOT NULL CONSTRAINT shifts_register_fkey REFERENCES registers (id),
        reference TEXT NOT NULL,
        provider_id BIGINT,
        operator TEXT,
        opened_at BIGINT NOT NULL,
        first_seen_at BIGINT NOT NULL,
        close_due BIGINT NOT NULL,
        closed_at BIGINT,
        first_local BIGINT,
        last_local BIGINT,
        closing_number TEXT,
        z_number TEXT,
        totals TEXT,
        totals_at BIGINT,
        foreign_documents TEXT,
        difference TEXT,
        compared_at BIGINT,
        CONSTRAINT shifts_reference_key UNIQUE (register_id, reference)
    )",
    "CREATE UNIQUE INDEX shifts_open_key ON shifts (register_id) WHERE closed_at IS NULL",
    "CREATE INDEX shifts_uncompared_idx ON shifts (register_id) WHERE closed_at IS NOT NULL AND compared_at IS NULL",
    "CREATE TABLE register_days (
        register_id TEXT NOT NULL CONSTRAINT register_days_pkey PRIMARY KEY
            CONSTRAINT register_days_register_fkey REFERENCES registers (id),
        look_at BIGINT NOT NULL DEFAULT 0,
        seen_at BIGINT,
        facts TEXT,
        certificate_until BIGINT,
        certificate_seen_at BIGINT,
        cleanups BIGINT NOT NULL DEFAULT 0
    )",
    "CREATE INDEX register_days_look_idx ON register_days (look_at)",
    "INSERT INTO register_days (register_id) SELECT id FROM registers",
    "CREATE TABLE actions (
        id TEXT NOT NULL CONSTRAINT actions_pkey PRIMARY KEY,
        register_id TEXT NOT NULL CONSTRAINT actions_register_fkey REFERENCES registers (id),
        kind TEXT NOT NULL CONSTRAINT actions_kind_check
            CHECK (kind IN ('close', 'z_report', 'totals', 'cleanup', 'remove', 'sync', 'fetch')),
        subject TEXT NOT NULL,
        actor TEXT NOT NULL,
        outcome TEXT CONSTRAINT actions_outcome_check CHECK (outcome IN ('done', 'refused')),
        result TEXT,
        asked_at BIGINT NOT NULL,
        ended_at BIGINT,
        CONSTRAINT actions_ended_check CHECK ((outcome IS NULL) = (ended_at IS NULL))
    )",
    "CREATE UNIQUE INDEX actions_open_key ON actions (register_id, kind, subject) WHERE ended_at IS NULL",
    "CREATE TABLE renderings (
        document_id TEXT NOT NULL CONSTRAINT renderings_document_fkey REFERENCES documents (id),
        form TEXT NOT NULL CONSTRAINT renderings_form_check CHECK (form IN ('text', 'html')),
        body TEXT NOT NULL,
        fetched_at BIGINT NOT NULL,
        CONSTRAINT renderings_pkey PRIMARY KEY (document_id, form)
    )",
    "ALTER TABLE alerts ADD COLUMN detail_uk TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE alerts ADD COLUMN next_step TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE alerts ADD COLUMN next_step_uk TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE alerts ADD COLUMN acknowledged_at BIGINT",
    "ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT",
];
