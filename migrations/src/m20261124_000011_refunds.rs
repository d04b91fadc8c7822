//! Refunds that we ask the payment system for. The row is there before the request leaves; its id is the
//! request's own idempotency key there.

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
    "CREATE TABLE refunds (
        id TEXT NOT NULL CONSTRAINT refunds_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT refunds_merchant_fkey REFERENCES merchants (id),
        source_id TEXT NOT NULL CONSTRAINT refunds_source_fkey REFERENCES sources (id),
        order_id TEXT NOT NULL CONSTRAINT refunds_order_fkey REFERENCES orders (id),
        external_id TEXT NOT NULL,
        request_key TEXT NOT NULL,
        amount BIGINT NOT NULL CONSTRAINT refunds_amount_check CHECK (amount > 0),
        comment TEXT,
        state TEXT NOT NULL CONSTRAINT refunds_state_check
            CHECK (state IN ('asked', 'sending', 'in_doubt', 'accepted', 'done', 'declined', 'held')),
        before_total BIGINT,
        before_seen TEXT,
        sent_at BIGINT,
        absent_since BIGINT,
        code BIGINT,
        told TEXT,
        owner TEXT,
        epoch BIGINT NOT NULL DEFAULT 0,
        until BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        attempts BIGINT NOT NULL DEFAULT 0,
        asked_by TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        ended_at BIGINT,
        CONSTRAINT refunds_request_key UNIQUE (merchant_id, request_key)
    )",
    "CREATE INDEX refunds_due_idx ON refunds (not_before, id) WHERE state IN ('asked', 'sending', 'in_doubt', 'accepted')",
    "CREATE INDEX refunds_order_idx ON refunds (order_id, id)",
    // Two requests of one order at a time could not be told apart by the payment system's running total.
    "CREATE UNIQUE INDEX refunds_at_work_key ON refunds (order_id) WHERE state IN ('sending', 'in_doubt', 'accepted')",
];
