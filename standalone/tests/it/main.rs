//! The operator's commands as cron sees them: the real program, its exit status and its words, against a
//! simulator on a real socket.
#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

mod admin;
mod doctor;
mod first_start;
mod master_key;
mod registers;
mod reservation_data;
mod shop;
