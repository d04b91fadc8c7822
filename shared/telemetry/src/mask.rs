//! The one masking function for everything that leaves: log lines, attempt records, error texts.
//!
//! [`text`] finds by shape: e-mails, phones, card numbers, passwords in addresses, and values after
//! names that sound secret. [`json`] also knows the names of fields. Both may be applied twice
//! without further change, so no caller has to know whether another one did it already.
//!
//! What an operator needs stays readable: fiscal numbers (10 digits), local numbers, UUIDs and
//! timestamps are never touched. That is why digits alone do not make a card: length, issuer prefix
//! and check digit have to fit, and no issuer starts the way dates and epoch times do.

mod email;
mod json;
mod name;
mod number;
mod personal;
mod sealed;
mod secret;

use std::borrow::Cow;
use std::ops::Range;

pub use json::json;

/// What stands for a secret.
pub(crate) const MASK: &str = "***";

/// Ordinary lines settle after one pass and hostile ones after a few; this bounds what they cost.
const MOST_PASSES: usize = 16;

/// A piece of the input and what replaces it.
struct Found {
    range: Range<usize>,
    replacement: String,
}

/// Masks a text by shape. Borrows after one pass when there is nothing to mask; otherwise the
/// result is scanned until it settles, because what a mask leaves behind may stand next to
/// something new. So applying it again changes nothing more.
///
/// | found | becomes |
/// |---|---|
/// | `buyer@shop.example` | `b***@shop.example` |
/// | `+380501234567`, `380501234567` | `+380*****4567` |
/// | a card number, plain or in groups | `444455******1111` |
/// | `password=x`, `"token": "x"`, `Bearer x` | `***` in place of the value |
/// | `postgres://user:x@host` | `postgres://***@host` |
/// | a sealed secret, `k1.0123456789abcdef.…` | `k1.0123456789abcdef.***` |
pub fn text(input: &str) -> Cow<'_, str> {
    let Some(mut masked) = pass(input) else {
        return Cow::Borrowed(input);
    };
    for _ in 0..MOST_PASSES {
        match pass(&masked) {
            Some(next) if next != masked => masked = next,
            Some(_) | None => break,
        }
    }
    Cow::Owned(masked)
}

/// Masks everything one walk finds; `None` when it finds nothing.
fn pass(input: &str) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    let mut scan = Scan::new(input.as_bytes());
    while let Some(found) = scan.next_found() {
        out.push_str(&input[copied..found.range.start]);
        out.push_str(&found.replacement);
        copied = found.range.end;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&input[copied..]);
    Some(out)
}

/// Walks over the bytes once. A *run* is a stretch of bytes that may be the part of an e-mail
/// address before its `@`; names of values are runs too. All ranges found start and end beside
/// ASCII bytes or at a run's edge, so they never cut a letter.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    run: Range<usize>,
}

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            run: 0..0,
        }
    }

    fn next_found(&mut self) -> Option<Found> {
        while self.at < self.bytes.len() {
            if let Some(found) = self.step() {
                self.at = found.range.end;
                self.run = self.at..self.at;
                return Some(found);
            }
        }
        None
    }

    fn step(&mut self) -> Option<Found> {
        let byte = self.bytes[self.at];
        if self.at >= self.run.end && email::is_local(byte) {
            self.run = self.at..self.end_of_run();
            let found = email::at(self.bytes, self.run.clone()).or_else(|| sealed::at(self.bytes, self.run.clone()));
            if found.is_some() {
                return found;
            }
        }
        if byte.is_ascii_digit() || byte == b'+' {
            let (next, found) = number::at(self.bytes, self.at);
            self.at = next;
            return found.or_else(|| self.after_run());
        }
        if byte == b':'
            && let Some(found) = secret::in_address(self.bytes, self.at)
        {
            return Some(found);
        }
        self.at += 1;
        self.after_run()
    }

    /// A run just ended: is it the name of a secret?
    fn after_run(&self) -> Option<Found> {
        if self.at == self.run.end && !self.run.is_empty() {
            secret::after_name(self.bytes, self.run.clone())
        } else {
            None
        }
    }

    fn end_of_run(&self) -> usize {
        self.bytes[self.at..]
            .iter()
            .position(|b| !email::is_local(*b))
            .map_or(self.bytes.len(), |length| self.at + length)
    }
}

#[cfg(test)]
mod tests;
