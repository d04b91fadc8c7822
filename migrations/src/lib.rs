//! This crate knows how the ledger's schema came to be.
