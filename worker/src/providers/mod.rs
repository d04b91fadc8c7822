//! Providers as the worker sees them. One module per provider adapts its client to these words; nothing outside of
//! here knows which provider a register has, only what it can do ([`ledger::settings::Capabilities`]).

pub mod atol_online;
pub mod cashalot;
pub mod cashdesk;
mod draft;
mod failure;
mod keep;

use std::time::Duration;

use domain::document::{Kind, Registration};
use domain::shift::ShiftSums;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::Words;
use ledger::day::Facts;
use ledger::offline::OfflineDocument;
use ledger::renderings::Fetchable;
use ledger::settings::{Credentials, Provider, Register};
use ledger::sheet::SellerFacts;
use ledger::shifts::Shift;
use ledger::tape::{DueDocument, NewAttempt};
use receipts::paper::Paper;
use secrecy::SecretString;

pub(crate) use draft::{Draft, What};
pub(crate) use failure::{Failure, FailureClass};
pub(crate) use keep::attempt;

use crate::compose::Stop;
use crate::config::WorkerTimes;
use crate::grip::Grip;
use crate::state::WorkerState;

/// One register at its provider. What a provider cannot do it leaves as it is here; its capabilities say so, and
/// nobody asks.
#[async_trait::async_trait]
pub(crate) trait Adapter: Send + Sync {
    /// Reads the register's state. Safe to repeat.
    async fn look(&self) -> Asked<Result<Look, Failure>>;

    /// Writes a document in the provider's form: this very text is kept with the intent and then sent. Pure.
    fn write(&self, draft: &Draft<'_>) -> Result<String, Stop>;

    /// Sends what was written. Never to be repeated on silence: ask with [`Adapter::find`].
    async fn send(&self, sent: &Sent<'_>) -> Asked<Result<Answered, Failure>>;

    /// What became of a document in doubt, or of one whose result comes later. `None`: the lease was lost.
    async fn find(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError>;

    /// Closes the shift, with the Z-report if it is missing. On silence: ask, as for any document.
    async fn close_shift(&self) -> Asked<Result<Closed, Failure>> {
        Asked::impossible()
    }

    /// Registers the Z-report; the shift stays open and takes no receipt any more.
    async fn register_z(&self) -> Asked<Result<Registration, Failure>> {
        Asked::impossible()
    }

    /// The register's own totals of the open shift (or the last one). Only reads.
    async fn totals(&self) -> Asked<Result<OwnTotals, Failure>> {
        Asked::impossible()
    }

    /// Brings the provider's view in line with the tax service's; it may make a Z-report and close the shift. With
    /// `remove` undelivered offline documents are lost.
    async fn cleanup(&self, _remove: bool) -> Asked<Result<(), Failure>> {
        Asked::impossible()
    }

    /// The shift as the provider lists it; `None` when it does not. Only reads.
    async fn listed_shift(
        &self,
        _reference: &str,
        _provider_id: Option<i64>,
        _opened_at: Option<UnixMillis>,
        _now: UnixMillis,
    ) -> Asked<Result<Option<ListedShift>, Failure>> {
        Asked::impossible()
    }

    /// The shifts of a time, open or closed, as the provider lists them. Only reads.
    async fn shifts_between(
        &self,
        _from: UnixMillis,
        _to: UnixMillis,
        _now: UnixMillis,
    ) -> Asked<Result<Vec<Shift>, Failure>> {
        Asked::impossible()
    }

    /// The documents of a shift as the provider lists them. Only reads.
    async fn listed_documents(&self, _shift: &Shift) -> Asked<Result<Vec<ListedDocument>, Failure>> {
        Asked::impossible()
    }

    /// What a receipt says of itself. Only reads.
    async fn original(&self, _number: &str) -> Asked<Result<Original, Failure>> {
        Asked::impossible()
    }

    /// What the API says of a document that the provider told of by itself, by the provider's own id; `None`: it knows no
    /// such document. Only reads.
    async fn notice(&self, _provider_id: &str) -> Asked<Result<Option<Noticed>, Failure>> {
        Asked::impossible()
    }

    /// The sums of a shift's registered Z-report; `None` when the tax service does not have it yet. Only reads.
    async fn z_sums(&self, _shift: &Shift, _number: &str) -> Asked<Result<Option<ShiftSums>, Failure>> {
        Asked::impossible()
    }

    /// Where an offline document is. Only reads.
    async fn delivery(&self, _document: &OfflineDocument) -> Asked<Result<Delivery, Failure>> {
        Asked::impossible()
    }

    /// A document as a person reads it; `None` when the tax service does not have it yet, or it is not drawn in this
    /// form. Only reads.
    async fn rendering(&self, _document: &Fetchable, _html: bool) -> Asked<Result<Option<String>, Failure>> {
        Asked::impossible()
    }

    /// When the certificate of the key ends; `None` when the key is not ours to ask about. Only reads.
    async fn certificate_until(&self, _credentials: &Credentials) -> Asked<Result<Option<UnixMillis>, Failure>> {
        Asked::nothing()
    }

    /// Who sells at this register, and where; `None`: that is not told. Only reads.
    async fn seller(&self) -> Asked<Result<Option<SellerFacts>, Failure>> {
        Asked::nothing()
    }

    /// Sends a receipt to the buyer's phone by the provider's own channel. Repeating it may send a second message.
    async fn send_to_phone(&self, _paper: &Paper, _phone: SecretString) -> Asked<Result<(), Failure>> {
        Asked::impossible()
    }

    /// Does the provider say that the tax service is reachable? Only reads.
    async fn tax_service(&self) -> Asked<Result<Option<bool>, Failure>> {
        Asked::nothing()
    }

    /// Tells the provider that a register with an open shift is alive, where it wants to hear that now and then. Safe
    /// to repeat; that it fails is no matter.
    async fn sign_of_life(&self) {}
}

/// The times of a register at this provider: some answer honestly after half a minute only. Then its lease is longer,
/// too, so that no call outlives it.
pub(crate) fn times(times: WorkerTimes, provider: Provider) -> WorkerTimes {
    match provider {
        Provider::Cashalot | Provider::AtolOnline => times,
        Provider::CashDesk => times.slow(),
    }
}

/// A register's adapter; fails when its settings cannot be.
pub(crate) async fn adapter(state: &WorkerState, register: &Register) -> Result<Box<dyn Adapter>, Failure> {
    Ok(match register.provider {
        Provider::Cashalot => Box::new(cashalot::Cashalot::new(
            state.http.clone(),
            register,
            state.times.call_timeout,
        )?),
        Provider::CashDesk => Box::new(cashdesk::CashDesk::new(
            state.http.clone(),
            state.tokens.clone(),
            register,
            times(state.times, register.provider).call_timeout,
        )?),
        Provider::AtolOnline => {
            let (http, tokens) = (state.http.clone(), state.tokens.clone());
            let adapter = atol_online::AtolOnline::new(http, tokens, register, &state.times)?;
            // What cannot be read is no matter, for results are asked for, too.
            Box::new(adapter.told_at(state.notices_of(&register.id).await.ok().flatten()))
        }
    })
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    /// What it does; a storno may have become a return.
    pub kind: Kind,
    /// As [`Adapter::write`] wrote it.
    pub text: &'a str,
    /// Of a storno: the sale, as it was written.
    pub storned: Option<&'a str>,
    /// The number we gave it, where its provider wants one.
    pub number: Option<i64>,
}

/// What a provider answered to a document.
#[derive(Clone, Debug)]
pub(crate) enum Answered {
    /// It is on the tape.
    Registered(Registration),
    /// It was taken, and its result comes later.
    Accepted {
        /// What the provider calls it.
        provider_id: Option<String>,
        /// Ask for the result after so long.
        ask_in: Duration,
    },
}

/// The register as it is before a document.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// What the provider's adapter wants to find again when it settles a doubt.
    pub before: String,
    /// Fiscal number of the open shift's last document.
    pub last_fiscal_number: Option<String>,
    /// Everything else it told.
    pub facts: Facts,
    /// The open shift, if one is open.
    pub shift: Option<SeenShift>,
}

/// An open shift as a look sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeenShift {
    /// What names it at the provider; the same at every look.
    pub reference: String,
    /// The provider's own id of it.
    pub provider_id: Option<i64>,
    /// Who opened it.
    pub operator: Option<String>,
    /// When, if that was told.
    pub opened_at: Option<UnixMillis>,
    /// The local number of its first document.
    pub first_local: Option<i64>,
}

/// A shift that was closed by our request.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    pub closing: Registration,
    /// The Z-report, if it was made on the way.
    pub z: Option<Registration>,
}

/// What the register's own totals say.
#[derive(Clone, Debug)]
pub(crate) struct OwnTotals {
    /// When the shift was opened, if told.
    pub opened_at: Option<UnixMillis>,
    /// The sums, if there is a shift to sum up.
    pub sums: Option<ShiftSums>,
}

/// A shift as the tax service lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedShift {
    pub provider_id: Option<i64>,
    pub opened_at: Option<UnixMillis>,
    pub closing_number: Option<String>,
    pub z_number: Option<String>,
    /// The closing itself, where the list of documents does not have it.
    pub closing: Option<ListedDocument>,
}

/// A document as the tax service lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedDocument {
    pub fiscal_number: String,
    /// Its place on the tape; none where the provider counts by its clients' numbers and this has none.
    pub local_number: Option<i64>,
    pub at: Option<String>,
    /// A sale, return, storno or cash movement: something we make, or somebody else.
    pub is_receipt: bool,
    /// The online twin of a document that was issued again offline: it does not count.
    pub revoked: bool,
    /// What it says, if the list tells that.
    pub says: Option<Original>,
}

/// What a receipt that somebody else made says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    /// `sale`, `return`, `storno`; `unknown` when it does not say.
    pub kind: &'static str,
    /// Kopecks.
    pub amount: Option<i64>,
    /// The receipt it gives back or cancels.
    pub of_number: Option<String>,
    /// The reference printed on it.
    pub token: Option<String>,
}

impl Default for Original {
    fn default() -> Self {
        Self {
            kind: "unknown",
            amount: None,
            of_number: None,
            token: None,
        }
    }
}

/// A document that the provider told of by itself, as its API says it is.
#[derive(Clone, Debug)]
pub(crate) struct Noticed {
    /// Its number at the tax service; none while it is offline and has only a passing one.
    pub fiscal_number: Option<String>,
    /// The number that its maker gave it.
    pub local_number: Option<i64>,
    /// Its time, as written.
    pub at: Option<String>,
    /// The same, if it can be read.
    pub registered_at: Option<UnixMillis>,
    /// A sale, return, storno or cash movement: something that counts.
    pub is_receipt: bool,
    /// `sale`, `return`, `storno`; `unknown` for anything else.
    pub kind: &'static str,
    /// Kopecks.
    pub amount: Option<i64>,
    /// The receipt it gives back or cancels.
    pub of_number: Option<String>,
}

/// Where an offline document is.
#[derive(Clone, Debug)]
pub(crate) enum Delivery {
    /// The tax service has it.
    Done {
        url: Option<String>,
        qr_code: Option<String>,
    },
    /// Not yet.
    Waiting,
    /// The tax service says that this number was never given out, or another word we do not expect.
    Strange(String),
}

/// What asking about a document in doubt found.
#[derive(Clone, Debug)]
pub(crate) enum Finding {
    /// It is on the tape.
    Found(Registration),
    /// Everything on the tape since then is something else.
    Absent,
    /// The provider has taken it, and its result comes later.
    Accepted {
        /// What the provider calls it.
        provider_id: Option<String>,
        /// Ask again after so long.
        ask_in: Duration,
    },
    /// The provider had taken it and says that nothing came of it: it may be sent anew, after so long.
    Dropped {
        /// Why, for people.
        why: String,
        /// The register rests so long.
        again_in: Duration,
    },
    /// The provider had taken it and refuses it for good.
    Refused(String),
    /// The provider has said its last word, and it may or may not be on the tape: a person must look.
    Doubtful(String),
    /// It cannot be told yet.
    Unclear(String),
    /// The provider could not be asked.
    Failed(Failure),
}

/// The word of [`Asked::impossible`].
pub(crate) const NOT_SUPPORTED: &str = "not_supported";

/// A value together with the requests it took.
pub(crate) struct Asked<T> {
    pub value: T,
    pub attempts: Vec<NewAttempt>,
}

impl<T> Asked<Result<T, Failure>> {
    /// Nothing was asked: this provider has no such thing.
    pub fn impossible() -> Self {
        let text = Words::new("this provider has no such thing", "цей провайдер такого не має");
        Self {
            value: Err(Failure {
                answered: true,
                ..Failure::ours(FailureClass::Refused, NOT_SUPPORTED, text)
            }),
            attempts: Vec::new(),
        }
    }
}

impl<T> Asked<Result<Option<T>, Failure>> {
    /// Nothing was asked, and nothing is told.
    pub const fn nothing() -> Self {
        Self {
            value: Ok(None),
            attempts: Vec::new(),
        }
    }
}
