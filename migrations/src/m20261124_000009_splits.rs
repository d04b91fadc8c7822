//! One payment, several receivers: who got which part of an order, what of it came back and where its
//! receipt is (`order_parts`), what the shop said of it (`orders.receivers`), and the operations that
//! divide a payment after it was paid (`settlements`).

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
    "ALTER TABLE orders ADD COLUMN receivers TEXT",
    "CREATE TABLE order_parts (
        order_id TEXT NOT NULL CONSTRAINT order_parts_order_fkey REFERENCES orders (id),
        receiver TEXT NOT NULL,
        amount BIGINT NOT NULL CONSTRAINT order_parts_amount_check CHECK (amount >= 0),
        refunded BIGINT NOT NULL DEFAULT 0 CONSTRAINT order_parts_refunded_check CHECK (refunded >= 0),
        register_id TEXT,
        no_receipt TEXT CONSTRAINT order_parts_no_receipt_check CHECK (no_receipt IN ('no_register', 'no_basket')),
        event_id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        CONSTRAINT order_parts_pkey PRIMARY KEY (order_id, receiver)
    )",
    "CREATE TABLE settlements (
        id TEXT NOT NULL CONSTRAINT settlements_pkey PRIMARY KEY,
        merchant_id TEXT NOT NULL CONSTRAINT settlements_merchant_fkey REFERENCES merchants (id),
        order_id TEXT NOT NULL CONSTRAINT settlements_order_fkey REFERENCES orders (id),
        source_id TEXT,
        external_id TEXT NOT NULL,
        external_key TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint TEXT,
        receivers TEXT,
        description TEXT,
        amount BIGINT NOT NULL DEFAULT 0,
        state TEXT NOT NULL CONSTRAINT settlements_state_check
            CHECK (state IN ('told', 'asked', 'sending', 'in_doubt', 'accepted', 'done', 'refused')),
        note TEXT,
        owner TEXT,
        epoch BIGINT NOT NULL DEFAULT 0,
        until BIGINT NOT NULL DEFAULT 0,
        absent_since BIGINT,
        sent_at BIGINT,
        attempts BIGINT NOT NULL DEFAULT 0,
        not_before BIGINT NOT NULL DEFAULT 0,
        asked_by TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        ended_at BIGINT,
        CONSTRAINT settlements_external_key UNIQUE (merchant_id, external_key)
    )",
    "CREATE UNIQUE INDEX settlements_idempotency_key ON settlements (merchant_id, idempotency_key)
        WHERE idempotency_key IS NOT NULL",
    // One at a time: the payment system divides a payment once.
    "CREATE UNIQUE INDEX settlements_order_key ON settlements (order_id) WHERE state NOT IN ('told', 'refused')",
    "CREATE INDEX settlements_order_idx ON settlements (order_id, id)",
    "CREATE INDEX settlements_due_idx ON settlements (not_before, id)
        WHERE state IN ('asked', 'sending', 'in_doubt', 'accepted')",
];
