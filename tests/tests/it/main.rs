//! Black-box tests; modules mirror topics.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests and their helpers")]

mod acquirers;
mod admin;
mod audit;
mod canary;
mod day;
mod deliver;
mod floors;
mod fondy_seed;
mod gateway;
mod ledger;
mod pipeline;
mod providers;
mod reconcile;
mod redis;
mod register_check;
mod servers;
mod steps;
mod systems;
