//! Rows as the database has them. Nothing here leaves the crate.

pub mod alert;
pub mod attempt;
pub mod document;
pub mod event;
pub mod order;
pub mod register;
pub mod source;
