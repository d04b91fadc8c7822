//! A shop's endpoint that is told of receipts, on real sockets.
//!
//! It keeps every request as it came, raw bytes and all, and answers as it is told to. It checks nothing: whether a
//! signature is right is for the test to say.

mod config;
mod control;
mod fault;
mod kept;
mod page;
mod request;
mod server;

#[cfg(test)]
mod tests;

pub use config::Config;
pub use control::serve_control;
pub use fault::FaultKind;
pub use kept::Shop;
pub use request::Received;
pub use server::serve;

/// A fault of this endpoint; what it is narrowed to are paths with their queries.
pub type Fault = crate::fault::Fault<FaultKind>;
/// Random faults of this endpoint.
pub type Chaos = crate::fault::Chaos<FaultKind>;
/// A chance of one of them.
pub type Rate = crate::fault::Rate<FaultKind>;
