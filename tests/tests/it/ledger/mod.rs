//! The ledger keeps its promises on both databases: each test here runs on SQLite and PostgreSQL.

mod bed;
mod events;
mod leases;
mod opening;
mod planning;
mod resend;
mod settings;
mod sweep;
mod tape;
mod texts;
mod vault;
