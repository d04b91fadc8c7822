//! Messages to buyers and shops: one row each in `deliveries`, and one *lane* per merchant's mail, per
//! shop endpoint and per merchant's phone channel. A lane is to messages what a register's lease is to
//! receipts: one hand at a time, a backoff of its own.

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
    "ALTER TABLE merchants ADD COLUMN mail_buyers BOOLEAN NOT NULL DEFAULT TRUE",
    "ALTER TABLE merchants ADD COLUMN phone_buyers BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE merchants ADD COLUMN mail_from TEXT",
    "ALTER TABLE merchants ADD COLUMN mail_reply_to TEXT",
    "ALTER TABLE shop_webhooks ADD COLUMN format TEXT NOT NULL DEFAULT 'cashdesk'
         CONSTRAINT shop_webhooks_format_check CHECK (format IN ('cashdesk', 'event'))",
    "ALTER TABLE shop_webhooks ADD COLUMN old_secret TEXT",
    "ALTER TABLE shop_webhooks ADD COLUMN old_until BIGINT",
    // Who sells where, as the provider tells it: what a receipt must show.
    "ALTER TABLE register_days ADD COLUMN seller TEXT",
    "ALTER TABLE register_days ADD COLUMN seller_seen_at BIGINT",
    // The unguessable part of a receipt's public address.
    "ALTER TABLE documents ADD COLUMN receipt_token TEXT",
    "ALTER TABLE documents ADD COLUMN testing BOOLEAN NOT NULL DEFAULT FALSE",
    "CREATE UNIQUE INDEX documents_receipt_token_key ON documents (receipt_token) WHERE receipt_token IS NOT NULL",
    "CREATE TABLE lanes (
        id TEXT NOT NULL CONSTRAINT lanes_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT lanes_merchant_fkey REFERENCES merchants (id),
        channel TEXT NOT NULL CONSTRAINT lanes_channel_check CHECK (channel IN ('mail', 'webhook', 'phone')),
        url TEXT NOT NULL DEFAULT '',
        owner TEXT,
        epoch BIGINT NOT NULL DEFAULT 0,
        until BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        failures BIGINT NOT NULL DEFAULT 0,
        trouble TEXT,
        down_since BIGINT
    )",
    "CREATE INDEX lanes_merchant_idx ON lanes (merchant_id, id)",
    "CREATE TABLE deliveries (
        id TEXT NOT NULL CONSTRAINT deliveries_pkey PRIMARY KEY,
        lane_id TEXT NOT NULL CONSTRAINT deliveries_lane_fkey REFERENCES lanes (id),
        merchant_id TEXT NOT NULL CONSTRAINT deliveries_merchant_fkey REFERENCES merchants (id),
        document_id TEXT NOT NULL CONSTRAINT deliveries_document_fkey REFERENCES documents (id),
        news TEXT NOT NULL CONSTRAINT deliveries_news_check CHECK (news IN ('registered', 'delivered')),
        copy BIGINT NOT NULL DEFAULT 0,
        state TEXT NOT NULL CONSTRAINT deliveries_state_check
            CHECK (state IN ('due', 'sending', 'done', 'held', 'failed', 'skipped')),
        epoch BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        unclear BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        trouble TEXT,
        due_since BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        done_at BIGINT,
        CONSTRAINT deliveries_copy_key UNIQUE (document_id, lane_id, news, copy)
    )",
    "CREATE INDEX deliveries_open_idx ON deliveries (lane_id, id) WHERE state IN ('due', 'sending')",
    "CREATE INDEX deliveries_held_idx ON deliveries (lane_id, id) WHERE state = 'held'",
    "CREATE INDEX deliveries_lane_idx ON deliveries (lane_id, id)",
    "CREATE INDEX deliveries_merchant_idx ON deliveries (merchant_id, id)",
    // What people look for among very many that were taken; and what changed last, for open pages.
    "CREATE INDEX deliveries_odd_idx ON deliveries (state, id) WHERE state IN ('held', 'failed', 'skipped')",
    "CREATE INDEX deliveries_updated_idx ON deliveries (updated_at)",
    "CREATE TABLE delivery_tries (
        id TEXT NOT NULL CONSTRAINT delivery_tries_pkey PRIMARY KEY,
        delivery_id TEXT NOT NULL CONSTRAINT delivery_tries_delivery_fkey REFERENCES deliveries (id),
        outcome TEXT NOT NULL,
        status BIGINT,
        detail TEXT,
        started_at BIGINT NOT NULL,
        duration_ms BIGINT NOT NULL
    )",
    "CREATE INDEX delivery_tries_delivery_idx ON delivery_tries (delivery_id, id)",
];
