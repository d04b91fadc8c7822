//! This crate knows the database: what Kasyr remembers and how it is changed, on PostgreSQL and on
//! SQLite from one code.
//!
//! Entities are private; what enters and leaves are domain types. A function is named for its
//! intent and owns its queries; what must happen together is one function and one transaction.
//! Every update names the state it expects, and zero rows is an answer ("you lost the race").
//! `now` is an argument, except for leases, which live by the database's own clock so that skewed
//! machine clocks cannot put two hands on one tape.

pub mod actions;
pub mod alerts;
pub mod alerts_list;
pub mod attention;
pub mod audit;
pub mod backup;
pub mod close_hold;
pub mod day;
pub mod deliveries;
pub mod document_card;
pub mod doors;
mod entities;
mod error;
pub mod events;
pub mod fiscalization;
pub mod gateway;
pub mod holds;
mod json;
pub mod leases;
pub mod notices;
pub mod offline;
mod open;
pub mod order_card;
pub mod orders;
pub mod page;
pub mod people;
pub mod plan;
mod pulse;
pub mod reconcile;
pub mod refunds;
pub mod register_list;
pub mod renderings;
pub mod resend;
pub mod search;
pub mod settings;
pub mod settings_lists;
mod settings_removal;
pub mod settings_rules;
pub mod settlements;
pub mod sheet;
pub mod shifts;
pub mod shifts_list;
pub mod slot;
pub mod splits;
mod sql;
pub mod stats;
pub mod sweep;
pub mod tape;
pub mod today;
pub mod vault;
pub mod views;

pub use error::LedgerError;
pub use open::{Clock, Ledger, OpenOptions, sqlite_file, wall_clock};
