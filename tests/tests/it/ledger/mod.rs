//! The ledger keeps its promises on both databases: each test here runs on SQLite and PostgreSQL.

mod bed;
mod cards;
mod events;
mod holds;
mod leases;
mod opening;
mod planning;
mod resend;
mod search;
mod settings;
mod shelf;
mod sweep;
mod tape;
mod texts;
mod today;
