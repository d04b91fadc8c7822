use crate::CallbackError;

/// The gateway's code for "order not found".
const ORDER_NOT_FOUND: u32 = 1018;
/// Codes the gateway uses for its own trouble rather than for ours.
const GATEWAY_TROUBLE: [u32; 2] = [1002, 1089];

/// Why a call to the gateway brought nothing that can be believed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request did not leave: no connection, or it could not be built.
    #[error("the request could not be sent to the gateway")]
    NotSent(#[source] reqwest::Error),
    /// The request may have left and no whole answer came.
    #[error("the gateway gave no whole answer")]
    NoAnswer(#[source] reqwest::Error),
    /// An answer that is not the gateway's protocol: another HTTP status, a foreign body, too much
    /// of it.
    #[error("the gateway's answer is not understood (HTTP status {http_status})")]
    BadAnswer {
        /// The HTTP status of the answer.
        http_status: u16,
        /// What was wrong with its body, when that was looked at.
        #[source]
        source: Option<CallbackError>,
    },
    /// An answer longer than is taken.
    #[error("the gateway's answer is too long (HTTP status {http_status})")]
    TooLong {
        /// The HTTP status of the answer.
        http_status: u16,
    },
    /// The gateway refused the request. Such answers are not signed: good for deciding whether to
    /// ask again, never as proof of anything about the money.
    #[error("the gateway refused the request, code {code}: {message}")]
    Api {
        /// fondy.md §11.
        code: u32,
        /// The gateway's words, shortened; withheld for signature errors, where test mode prints
        /// the right signature.
        message: String,
    },
    /// The answer's signature is missing or does not fit.
    #[error("the signature of the gateway's answer does not fit")]
    WrongSignature,
    /// A well signed answer about another order: an old answer played again.
    #[error("the gateway answered about another order")]
    OtherOrder,
}

impl Error {
    /// May the same question be asked again with hope? Asking again is always safe where a call only reads; whether
    /// one that moves money may be sent again is for its own doc to say.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::NoAnswer(_) => true,
            // A proxy's page under 200 is as passing as a 5xx; any other 4xx is our own mistake.
            Self::BadAnswer { http_status, .. } | Self::TooLong { http_status } => {
                matches!(http_status, 200..=299 | 408 | 425 | 429 | 500..=599)
            }
            Self::Api { code, .. } => GATEWAY_TROUBLE.contains(code),
            Self::WrongSignature | Self::OtherOrder => false,
        }
    }

    /// Did the gateway certainly not do what was asked? Only for a reversal does it matter.
    pub fn is_not_done(&self) -> bool {
        match self {
            Self::NotSent(_) => true,
            // Its own trouble may have come after the deed.
            Self::Api { code, .. } => !GATEWAY_TROUBLE.contains(code),
            Self::NoAnswer(_)
            | Self::BadAnswer { .. }
            | Self::TooLong { .. }
            | Self::WrongSignature
            | Self::OtherOrder => false,
        }
    }

    /// True when there is nothing at this address that answers such a call, or it refuses the call as such.
    pub fn is_unsupported(&self) -> bool {
        match self {
            Self::BadAnswer { http_status, .. } => matches!(http_status, 404 | 405 | 410 | 501),
            Self::Api { code, .. } => !GATEWAY_TROUBLE.contains(code),
            Self::NotSent(_) | Self::NoAnswer(_) | Self::TooLong { .. } | Self::WrongSignature | Self::OtherOrder => {
                false
            }
        }
    }

    /// True when the gateway says it does not know the order.
    pub fn is_unknown_order(&self) -> bool {
        match self {
            Self::Api { code, .. } => *code == ORDER_NOT_FOUND,
            Self::NotSent(_)
            | Self::NoAnswer(_)
            | Self::BadAnswer { .. }
            | Self::TooLong { .. }
            | Self::WrongSignature
            | Self::OtherOrder => false,
        }
    }
}
