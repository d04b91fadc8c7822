//! This crate knows what a payment system's message means for an order's money. The ingress uses it
//! for callbacks, the worker for answers of status APIs, so that both come to the same event.

pub mod fondy;
