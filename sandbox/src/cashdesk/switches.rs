//! What the documentation leaves open, and how this simulator answers it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::millis;

/// All switches; the default is what the protocol sheet proposes. In JSON a switch that is left out is at its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// What a repeated `local_number` of the same kind does.
    pub local_numbers: LocalNumbers,
    /// The shape of business refusals.
    pub refusals: RefusalShape,
    /// Whether an error body carries its `type`.
    pub error_type: bool,
    /// Whether a return or a cash-out of more cash than the box holds is refused.
    pub strict_cash: bool,
    /// Whether items of `checks_list` carry `local_number`.
    pub report_local_numbers: bool,
    /// Whether Latin look-alikes of tax letters (A, H) pass for Cyrillic ones.
    pub latin_letters: bool,
    /// What stands for a `pdf`, `qr` or `text_print` that was not wanted.
    pub suppressed: Suppressed,
    /// Whether `token` of `/authenticate` already begins with `Bearer `.
    pub bearer_in_token: bool,
    /// Whether service and shift documents are announced too.
    pub webhook_service_documents: bool,
    /// Whether an offline document is announced again after its upload.
    pub webhook_after_upload: bool,
    /// How often more than once each webhook is posted.
    pub webhook_duplicates: u32,
    /// Whether a webhook waits until the next one of its register has overtaken it.
    pub webhook_reordered: bool,
    /// How long a webhook is held back.
    #[serde(rename = "webhook_delay_ms", with = "millis")]
    pub webhook_delay: Duration,
    /// Whether a request is answered only after the webhooks of its register were posted.
    pub webhook_before_reply: bool,
    /// The least size of a PDF in bytes, before Base64; smaller ones are padded.
    pub pdf_bytes: usize,
    /// How long every request takes before it is carried out.
    #[serde(rename = "latency_ms", with = "millis")]
    pub latency: Duration,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            local_numbers: LocalNumbers::Ignore,
            refusals: RefusalShape::BadRequest,
            error_type: true,
            strict_cash: false,
            report_local_numbers: true,
            latin_letters: true,
            suppressed: Suppressed::Null,
            bearer_in_token: false,
            webhook_service_documents: false,
            webhook_after_upload: false,
            webhook_duplicates: 0,
            webhook_reordered: false,
            webhook_delay: Duration::ZERO,
            webhook_before_reply: false,
            pdf_bytes: 0,
            latency: Duration::ZERO,
        }
    }
}

/// What a repeated `local_number` of the same kind of document on the same register does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalNumbers {
    /// Nothing: a second document is made.
    Ignore,
    /// It is refused.
    Reject,
    /// The first document is answered again and none is made.
    ReturnExisting,
}

/// How a business refusal looks. A missing link or key is always 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalShape {
    /// 400 with `message` and `type`.
    BadRequest,
    /// 422, and `errors` beside them.
    Unprocessable,
}

/// What stands for a form that was not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suppressed {
    /// `null`.
    Null,
    /// `""`.
    Empty,
}
