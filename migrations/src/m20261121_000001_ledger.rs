//! The first ledger. One text for PostgreSQL and SQLite: types both know, times as milliseconds
//! since 1970 in BIGINT, JSON as TEXT. `*_key` columns hold a SHA-256 in hex of a text that may be
//! longer than an index row can be (an order id has up to 1024 characters). `events` has no foreign
//! keys: its insert is what an acknowledgement waits for, and its merchant comes from a source or
//! an API key, which have theirs.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in TABLES {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE merchants (
        id TEXT NOT NULL CONSTRAINT merchants_pkey PRIMARY KEY,
        name TEXT NOT NULL,
        updated_at BIGINT NOT NULL
    )",
    "CREATE TABLE registers (
        id TEXT NOT NULL CONSTRAINT registers_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT registers_merchant_fkey REFERENCES merchants (id),
        provider TEXT NOT NULL,
        fiscal_number TEXT NOT NULL,
        base_url TEXT NOT NULL,
        close_at TEXT,
        refund_policy TEXT NOT NULL,
        vat TEXT NOT NULL,
        credentials TEXT NOT NULL,
        not_before BIGINT NOT NULL DEFAULT 0,
        failures BIGINT NOT NULL DEFAULT 0,
        trouble TEXT,
        updated_at BIGINT NOT NULL,
        CONSTRAINT registers_fiscal_number_key UNIQUE (provider, fiscal_number)
    )",
    "CREATE TABLE sources (
        id TEXT NOT NULL CONSTRAINT sources_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT sources_merchant_fkey REFERENCES merchants (id),
        kind TEXT NOT NULL,
        register_id TEXT NOT NULL CONSTRAINT sources_register_fkey REFERENCES registers (id),
        gateway_merchant_id BIGINT NOT NULL,
        secret TEXT NOT NULL,
        api_url TEXT NOT NULL,
        confirm BOOLEAN NOT NULL,
        on_mismatch TEXT NOT NULL,
        receivers TEXT NOT NULL,
        updated_at BIGINT NOT NULL
    )",
    "CREATE TABLE api_keys (
        merchant_id TEXT NOT NULL CONSTRAINT api_keys_merchant_fkey REFERENCES merchants (id),
        id TEXT NOT NULL,
        hash TEXT NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
        scopes TEXT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT api_keys_pkey PRIMARY KEY (merchant_id, id)
    )",
    "CREATE TABLE orders (
        id TEXT NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT orders_merchant_fkey REFERENCES merchants (id),
        external_key TEXT NOT NULL,
        external_id TEXT NOT NULL,
        description TEXT,
        basket TEXT,
        buyer TEXT,
        version BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT orders_external_key UNIQUE (merchant_id, external_key)
    )",
    "CREATE TABLE events (
        id TEXT NOT NULL CONSTRAINT events_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL,
        origin TEXT NOT NULL,
        source_id TEXT,
        register_id TEXT,
        dedup_key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        external_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        event TEXT NOT NULL,
        raw TEXT NOT NULL CONSTRAINT events_raw_check CHECK (octet_length(raw) <= 1048576),
        state TEXT NOT NULL CONSTRAINT events_state_check CHECK (state IN ('new', 'planned', 'ignored')),
        note TEXT,
        order_id TEXT,
        not_before BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        received_at BIGINT NOT NULL,
        settled_at BIGINT,
        CONSTRAINT events_dedup_key UNIQUE (origin, dedup_key)
    )",
    "CREATE INDEX events_new_idx ON events (not_before, id) WHERE state = 'new'",
    "CREATE INDEX events_order_idx ON events (order_id) WHERE order_id IS NOT NULL",
    "CREATE TABLE conflicts (
        id TEXT NOT NULL CONSTRAINT conflicts_pkey PRIMARY KEY,
        event_id TEXT NOT NULL CONSTRAINT conflicts_event_fkey REFERENCES events (id),
        fingerprint TEXT NOT NULL,
        raw TEXT NOT NULL,
        received_at BIGINT NOT NULL,
        CONSTRAINT conflicts_event_fingerprint_key UNIQUE (event_id, fingerprint)
    )",
    "CREATE TABLE documents (
        id TEXT NOT NULL CONSTRAINT documents_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT documents_merchant_fkey REFERENCES merchants (id),
        register_id TEXT NOT NULL CONSTRAINT documents_register_fkey REFERENCES registers (id),
        order_id TEXT NOT NULL CONSTRAINT documents_order_fkey REFERENCES orders (id),
        event_id TEXT NOT NULL CONSTRAINT documents_event_fkey REFERENCES events (id),
        parent_id TEXT CONSTRAINT documents_parent_fkey REFERENCES documents (id),
        slot TEXT NOT NULL,
        token TEXT NOT NULL CONSTRAINT documents_token_key UNIQUE,
        kind TEXT NOT NULL CONSTRAINT documents_kind_check CHECK (kind IN ('sale', 'storno', 'return')),
        state TEXT NOT NULL CONSTRAINT documents_state_check
            CHECK (state IN ('waiting', 'ready', 'sending', 'in_doubt', 'pending', 'registered', 'held')),
        amount BIGINT NOT NULL CONSTRAINT documents_amount_check CHECK (amount >= 0),
        payment_id TEXT,
        means TEXT NOT NULL,
        lines TEXT,
        content TEXT,
        intent TEXT,
        epoch BIGINT NOT NULL DEFAULT 0,
        sent TEXT,
        sent_at BIGINT,
        absent_since BIGINT,
        not_before BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        fiscal_number TEXT,
        local_number BIGINT,
        registered_at TEXT,
        presence TEXT CONSTRAINT documents_presence_check CHECK (presence IN ('online', 'offline', 'delivered')),
        url TEXT,
        qr_code TEXT,
        hold_reason TEXT,
        hold_text TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT documents_order_slot_key UNIQUE (order_id, slot),
        CONSTRAINT documents_fiscal_number_key UNIQUE (register_id, fiscal_number),
        CONSTRAINT documents_registered_check CHECK (state <> 'registered' OR fiscal_number IS NOT NULL),
        CONSTRAINT documents_held_check CHECK (state <> 'held' OR hold_reason IS NOT NULL)
    )",
    "CREATE INDEX documents_due_idx ON documents (register_id, id) WHERE state IN ('ready', 'sending', 'in_doubt')",
    "CREATE INDEX documents_ready_idx ON documents (register_id, id) WHERE state = 'ready'",
    "CREATE INDEX documents_unsettled_idx ON documents (register_id, id) WHERE state IN ('sending', 'in_doubt')",
    "CREATE INDEX documents_open_idx ON documents (created_at) WHERE state IN ('waiting', 'ready', 'sending', 'in_doubt', 'pending')",
    "CREATE INDEX documents_held_idx ON documents (updated_at) WHERE state = 'held'",
    "CREATE INDEX documents_parent_idx ON documents (parent_id) WHERE parent_id IS NOT NULL",
    "CREATE TABLE attempts (
        id TEXT NOT NULL CONSTRAINT attempts_pkey PRIMARY KEY,
        document_id TEXT CONSTRAINT attempts_document_fkey REFERENCES documents (id),
        register_id TEXT NOT NULL CONSTRAINT attempts_register_fkey REFERENCES registers (id),
        epoch BIGINT NOT NULL,
        command TEXT NOT NULL,
        request TEXT NOT NULL,
        response TEXT,
        http_status BIGINT,
        outcome TEXT NOT NULL,
        code TEXT,
        message TEXT,
        started_at BIGINT NOT NULL,
        duration_ms BIGINT NOT NULL
    )",
    "CREATE INDEX attempts_document_idx ON attempts (document_id, started_at)",
    "CREATE TABLE leases (
        register_id TEXT NOT NULL CONSTRAINT leases_pkey PRIMARY KEY
            CONSTRAINT leases_register_fkey REFERENCES registers (id),
        owner TEXT,
        epoch BIGINT NOT NULL,
        until BIGINT NOT NULL
    )",
    "CREATE TABLE holds (
        id TEXT NOT NULL CONSTRAINT holds_pkey PRIMARY KEY,
        document_id TEXT NOT NULL CONSTRAINT holds_document_fkey REFERENCES documents (id),
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        opened_at BIGINT NOT NULL,
        resolved_at BIGINT,
        resolved_by TEXT
    )",
    "CREATE INDEX holds_document_idx ON holds (document_id)",
    "CREATE TABLE alerts (
        id TEXT NOT NULL CONSTRAINT alerts_pkey PRIMARY KEY,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        severity TEXT NOT NULL CONSTRAINT alerts_severity_check CHECK (severity IN ('warning', 'critical')),
        merchant_id TEXT,
        register_id TEXT,
        detail TEXT NOT NULL,
        seen BIGINT NOT NULL,
        opened_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        resolved_at BIGINT
    )",
    "CREATE UNIQUE INDEX alerts_open_key ON alerts (kind, subject) WHERE resolved_at IS NULL",
    "CREATE TABLE shop_webhooks (
        merchant_id TEXT NOT NULL CONSTRAINT shop_webhooks_merchant_fkey REFERENCES merchants (id),
        url TEXT NOT NULL,
        secret TEXT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT shop_webhooks_pkey PRIMARY KEY (merchant_id, url)
    )",
];
