//! A mail server that keeps what it is sent, on real sockets (RFC 5321 and the extensions it announces).
//!
//! ```text
//! socket → wire (lines, the message's text) → session (commands in their order, faults) → kept messages
//!                                                          control and page over HTTP ──┘
//! ```
//! It is strict where real servers differ in their patience: line ends, line lengths, the order of commands. A client
//! that gets its mail past it gets it past the others.

mod address;
mod certificate;
mod command;
mod config;
mod control;
mod credentials;
mod decoded;
mod dialogue;
mod fault;
mod kept;
mod message;
mod page;
mod reply;
mod server;
mod session;
mod wire;

#[cfg(test)]
mod tests;

pub use certificate::{Certificate, CertificateError};
pub use config::{Config, User};
pub use control::serve_control;
pub use decoded::{Decoded, Part};
pub use dialogue::Dialogue;
pub use fault::{FaultKind, Step};
pub use kept::Mailbox;
pub use message::Message;
pub use server::{serve, serve_tls};

/// A fault of this server; what it is narrowed to are recipients.
pub type Fault = crate::fault::Fault<FaultKind>;
/// Random faults of this server.
pub type Chaos = crate::fault::Chaos<FaultKind>;
/// A chance of one of them.
pub type Rate = crate::fault::Rate<FaultKind>;
