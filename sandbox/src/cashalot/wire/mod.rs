//! The simulator's own reading of the wire: requests, the check object and answers.

mod answer;
mod check;
mod code;
mod kinds;
mod request;

pub(super) use crate::decimal::{Decimal, line_cost, money};
pub(super) use answer::Answer;
pub(super) use check::{Check, CheckLine, CheckPay, CheckTax, CheckTotal, ZRep};
pub(super) use code::{Code, Refusal};
pub(super) use kinds::{Command, FetchType, PartPayType, WorkMode};
pub use kinds::{DocClass, DocSubType, DocType};
pub(super) use request::{
    CertificateInfo, Cleanup, CloseShift, Documents, Envelope, Fetch, LastShiftTotals, Objects, OpenShift,
    RegisterCheck, RegisterZRep, Registrar, Send, ServerState, Setup, SetupRegistrar, Shifts, State, parse,
};
