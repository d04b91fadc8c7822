//! The ledger keeps its promises on both databases: each test here runs on SQLite and PostgreSQL.

mod audit;
mod bed;
mod events;
mod leases;
mod opening;
mod people;
mod planning;
mod resend;
mod sessions;
mod settings;
mod sign_in;
mod sweep;
mod tape;
mod texts;
