//! The ledger keeps its promises on both databases: each test here runs on SQLite and PostgreSQL.

mod audit;
mod bed;
mod cards;
mod deliveries;
mod events;
mod holds;
mod leases;
mod notices;
mod opening;
mod payment_keys;
mod people;
mod planning;
mod resend;
mod search;
mod sessions;
mod settings;
mod settings_lists;
mod shelf;
mod sign_in;
mod sweep;
mod tape;
mod texts;
mod today;
mod vault;
