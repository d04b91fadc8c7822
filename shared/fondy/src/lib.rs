//! This crate knows the wire of the Fondy payment gateway (also sold as Hutko and Flitt): how its
//! callbacks are signed and shaped, what a callback says about an order, how a basket travels in
//! `reservation_data`, how to ask for an order's status and its transactions, how to list a day's payments, how to divide
//! a payment and give money back, and what the gateway's own cash register tells of the documents it made. It knows
//! nothing of ours.
//!
//! ```text
//! raw body ──envelope──▶ fields as received ──signature──▶ trusted fields ──snapshot──▶ Snapshot ──decide──▶ Decision
//! ```
//!
//! The signature is checked over what was received, before any value is given a type: the gateway
//! adds fields over time, and each of them is signed. A callback is a snapshot of an order, not an
//! event; what changed since the last one is for the caller to work out.
#![warn(clippy::wildcard_enum_match_arm)]

mod additional_info;
mod callback;
mod client;
mod credentials;
mod decision;
mod envelope;
mod error;
mod kkt;
mod link;
pub mod reservation_data;
mod signature;
mod snapshot;
mod split;
mod status;
mod transactions;

use wire::{decimal, fields, personal};

pub use callback::{CallbackError, open_callback};
pub use client::{Client, MerchantPart, ReportLine, Reversal, ReverseRequest, ReverseStatus, Sent, Settlement};
pub use credentials::Credentials;
pub use decision::{Anomaly, AskReason, Decision, Quiet};
pub use error::Error;
pub use kkt::{KktCode, KktEntry, KktLine, KktLogs, KktPayment, Unreadable, read_kkt_logs};
pub use link::{FileKind, Link};
pub use personal::Personal;
pub use reservation_data::{EncodeError, Fault, Product, ReservationData, Warning};
pub use signature::{sign_v1, sign_v2, signatures_match};
pub use snapshot::{Snapshot, Version};
pub use split::{PartStatus, ReceiverKind, SplitPart};
pub use status::{CaptureStatus, OrderStatus, TranType};
pub use transactions::{Transaction, read_transactions};
