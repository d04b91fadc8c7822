//! People who sign in, and the audit of what anybody did. The audit only grows: the database itself
//! refuses to change or remove a row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in PEOPLE {
            db.execute_unprepared(statement).await?;
        }
        match manager.get_database_backend() {
            DbBackend::Postgres => db.execute_unprepared(ONLY_GROWS).await?,
            _ => db.execute_unprepared(ONLY_GROWS_SQLITE).await?,
        };
        Ok(())
    }
}

const PEOPLE: &[&str] = &[
    "CREATE TABLE users (
        id TEXT NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
        login TEXT NOT NULL CONSTRAINT users_login_key UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL CONSTRAINT users_role_check CHECK (role IN ('administrator', 'operator', 'accountant')),
        everywhere BOOLEAN NOT NULL,
        language TEXT NOT NULL CONSTRAINT users_language_check CHECK (language IN ('uk', 'en')),
        password TEXT,
        totp TEXT,
        totp_used BIGINT NOT NULL DEFAULT 0,
        failures BIGINT NOT NULL DEFAULT 0,
        locked_until BIGINT NOT NULL DEFAULT 0,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        disabled_at BIGINT
    )",
    "CREATE TABLE user_merchants (
        user_id TEXT NOT NULL CONSTRAINT user_merchants_user_fkey REFERENCES users (id),
        merchant_id TEXT NOT NULL CONSTRAINT user_merchants_merchant_fkey REFERENCES merchants (id),
        CONSTRAINT user_merchants_pkey PRIMARY KEY (user_id, merchant_id)
    )",
    "CREATE TABLE invitations (
        hash TEXT NOT NULL CONSTRAINT invitations_pkey PRIMARY KEY,
        user_id TEXT NOT NULL CONSTRAINT invitations_user_key UNIQUE
            CONSTRAINT invitations_user_fkey REFERENCES users (id),
        expires_at BIGINT NOT NULL
    )",
    "CREATE TABLE sessions (
        hash TEXT NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
        user_id TEXT NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users (id),
        csrf TEXT NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        started_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    "CREATE INDEX sessions_user_idx ON sessions (user_id)",
    "CREATE INDEX sessions_expires_idx ON sessions (expires_at)",
    "CREATE TABLE audit (
        id TEXT NOT NULL CONSTRAINT audit_pkey PRIMARY KEY,
        at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        address TEXT,
        merchant_id TEXT,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        before TEXT,
        after TEXT
    )",
    "CREATE INDEX audit_merchant_idx ON audit (merchant_id, id)",
    "CREATE INDEX audit_actor_idx ON audit (actor, id)",
    "CREATE INDEX audit_action_idx ON audit (action, id)",
    "CREATE INDEX audit_at_idx ON audit (at)",
];

const ONLY_GROWS: &str = "
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$;
    CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();";

/// `INSERT OR REPLACE` removes a row without asking the trigger on removal.
const ONLY_GROWS_SQLITE: &str = "
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
    CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;";
