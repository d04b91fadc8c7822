//! Receipts as their readers find them: pictures are read back, PDFs searched, pages parsed.
#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

mod everything;
mod html;
mod letter;
mod papers;
mod pdf;
mod qr;
mod read;
mod text;
