//! This crate knows what a payment system's message means for an order's money: the event it is, the
//! key under which it is the same event, and what must not change under that key. The ingress uses
//! it for callbacks, the worker for answers of status APIs, so that both come to the same event. And what a payment
//! system's own cash register tells of the receipts it made.

mod fingerprint;
pub mod fondy;
mod goods;
pub mod kkt;
pub mod liqpay;
mod money;
pub mod monobank;
pub mod reservation_data;
mod voided;
pub mod wayforpay;

pub use fingerprint::Fingerprint;
pub use voided::voided;
