//! Error codes (sheet §5.1) and the refusals that carry them.

/// Declares the codes once: their wire names and numbers.
macro_rules! codes {
    ($($name:ident = $number:literal,)+) => {
        /// `ErrorCode` of an answer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::cashalot) enum Code { $($name,)+ }

        impl Code {
            pub(in crate::cashalot) fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The number behind a name; None for a name that is not in the sheet.
            pub(in crate::cashalot) fn number_of(name: &str) -> Option<u16> {
                $(if name == stringify!($name) { return Some($number); })+
                // Never the simulator's own verdict, but a fault may ask for it.
                (name == "InvalidTin").then_some(3)
            }
        }
    };
}

codes! {
    Ok = 0,
    TransactionsRegistrarAbsent = 1,
    OperatorAccessToTransactionsRegistrarNotGranted = 2,
    ShiftAlreadyOpened = 4,
    ShiftNotOpened = 5,
    LastDocumentMustBeZRep = 6,
    CheckLocalNumberInvalid = 7,
    ZRepAlreadyRegistered = 8,
    DocumentValidationError = 9,
    PackageValidationError = 10,
    InvalidQueryParameter = 11,
    CryptographyError = 12,
    NoContent = 13,
    FiscalServerNotAvailable = 100,
    FiscalServerError = 101,
    OfflineModeNotSupported = 102,
    InconsistentRegistrarState = 103,
    LicenseViolation = 1000,
}

/// A command that was refused: its code and a text for people, in Ukrainian as the real service writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cashalot) struct Refusal {
    pub(in crate::cashalot) code: Code,
    pub(in crate::cashalot) message: String,
}

impl Refusal {
    pub(in crate::cashalot) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// `DocumentValidationError` with its reason.
    pub(in crate::cashalot) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::DocumentValidationError, message)
    }

    /// `InvalidQueryParameter` with its reason.
    pub(in crate::cashalot) fn parameter(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidQueryParameter, message)
    }
}
