//! This crate knows what a receipt is: money, quantities, taxes, baskets, events, documents and
//! how a document lives. Pure decisions; no I/O, no async, no serde, no database.
//!
//! Start with [`document`] for the life of a document and [`refund`] for what a refund becomes.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod apportion;
pub mod basket;
pub mod document;
pub mod event;
pub mod found;
pub mod hold;
pub mod ids;
pub mod money;
pub mod quantity;
pub mod receipt;
pub mod reconcile;
pub mod refund;
pub mod shift;
pub mod tax;
pub mod time;
pub mod ukrainian;
