//! A document before it is written in a provider's form.

use domain::document::Kind;
use domain::money::Kopecks;
use domain::receipt::Receipt;
use domain::time::UnixMillis;
use ledger::orders::Buyer;
use ledger::tape::DueDocument;

/// A document as it is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft<'a> {
    /// What it says.
    pub what: What<'a>,
    /// Whose row it is: its reference, its number, how often it was sent.
    pub document: &'a DueDocument,
    /// It goes into a test shift, where only test documents are taken (`cashalot.md` §8.1).
    pub testing: bool,
    /// Now.
    pub at: UnixMillis,
    /// How to reach the buyer; `None` where the provider does not want to know
    /// ([`Capabilities::buyer`](ledger::settings::Capabilities)).
    pub buyer: Option<&'a Buyer>,
}

/// What a document says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// A sale.
    Sale(&'a Receipt),
    /// Money back for (a part of) the sale with this fiscal number.
    Return(&'a Receipt, &'a str),
    /// The cancellation of the sale with this fiscal number.
    Storno(&'a str),
    /// Cash put into the drawer or taken out of it.
    Cash(Kind, Kopecks),
}
