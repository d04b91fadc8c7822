//! Answers to what monobank's documentation leaves open.

use serde::{Deserialize, Serialize};

/// The default is the likelier answer; a client must do with either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// Whether paying posts `processing` before the outcome.
    pub processing_webhooks: bool,
    /// What `status` is after a part went back.
    pub partial_refund: PartialRefund,
    /// Whether returns post nothing.
    pub silent_refunds: bool,
    /// Whether a return with an `extRef` seen before on this invoice is the same return.
    pub ext_ref_repeats: bool,
    /// Whether `pubkey` still answers the key before the last change.
    pub stale_pubkey: bool,
    /// `1001` and `1004`, which the documentation lists beside `BAD_REQUEST` and `NOT_FOUND`.
    pub numeric_codes: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            processing_webhooks: true,
            partial_refund: PartialRefund::default(),
            silent_refunds: false,
            ext_ref_repeats: true,
            stale_pubkey: false,
            numeric_codes: false,
        }
    }
}

/// `status` after a part went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialRefund {
    /// `success` as before; `finalAmount` and `cancelList` tell.
    #[default]
    StaysSuccess,
    /// `reversed`, as after a whole return.
    BecomesReversed,
}
