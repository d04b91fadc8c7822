//! The gateway's HTTP API (sheet §8): one door, one file per group of calls.

mod answer;
mod checkout;
mod endpoint;
mod money;
mod pages;
mod receipts;
mod reports;
mod request;
mod server;
mod settlement;
mod transactions;

pub use endpoint::Endpoint;
pub use server::serve;
