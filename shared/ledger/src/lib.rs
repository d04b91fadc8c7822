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
pub mod audit;
pub mod day;
pub mod doors;
mod entities;
mod error;
pub mod events;
mod json;
pub mod leases;
pub mod offline;
mod open;
pub mod orders;
pub mod people;
pub mod plan;
mod pulse;
pub mod renderings;
pub mod resend;
pub mod settings;
pub mod settings_lists;
mod settings_removal;
pub mod settings_rules;
pub mod shifts;
mod sql;
pub mod stats;
pub mod sweep;
pub mod tape;
pub mod views;

pub use error::LedgerError;
pub use open::{Clock, Ledger, OpenOptions, wall_clock};
