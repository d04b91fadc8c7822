//! The doorbell with real apalis workers, in memory and on a private redis-server.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests and their helpers")]

mod backlog;
mod bed;
mod contract;
mod outages;
mod stopping;
