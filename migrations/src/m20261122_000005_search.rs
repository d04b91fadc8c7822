//! What orders and documents are looked for by: the buyer's e-mail in small letters, the last digits of
//! the card; and lists of one merchant, newest first.

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
        for statement in INDEXES {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    "ALTER TABLE orders ADD COLUMN email TEXT",
    "ALTER TABLE documents ADD COLUMN card_tail TEXT",
];

const FILL: &[&str] = &[
    "UPDATE orders SET email = lower(buyer::json->>'email') WHERE buyer IS NOT NULL",
    "UPDATE documents SET card_tail = right(means::json->>'masked_card', 4)
     WHERE means::json->>'masked_card' IS NOT NULL",
];

const FILL_SQLITE: &[&str] = &[
    "UPDATE orders SET email = lower(json_extract(buyer, '$.email')) WHERE buyer IS NOT NULL",
    "UPDATE documents SET card_tail = substr(json_extract(means, '$.masked_card'), -4)
     WHERE json_extract(means, '$.masked_card') IS NOT NULL",
];

const INDEXES: &[&str] = &[
    "CREATE INDEX orders_list_idx ON orders (merchant_id, id)",
    "CREATE INDEX orders_email_idx ON orders (email, id) WHERE email IS NOT NULL",
    "CREATE INDEX documents_list_idx ON documents (merchant_id, id)",
    "CREATE INDEX documents_register_list_idx ON documents (register_id, id)",
    "CREATE INDEX documents_fiscal_idx ON documents (fiscal_number) WHERE fiscal_number IS NOT NULL",
    "CREATE INDEX documents_card_idx ON documents (card_tail, id) WHERE card_tail IS NOT NULL",
    "CREATE INDEX documents_amount_idx ON documents (amount, id)",
];
