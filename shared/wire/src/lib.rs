//! What the wires of payment systems and of registers' providers have in common: messages as received, before any
//! value has a type; decimals that never pass through a float; values about people that do not print; one bounded
//! request and how it fails; tokens. It knows no outside system and nothing of us.
//!
//! ```text
//! bytes ──object | form──▶ Fields ──the client checks the signature──▶ required · optional · money ──▶ its snapshot
//! ```
#![warn(clippy::wildcard_enum_match_arm)]

mod ask;
mod callback;
pub mod decimal;
mod exchange;
pub mod fields;
mod form;
mod good;
mod http;
mod json;
mod malformed;
pub mod personal;
mod tokens;
mod typed;
mod words;

pub use ask::{ANSWER_BYTES, AskError, Asked, Meaning, ask};
pub use callback::CallbackError;
pub use exchange::{Exchange, Received, Record, Unanswered, exchange};
pub use fields::{Fields, Value};
pub use form::{decode as decode_form_text, read as read_form};
pub use good::{Good, Goods};
pub use http::{http_builder, http_client};
pub use json::{read_items, read_list, read_object, read_pairs};
pub use malformed::{Malformed, shorten};
pub use personal::Personal;
pub use tokens::{Issued, Token, Tokens};
