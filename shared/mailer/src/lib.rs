//! This crate knows how one letter is written and handed to a mail server: MIME, and SMTP with TLS and signing in.
//!
//! It knows nothing of receipts or of when to repeat. What may be done after a failure is one question to the
//! error: [`SendError::class`]. The important answer is [`Class::Unknown`]: the last dot of the letter was sent and
//! no answer came, so the letter may have been delivered.
//!
//! ```text
//! Letter ──letter::bytes──▶ MIME ─┐
//! SmtpUrl ──▶ Mailer ──▶ wire: open or reuse ──▶ MAIL, RCPT, DATA ──▶ letter ──▶ last dot ──▶ answer
//!                              └──────────── nothing was sent ─────────────┘          └─ unknown ─┘
//! ```
//!
//! Letters are built with lettre. The dialogue is ours, for lettre's connection cannot tell a failure before the last
//! dot from one after it, puts the server's words (and the buyer's address in them) into its errors, and after
//! STARTTLS still believes what was said before it.

mod address;
mod dialogue;
mod error;
mod letter;
mod mailer;
mod mask;
mod open;
mod reply;
mod smtp_url;
mod stage;
mod tls;
mod wire;

pub use address::{Address, AddressError};
pub use error::{Class, SendError};
pub use letter::{Attachment, Inline, Letter, LetterError, bytes};
pub use mailer::{Mailer, Sent, Times};
pub use reply::Reply;
pub use smtp_url::{SmtpUrl, SmtpUrlError};
pub use stage::Stage;
pub use tls::SetupError;

#[cfg(test)]
mod fake;
