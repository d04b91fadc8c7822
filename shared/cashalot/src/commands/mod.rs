//! The commands: one typed request and one typed answer each (sheet §4).

mod cleanup;
mod document;
mod get_document;
mod info;
mod register_check;
mod registrar;
mod send_check;
mod setup;
mod shift;
mod tape;
mod totals;

use secrecy::SecretString;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::answer::Answer;
use crate::auth::{Auth, Key};

pub use cleanup::{Cleanup, CleanupDone};
pub use document::{AutoDocument, RegisteredDocument};
pub use get_document::{DocumentAnswer, DocumentView, GetCheck, GetZRep, ResultCode};
pub use info::{BusinessUnit, CertificateInfo, Registrar, ServerState};
pub(crate) use info::{CertificateInfoRequest, ObjectsRequest, ServerStateRequest};
pub use register_check::{RegisterCheck, RegisteredCheck, Rendering};
pub use registrar::{RegistrarState, ShiftState, TransactionsRegistrarState};
pub use send_check::SendCheckToConsumer;
pub(crate) use setup::Setup;
pub use setup::{SetupRegistrar, WorkMode};
pub use shift::{CloseShift, OpenShift, RegisterZRep, ShiftClosed};
pub use tape::{DocClass, Documents, Shift, ShiftRef, Shifts, TapeDocument};
pub use totals::{LastShiftTotals, PayFormTotal, ShiftTotals, TaxTotal, Totals, TotalsBlock};

/// The fiscal number of a register (ПРРО), usually `4000xxxxxx`. Sent as a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RegistrarNumber(pub u64);

impl std::fmt::Display for RegistrarNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A request: serialises to its own fields only. `Command` and the key are added around it.
pub(crate) trait Request: Serialize {
    const COMMAND: &'static str;
    type Answer: Answer;

    /// Which signing fields go with it. Most commands are signed with what the client was given.
    fn key<'a>(&'a self, auth: &'a Auth) -> Key<'a> {
        Key::Auth(auth)
    }

    /// Personal data in it that must not come back in a message.
    fn personal(&self) -> Option<&SecretString> {
        None
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::ref_option, reason = "the signature serde calls")]
fn uid<S: Serializer>(uid: &Option<Uuid>, serializer: S) -> Result<S::Ok, S::Error> {
    match uid {
        Some(uid) => serializer.collect_str(uid),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;
