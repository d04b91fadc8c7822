//! What one system does in its own way.

use axum::Router;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::api::{Answer, Call};
use super::books::Books;
use super::callback::Posted;
use super::config::Merchant;
use super::fault::{ApiFault, CallbackFault};
use super::fields::Fields;
use super::payment::{Failure, Payment};
use super::simulator::Simulator;
use crate::schedule::RetrySchedule;

/// A payment system's wire: what it says of a payment, how it signs, what it refuses. Implemented in this crate only.
pub trait System: Sized + Send + Sync + 'static {
    /// As people call it.
    const NAME: &'static str;

    /// Whether a merchant's identifier may be used once only.
    const UNIQUE_ORDERS: bool;

    /// Answers to what the public documentation leaves open.
    type Switches: Clone + Default + Send + Serialize + DeserializeOwned;

    /// What the system keeps beside its books, such as a signing key.
    type Own: Send;

    /// When a callback comes again.
    fn schedule() -> RetrySchedule;

    /// The merchant that is there from the start; not anybody's real account.
    fn first_merchant() -> Merchant;

    /// The system's own identifier of payment number `number`.
    fn public_id(number: usize) -> String;

    /// What a declined card is called.
    fn declined() -> Failure;

    /// The payment as a callback and the status call show it; `None` where the system keeps silent.
    fn snapshot(books: &Books<Self>, payment: &Payment) -> Option<Fields>;

    /// What is sent while a payment is still being carried out, where the system does so.
    fn processing(_books: &Books<Self>, _payment: &Payment) -> Option<Fields> {
        None
    }

    /// The fields as they are posted.
    fn sign(books: &Books<Self>, merchant: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted;

    /// Whether a 200 with this body means that the shop took the callback; why not otherwise.
    fn accepts(books: &Books<Self>, merchant: &Merchant, payment: &Payment, body: &[u8]) -> Result<(), String>;

    /// The name of the call that faults and the log know it by; `None` for what is no call of the API.
    fn operation(call: &Call) -> Option<&'static str>;

    /// Carries out a call of the API.
    fn answer(books: &mut Books<Self>, call: &Call, operation: &'static str, fault: Option<&ApiFault>) -> Answer;

    /// The system's words for "no such payment".
    fn not_found(call: &Call) -> Answer;

    /// The system's words for "too many requests".
    fn too_many() -> Answer;

    /// Controls that only this system has.
    fn controls() -> Router<Simulator<Self>> {
        Router::new()
    }
}

/// How a message is spoiled by its signer; everything else is spoiled on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// A signature that does not fit.
    Signature,
    /// One field more, correctly signed.
    UnknownField,
    /// A content type that does not fit.
    ContentType,
}

impl Spoil {
    pub(super) fn under(fault: Option<&CallbackFault>) -> Option<Self> {
        match fault? {
            CallbackFault::WrongSignature => Some(Self::Signature),
            CallbackFault::UnknownField => Some(Self::UnknownField),
            CallbackFault::WrongContentType => Some(Self::ContentType),
            CallbackFault::Drop
            | CallbackFault::Lose
            | CallbackFault::Delay { .. }
            | CallbackFault::Duplicate { .. }
            | CallbackFault::Reorder
            | CallbackFault::ReplayOld
            | CallbackFault::TruncatedBody
            | CallbackFault::Reset
            | CallbackFault::SlowSend { .. } => None,
        }
    }
}

/// The field nobody heard of.
pub(crate) fn with_unknown_field(fields: &Fields, spoil: Option<Spoil>) -> Fields {
    let fields = fields.clone();
    match spoil {
        Some(Spoil::UnknownField) => fields.number("loyalty_points", 7),
        Some(Spoil::Signature | Spoil::ContentType) | None => fields,
    }
}
