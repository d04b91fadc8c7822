//! Simulators of the outside world on real sockets, for the demo and the tests.
//!
//! Nothing here shares a type with the clients in `shared/`: each side reads the protocol sheet for itself, so that one
//! misreading cannot hide in both.

pub mod acquirer;
pub mod atol;
pub mod cashalot;
pub mod cashdesk;
mod clock;
mod cuttable;
mod decimal;
mod door;
pub mod fault;
mod flight;
pub mod fondy;
pub mod kyiv;
pub mod liqpay;
pub mod mailbox;
mod millis;
pub mod monobank;
mod page;
#[cfg(test)]
mod patience;
mod post;
mod qr;
mod schedule;
pub mod shop;
mod socket;
pub mod till;
pub mod wayforpay;
