//! A request as it came.

use bytes::Bytes;
use jiff::Timestamp;

/// A request that the shop keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its number, from 1 on in the order of the heads; never used again.
    pub number: u64,
    /// The connection it came through, numbered from 1 on.
    pub connection: u64,
    /// Such as `POST`.
    pub method: String,
    /// The path with its query, as sent.
    pub path: String,
    /// Names in lower case, values as sent; bytes that are no text are replaced.
    pub headers: Vec<(String, String)>,
    /// The raw body; empty when it was not read or broke off.
    pub body: Bytes,
    /// Whether the whole body was read.
    pub whole: bool,
    /// When its head came, by the machine's clock.
    pub at: Timestamp,
    /// The status of its answer, once that was handed to the network; None as long as there is none.
    pub answer: Option<u16>,
}

impl Received {
    /// The first header of this name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the client may count it as delivered: it was answered 2xx.
    pub fn is_acknowledged(&self) -> bool {
        self.answer.is_some_and(|status| (200..300).contains(&status))
    }
}
