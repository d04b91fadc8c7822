//! Black-box tests; modules mirror topics.
#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

mod servers;
