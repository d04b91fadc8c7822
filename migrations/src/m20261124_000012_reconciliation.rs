//! Money against receipts: runs of the comparison (one source, one day in Kyiv), what they found, documents on
//! our tapes that we did not make, and the morning letter to a merchant.
//!
//! A finding is one row per cause for ever: found again it is the same row, gone it is `gone`, settled by a
//! person it is `closed` and stays so while its figures stay the same.

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
    // Empty: it came by itself. Else who found it, so that a late callback is known for the repeat it is.
    "ALTER TABLE events ADD COLUMN found_by TEXT",
    "ALTER TABLE merchants ADD COLUMN report_to TEXT",
    "ALTER TABLE merchants ADD COLUMN report_locale TEXT",
    "CREATE TABLE reconciliations (
        id TEXT NOT NULL CONSTRAINT reconciliations_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT reconciliations_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT reconciliations_source_fkey REFERENCES sources (id),
        day TEXT NOT NULL,
        day_from BIGINT NOT NULL,
        day_to BIGINT NOT NULL,
        nightly BOOLEAN NOT NULL,
        deep BOOLEAN NOT NULL,
        take_in BOOLEAN NOT NULL,
        asked_by TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        stage TEXT NOT NULL,
        place TEXT NOT NULL DEFAULT '',
        counts TEXT NOT NULL DEFAULT '{}',
        problem TEXT,
        owner TEXT,
        epoch BIGINT NOT NULL DEFAULT 0,
        until BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        started_at BIGINT,
        ended_at BIGINT
    )",
    "CREATE UNIQUE INDEX reconciliations_open_key ON reconciliations (source_id, day) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX reconciliations_night_key ON reconciliations (source_id, day) WHERE nightly",
    "CREATE INDEX reconciliations_merchant_idx ON reconciliations (merchant_id, day, source_id)",
    "CREATE INDEX reconciliations_list_idx ON reconciliations (asked_at, id)",
    "CREATE TABLE findings (
        id TEXT NOT NULL CONSTRAINT findings_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT findings_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT findings_source_fkey REFERENCES sources (id),
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        external_id TEXT,
        order_id TEXT,
        register_id TEXT,
        fiscal_number TEXT,
        day TEXT NOT NULL,
        figures TEXT NOT NULL,
        repair TEXT NOT NULL,
        document_id TEXT,
        state TEXT NOT NULL CONSTRAINT findings_state_check CHECK (state IN ('open', 'gone', 'closed')),
        run_id TEXT,
        seen BIGINT NOT NULL DEFAULT 1,
        found_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        look_at BIGINT,
        looks BIGINT NOT NULL DEFAULT 0,
        wanted TEXT,
        ended_at BIGINT,
        ended_by TEXT,
        reason TEXT,
        CONSTRAINT findings_cause_key UNIQUE (source_id, kind, subject)
    )",
    "CREATE INDEX findings_open_idx ON findings (source_id, id) WHERE state = 'open'",
    "CREATE INDEX findings_open_merchant_idx ON findings (merchant_id, id) WHERE state = 'open'",
    "CREATE INDEX findings_subject_idx ON findings (source_id, subject) WHERE state = 'open'",
    "CREATE INDEX findings_look_idx ON findings (look_at) WHERE state = 'open' AND look_at IS NOT NULL",
    "CREATE INDEX findings_day_idx ON findings (source_id, day, id)",
    "CREATE TABLE tape_reads (
        register_id TEXT NOT NULL CONSTRAINT tape_reads_register_fkey REFERENCES registers (id),
        day TEXT NOT NULL,
        day_from BIGINT NOT NULL,
        day_to BIGINT NOT NULL,
        asked_at BIGINT NOT NULL,
        read_at BIGINT,
        listed BIGINT NOT NULL DEFAULT 0,
        CONSTRAINT tape_reads_pkey PRIMARY KEY (register_id, day)
    )",
    "CREATE INDEX tape_reads_due_idx ON tape_reads (register_id, day) WHERE read_at IS NULL",
    "CREATE TABLE strange_documents (
        register_id TEXT NOT NULL CONSTRAINT strange_documents_register_fkey REFERENCES registers (id),
        fiscal_number TEXT NOT NULL,
        day TEXT NOT NULL,
        local_number BIGINT NOT NULL,
        written_at TEXT,
        kind TEXT NOT NULL CONSTRAINT strange_documents_kind_check CHECK (kind IN ('sale', 'return', 'storno', 'unknown')),
        amount BIGINT,
        of_number TEXT,
        token TEXT,
        order_id TEXT CONSTRAINT strange_documents_order_fkey REFERENCES orders (id),
        linked_by TEXT,
        linked_at BIGINT,
        seen_at BIGINT NOT NULL,
        CONSTRAINT strange_documents_pkey PRIMARY KEY (register_id, fiscal_number)
    )",
    "CREATE INDEX strange_documents_order_idx ON strange_documents (order_id) WHERE order_id IS NOT NULL",
    "CREATE INDEX strange_documents_day_idx ON strange_documents (register_id, day)",
    "CREATE TABLE daily_reports (
        merchant_id TEXT NOT NULL CONSTRAINT daily_reports_merchant_fkey REFERENCES merchants (id),
        day TEXT NOT NULL,
        state TEXT NOT NULL CONSTRAINT daily_reports_state_check CHECK (state IN ('due', 'sent', 'skipped', 'held')),
        epoch BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        trouble TEXT,
        made_at BIGINT NOT NULL,
        done_at BIGINT,
        CONSTRAINT daily_reports_pkey PRIMARY KEY (merchant_id, day)
    )",
    "CREATE INDEX daily_reports_due_idx ON daily_reports (not_before) WHERE state = 'due'",
];
