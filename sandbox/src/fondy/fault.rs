//! What may go wrong on purpose, and the seeded dice that decide it.

use std::time::Duration;

/// A fault of one callback. It spoils the first attempt only, so that the retry shows what a receiver makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The same body is sent this many times more, whatever was answered.
    Duplicate(u32),
    /// Held back until the next snapshot of the order has gone out (or the first retry delay has passed).
    Reorder,
    /// The first send is lost on the way; the retry comes.
    Drop,
    /// Sent this much later.
    Delay(Duration),
    /// An older snapshot of the order follows it.
    ReplayOld,
    /// One digit of the signature is wrong.
    CorruptSignature,
    /// The signature in upper-case hex, which is wrong.
    UpperCaseSignature,
    /// A field nobody heard of, correctly signed.
    UnknownField,
    /// `reversal_amount` renamed with its sort place kept: the signature still fits (sheet §14, A1).
    RenamedField,
    /// Half the body.
    TruncatedBody,
    /// JSON announced as a form, or a form as JSON.
    WrongContentType,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The body trickles in over this time.
    SlowSend(Duration),
}

/// A fault of one API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiFault {
    /// HTTP 502 and nothing is done.
    ServerError,
    /// HTTP 502 although everything was done.
    ServerErrorAfter,
    /// Everything is done and the connection is cut without an answer.
    ResponseLost,
    /// The answer comes this much later.
    Delay(Duration),
    /// Reversals only: `reverse_status` is `created`; [`super::Simulator::finish_reversals`] completes it.
    ReverseCreated,
    /// Reversals only: `reverse_status` is `declined` with this `response_code`.
    ReverseDeclined(u32),
}

/// Chances in thousandths that a callback, order or API call meets a fault. At most one callback fault each.
#[derive(Clone, Copy, Debug, Default)]
pub struct FaultRates {
    /// [`Fault::Duplicate`], once more.
    pub duplicate: u16,
    /// [`Fault::Reorder`].
    pub reorder: u16,
    /// [`Fault::Drop`].
    pub drop: u16,
    /// [`Fault::Delay`] by three first retry delays.
    pub delay: u16,
    /// [`Fault::ReplayOld`].
    pub replay_old: u16,
    /// [`Fault::CorruptSignature`].
    pub corrupt_signature: u16,
    /// [`Fault::UpperCaseSignature`].
    pub upper_case_signature: u16,
    /// [`Fault::UnknownField`].
    pub unknown_field: u16,
    /// [`Fault::RenamedField`].
    pub renamed_field: u16,
    /// [`Fault::TruncatedBody`].
    pub truncated_body: u16,
    /// [`Fault::WrongContentType`].
    pub wrong_content_type: u16,
    /// [`Fault::Reset`].
    pub reset: u16,
    /// [`Fault::SlowSend`] over 300 ms.
    pub slow_send: u16,
    /// A new order gets a `payment_id` above 2^53.
    pub big_payment_id: u16,
    /// [`ApiFault::ServerError`] of any API call.
    pub api_server_error: u16,
    /// [`ApiFault::ResponseLost`] of any API call.
    pub api_response_lost: u16,
}

impl FaultRates {
    /// The fault, if any, that `roll` (0..1000) falls on.
    pub(super) fn callback_fault(&self, roll: u16, first_delay_ms: u64) -> Option<Fault> {
        let table = [
            (self.duplicate, Fault::Duplicate(1)),
            (self.reorder, Fault::Reorder),
            (self.drop, Fault::Drop),
            (
                self.delay,
                Fault::Delay(Duration::from_millis(first_delay_ms.saturating_mul(3))),
            ),
            (self.replay_old, Fault::ReplayOld),
            (self.corrupt_signature, Fault::CorruptSignature),
            (self.upper_case_signature, Fault::UpperCaseSignature),
            (self.unknown_field, Fault::UnknownField),
            (self.renamed_field, Fault::RenamedField),
            (self.truncated_body, Fault::TruncatedBody),
            (self.wrong_content_type, Fault::WrongContentType),
            (self.reset, Fault::Reset),
            (self.slow_send, Fault::SlowSend(Duration::from_millis(300))),
        ];
        pick(&table, roll)
    }

    pub(super) fn api_fault(&self, roll: u16) -> Option<ApiFault> {
        pick(
            &[
                (self.api_server_error, ApiFault::ServerError),
                (self.api_response_lost, ApiFault::ResponseLost),
            ],
            roll,
        )
    }
}

fn pick<F: Copy>(table: &[(u16, F)], roll: u16) -> Option<F> {
    let mut limit = 0_u32;
    table
        .iter()
        .find(|(rate, _)| {
            limit += u32::from(*rate);
            u32::from(roll) < limit
        })
        .map(|(_, fault)| *fault)
}

/// A number below 1000 that depends on nothing but its inputs, so timing cannot change a replayed run.
pub(super) fn roll(seed: u64, subject: &str, salt: u64) -> u16 {
    let mut hash = mix(seed ^ mix(salt));
    for byte in subject.bytes() {
        hash = mix(hash ^ u64::from(byte));
    }
    u16::try_from(hash % 1000).unwrap_or_default()
}

/// SplitMix64's finaliser.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_kept_over_many_rolls() {
        let rates = FaultRates {
            duplicate: 100,
            drop: 50,
            ..FaultRates::default()
        };
        let faults: Vec<Option<Fault>> = (0..10_000)
            .map(|n| rates.callback_fault(roll(7, &format!("1396424/o-{n}"), n), 2000))
            .collect();
        let count = |wanted: Option<Fault>| faults.iter().filter(|fault| **fault == wanted).count();
        assert!((900..1100).contains(&count(Some(Fault::Duplicate(1)))));
        assert!((400..600).contains(&count(Some(Fault::Drop))));
        assert_eq!(
            count(Some(Fault::Duplicate(1))) + count(Some(Fault::Drop)) + count(None),
            10_000
        );
    }
}
