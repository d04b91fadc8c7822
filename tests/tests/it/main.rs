//! Black-box tests; modules mirror topics.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests and their helpers")]

mod admin;
mod audit;
mod canary;
mod day;
mod deliver;
mod floors;
mod ledger;
mod pipeline;
mod reconcile;
mod redis;
mod register_check;
mod servers;
mod steps;
