//! The admin pages in a real browser. A program of its own: cargo runs it when others are done, so that
//! browsers and the databases' tests do not wait for each other.

#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

mod ends;
mod faults;
mod gallery;
mod site;
mod story;
mod verbs;
