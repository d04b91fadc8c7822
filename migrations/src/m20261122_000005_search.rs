//! What orders and documents are looked for by: the buyer's e-mail in small letters, the last digits of
//! the card, when a document came onto the tape; the indexes behind every list; and documents that a
//! person settled another way (`closed`).
//!
//! An order's id begins with the time it was made, so lists of orders go by it, newest first. Lists of
//! one merchant and of all have an index each where other merchants' rows could be many.

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
        let fill = match manager.get_database_backend() {
            DbBackend::Postgres => FILL,
            _ => FILL_SQLITE,
        };
        for statement in fill {
            db.execute_unprepared(statement).await?;
        }
        match manager.get_database_backend() {
            DbBackend::Postgres => db.execute_unprepared(ALLOW_CLOSED).await?,
            _ => db.execute_unprepared(ALLOW_CLOSED_SQLITE).await?,
        };
        for statement in INDEXES {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    "ALTER TABLE orders ADD COLUMN email TEXT",
    "ALTER TABLE documents ADD COLUMN card_tail TEXT",
    "ALTER TABLE documents ADD COLUMN done_at BIGINT",
    "ALTER TABLE holds ADD COLUMN resolution TEXT",
];

const FILL: &[&str] = &[
    "UPDATE orders SET email = lower(buyer::json->>'email') WHERE buyer IS NOT NULL",
    "UPDATE documents SET card_tail = right(means::json->>'masked_card', 4)
     WHERE means::json->>'masked_card' IS NOT NULL",
    "UPDATE documents SET done_at = updated_at WHERE state = 'registered'",
];

const FILL_SQLITE: &[&str] = &[
    "UPDATE orders SET email = lower(json_extract(buyer, '$.email')) WHERE buyer IS NOT NULL",
    "UPDATE documents SET card_tail = substr(json_extract(means, '$.masked_card'), -4)
     WHERE json_extract(means, '$.masked_card') IS NOT NULL",
    "UPDATE documents SET done_at = updated_at WHERE state = 'registered'",
];

/// Nothing that is there can break the wider rule, so it is not read again.
const ALLOW_CLOSED: &str = "
    ALTER TABLE documents
        DROP CONSTRAINT documents_state_check,
        ADD CONSTRAINT documents_state_check CHECK (state IN
            ('waiting', 'ready', 'sending', 'in_doubt', 'pending', 'registered', 'held', 'closed')) NOT VALID";

/// The way of the migration that loosened `documents` before.
const ALLOW_CLOSED_SQLITE: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql,
        '''pending'', ''registered'', ''held'')', '''pending'', ''registered'', ''held'', ''closed'')')
    WHERE type = 'table' AND name = 'documents';
    PRAGMA writable_schema = RESET;";

const INDEXES: &[&str] = &[
    "CREATE INDEX orders_list_idx ON orders (merchant_id, id)",
    "CREATE INDEX orders_email_idx ON orders (email, id) WHERE email IS NOT NULL",
    "CREATE INDEX documents_register_order_idx ON documents (register_id, order_id) WHERE order_id IS NOT NULL",
    "CREATE INDEX documents_fiscal_idx ON documents (fiscal_number) WHERE fiscal_number IS NOT NULL",
    "CREATE INDEX documents_card_idx ON documents (card_tail, order_id) WHERE card_tail IS NOT NULL",
    "CREATE INDEX documents_amount_idx ON documents (amount, order_id) WHERE order_id IS NOT NULL",
    "CREATE INDEX documents_merchant_amount_idx ON documents (merchant_id, amount, order_id)
        WHERE order_id IS NOT NULL",
    "CREATE INDEX documents_state_idx ON documents (state, order_id)
        WHERE state <> 'registered' AND order_id IS NOT NULL",
    "CREATE INDEX documents_merchant_state_idx ON documents (merchant_id, state, order_id)
        WHERE state <> 'registered' AND order_id IS NOT NULL",
    "CREATE INDEX documents_register_state_idx ON documents (register_id, state, order_id)
        WHERE state <> 'registered' AND order_id IS NOT NULL",
    "CREATE INDEX documents_refund_idx ON documents (kind, order_id) WHERE kind IN ('storno', 'return')",
    "CREATE INDEX documents_merchant_refund_idx ON documents (merchant_id, kind, order_id)
        WHERE kind IN ('storno', 'return')",
    "CREATE INDEX documents_register_refund_idx ON documents (register_id, kind, order_id)
        WHERE kind IN ('storno', 'return')",
    "CREATE INDEX documents_undelivered_idx ON documents (order_id) WHERE presence = 'offline'",
    "CREATE INDEX documents_held_list_idx ON documents (id) WHERE state = 'held'",
    "CREATE INDEX documents_merchant_held_idx ON documents (merchant_id, id) WHERE state = 'held'",
    "CREATE INDEX documents_register_held_idx ON documents (register_id, id) WHERE state = 'held'",
    "CREATE INDEX documents_done_idx ON documents (merchant_id, done_at, kind, amount) WHERE done_at IS NOT NULL",
    "CREATE INDEX shifts_list_idx ON shifts (register_id, opened_at, id)",
    "CREATE INDEX alerts_list_idx ON alerts (opened_at, id)",
    "CREATE INDEX alerts_merchant_list_idx ON alerts (merchant_id, opened_at, id)",
    "CREATE INDEX alerts_open_list_idx ON alerts (merchant_id, opened_at, id) WHERE resolved_at IS NULL",
    // What the pulse looks at besides ids.
    "CREATE INDEX alerts_resolved_idx ON alerts (resolved_at) WHERE resolved_at IS NOT NULL",
    "CREATE INDEX actions_ended_idx ON actions (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX register_days_seen_idx ON register_days (seen_at) WHERE seen_at IS NOT NULL",
];
