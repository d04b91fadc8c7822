//! Simulators of the outside world on real sockets, for the demo and the tests.
//!
//! Nothing here shares a type with the clients in `shared/`: each side reads the protocol sheet for itself, so that one
//! misreading cannot hide in both.

pub mod acquirer;
pub mod atol;
pub mod cashalot;
mod clock;
mod cuttable;
mod door;
pub mod fault;
pub mod fondy;
pub mod kyiv;
pub mod liqpay;
pub mod mailbox;
mod millis;
pub mod monobank;
mod page;
mod post;
mod schedule;
pub mod shop;
pub mod wayforpay;
