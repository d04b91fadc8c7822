//! This crate knows how a receipt looks: it turns what a receipt says ([`paper::Paper`]) into what its buyer reads.
//! Pure: no I/O, no clock, no ledger; the same paper gives the same bytes.
//!
//! ```text
//! Paper ──words──▶ Said ──▶ html::article, html::page    a receipt's page
//!                    │ ──▶ text::print                   a printer's text
//!                    │ ──▶ pdf::pdf                      80 mm and A4
//! Paper ────────────────▶ letter::letter                 the mail to the buyer
//! ```
//! What a receipt must show is `cashalot.md` §7 and §10. It is put into words once ([`words`]), so that no rendering can
//! forget a part that another one shows.
//!
//! # Fonts
//!
//! `fonts/` has Noto Sans 2.004, regular and bold, from Debian's package `fonts-noto-core`, under the SIL Open Font License
//! (`fonts/OFL.txt`). `fonts/subset.sh` cut them once to Latin, Cyrillic and the signs a receipt needs; the PDF then
//! embeds only the letters it uses.
#![warn(clippy::wildcard_enum_match_arm)]

mod amount;
pub mod html;
pub mod language;
pub mod letter;
mod moment;
mod one_line;
pub mod paper;
pub mod pdf;
pub mod qr;
mod slip;
pub mod text;
mod words;
mod wrap;

pub use amount::money;
