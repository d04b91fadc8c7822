//! Ingress as its callers see it: the real router over a real ledger file, and the real server
//! where sockets matter.
#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

mod api;
mod bad_callbacks;
mod bad_requests;
mod bed;
mod callbacks;
mod deliveries;
mod inbox;
mod lists;
mod notices;
mod openapi;
mod receipt;
mod reconciliation;
mod registers;
mod reservation_data;
mod server;
mod shelf;
mod sign;
mod systems;
mod tape;
mod trust;
mod watching;
