//! The provider's error codes (sheet §5.1) and what each of them allows the caller to do.

/// What a failure means for the caller's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing happened; the same request may be sent again later.
    NotDone,
    /// It may have happened. Ask first (sheet §9); never repeat a document command on a guess.
    Unknown,
    /// Refused because the register's state is not what we thought: read it, repair it, then decide. A wrong local
    /// number may also mean that an earlier document whose answer was lost has been registered.
    RepairNeeded,
    /// Refused because of the register, the key, the licence or the address: the document is innocent, and every
    /// other document will fail the same way until a person changes the settings.
    Misconfigured,
    /// Refused because of what this request says; sent unchanged it is refused again.
    DocumentRefused,
    /// The provider's own offline documents are stuck; a person has to act.
    OperatorNeeded,
    /// A normal negative answer: there is no such thing.
    NotFound,
    /// Refused with a code this crate does not know. Keep the answer, alert, do not repeat.
    Unrecognised,
}

/// A refusal's code. Success is not a code here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// 1: the register is unknown.
    TransactionsRegistrarAbsent,
    /// 2: this key may not work this register.
    OperatorAccessToTransactionsRegistrarNotGranted,
    /// 3: the tax ids of key and register differ.
    InvalidTin,
    /// 4: the shift is open, perhaps by another operator.
    ShiftAlreadyOpened,
    /// 5: the shift is closed.
    ShiftNotOpened,
    /// 6: a shift cannot close without its Z-report.
    LastDocumentMustBeZRep,
    /// 7: the local number is not the next one.
    CheckLocalNumberInvalid,
    /// 8: the shift already has its Z-report.
    ZRepAlreadyRegistered,
    /// 9: the document is wrong: sums, time, storno of a document that is not the last.
    DocumentValidationError,
    /// 10: the tax service refused an offline package.
    PackageValidationError,
    /// 11: a field of the request is wrong.
    InvalidQueryParameter,
    /// 12: certificate, key or password; may also be a key service that is away.
    CryptographyError,
    /// 13: nothing found.
    NoContent,
    /// 100: the tax service is out of reach.
    FiscalServerNotAvailable,
    /// 101: the tax service answered with something unexpected.
    FiscalServerError,
    /// 102: the tax service is out of reach and this register may not work offline.
    OfflineModeNotSupported,
    /// 103: the provider's view of the register differs from the tax service's.
    InconsistentRegistrarState,
    /// 1000: no licence, or it is used up.
    LicenseViolation,
    /// Any other code, as it was written.
    Other(String),
}

crate::doc_type::wire_names!(ErrorCode {
    TransactionsRegistrarAbsent = "1",
    OperatorAccessToTransactionsRegistrarNotGranted = "2",
    InvalidTin = "3",
    ShiftAlreadyOpened = "4",
    ShiftNotOpened = "5",
    LastDocumentMustBeZRep = "6",
    CheckLocalNumberInvalid = "7",
    ZRepAlreadyRegistered = "8",
    DocumentValidationError = "9",
    PackageValidationError = "10",
    InvalidQueryParameter = "11",
    CryptographyError = "12",
    NoContent = "13",
    FiscalServerNotAvailable = "100",
    FiscalServerError = "101",
    OfflineModeNotSupported = "102",
    InconsistentRegistrarState = "103",
    LicenseViolation = "1000",
});

impl ErrorCode {
    /// What this refusal allows. A new code must be classed here before it compiles.
    pub const fn class(&self) -> Class {
        match self {
            // The tax service may have registered the document although the provider lost its answer (sheet §5.1, §8.3).
            Self::FiscalServerNotAvailable | Self::FiscalServerError => Class::Unknown,
            Self::OfflineModeNotSupported => Class::NotDone,
            Self::ShiftAlreadyOpened
            | Self::ShiftNotOpened
            | Self::LastDocumentMustBeZRep
            | Self::CheckLocalNumberInvalid
            | Self::ZRepAlreadyRegistered
            | Self::InconsistentRegistrarState => Class::RepairNeeded,
            Self::TransactionsRegistrarAbsent
            | Self::OperatorAccessToTransactionsRegistrarNotGranted
            | Self::InvalidTin
            | Self::CryptographyError
            | Self::LicenseViolation => Class::Misconfigured,
            Self::DocumentValidationError | Self::InvalidQueryParameter => Class::DocumentRefused,
            Self::PackageValidationError => Class::OperatorNeeded,
            Self::NoContent => Class::NotFound,
            Self::Other(_) => Class::Unrecognised,
        }
    }
}

/// The code field of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ok,
    Refused(ErrorCode),
}

impl From<&str> for Verdict {
    fn from(text: &str) -> Self {
        if text.eq_ignore_ascii_case("Ok") || text == "0" {
            Self::Ok
        } else {
            Self::Refused(ErrorCode::from(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_sheet_has_its_number_name_and_class() {
        let table = [
            ("1", "TransactionsRegistrarAbsent", Class::Misconfigured),
            (
                "2",
                "OperatorAccessToTransactionsRegistrarNotGranted",
                Class::Misconfigured,
            ),
            ("3", "InvalidTin", Class::Misconfigured),
            ("4", "ShiftAlreadyOpened", Class::RepairNeeded),
            ("5", "ShiftNotOpened", Class::RepairNeeded),
            ("6", "LastDocumentMustBeZRep", Class::RepairNeeded),
            ("7", "CheckLocalNumberInvalid", Class::RepairNeeded),
            ("8", "ZRepAlreadyRegistered", Class::RepairNeeded),
            ("9", "DocumentValidationError", Class::DocumentRefused),
            ("10", "PackageValidationError", Class::OperatorNeeded),
            ("11", "InvalidQueryParameter", Class::DocumentRefused),
            ("12", "CryptographyError", Class::Misconfigured),
            ("13", "NoContent", Class::NotFound),
            ("100", "FiscalServerNotAvailable", Class::Unknown),
            ("101", "FiscalServerError", Class::Unknown),
            ("102", "OfflineModeNotSupported", Class::NotDone),
            ("103", "InconsistentRegistrarState", Class::RepairNeeded),
            ("1000", "LicenseViolation", Class::Misconfigured),
        ];
        for (number, name, class) in table {
            let code = ErrorCode::from(name);
            assert_eq!(ErrorCode::from(number), code);
            assert_eq!((code.name(), code.class()), (name, class));
            assert_ne!(
                code,
                ErrorCode::Other(name.to_owned()),
                "{name} must be a variant of its own"
            );
        }
    }

    #[test]
    fn an_unknown_code_is_kept_and_never_taken_for_success() {
        let code = ErrorCode::from("TapeTorn");
        assert_eq!((code.name(), code.class()), ("TapeTorn", Class::Unrecognised));
        for text in ["Ok", "ok", "0"] {
            assert_eq!(Verdict::from(text), Verdict::Ok);
        }
        assert_eq!(Verdict::from("00"), Verdict::Refused(ErrorCode::Other("00".to_owned())));
    }
}
