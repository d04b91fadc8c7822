//! The simulator's own reading of the wire: paths, bodies and loosely typed values.

mod body;
mod call;
mod check;
mod loose;

pub(super) use body::{Body, Head};
pub(super) use call::{Call, CheckForm, PageForm, Routed, route};
pub(super) use check::{CheckBody, PaymentBody, PeriodBody, ProductBody, ServiceBody, SignIn, Wishes};
pub(super) use loose::{Flag, Whole, hryvnia, number};
