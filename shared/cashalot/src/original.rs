//! Reading the registered XML of a document: enough to recognise a check whose answer was lost (sheet §9), and the
//! totals a shift was closed with.
//!
//! ```text
//! bytes ──▶ xml: encoding, root, one call per element ended ──▶ check: head and sum
//!                                                           └─▶ z_rep: head and totals
//! ```

use crate::decimal::DecimalError;

mod check;
mod xml;
mod z_rep;

pub use check::OriginalCheck;
pub use z_rep::OriginalZRep;

/// Why bytes could not be read as the document they were asked for as.
#[derive(Debug, thiserror::Error)]
pub enum OriginalError {
    /// The XML declaration names an encoding nobody knows.
    #[error("unknown encoding {0:?}")]
    UnknownEncoding(String),
    /// The bytes are not what the encoding says.
    #[error("the text does not fit its encoding")]
    Undecodable,
    /// Not well-formed, cut short, or with an entity of its own.
    #[error("not well-formed XML")]
    NotXml(#[source] Option<quick_xml::Error>),
    /// Another document, for instance a Z-report where a check was expected.
    #[error("the root element is {found:?}, not {expected}")]
    AnotherRoot {
        /// `CHECK` or `ZREP`.
        expected: &'static str,
        /// The root's name without a prefix.
        found: String,
    },
    /// A sum or a rate is not one; a sum silently left out would look like zero.
    #[error("{element} cannot be read")]
    Number {
        /// Where in the document, below the root: `CHECKTOTAL/SUM`.
        element: String,
        /// What is wrong with it.
        #[source]
        source: DecimalError,
    },
}
