//! Ingress as its callers see it: the real router over a real ledger file, and the real server
//! where sockets matter.

mod api;
mod bad_callbacks;
mod bad_requests;
mod bed;
mod callbacks;
mod inbox;
mod server;
mod sign;
