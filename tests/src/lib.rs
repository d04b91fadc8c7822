//! This crate knows what black-box tests stand on: private servers that end with the test process
//! however it ends, a fresh ledger for each test, places of their own, and waiting.
#![expect(
    clippy::expect_used,
    reason = "a test whose world cannot be made should stop and say why"
)]

pub mod bed;
pub mod browser;
pub mod db;
mod eventually;
pub mod gallery;
mod key;
mod place;
pub mod servers;

pub use eventually::{Condition, eventually, eventually_or_not};
pub use key::{key_variable, master_key, vault};
pub use place::{TempDir, free_port, unique};
