//! `CHECKHEAD` (sheet §6.1).

use serde::{Deserialize, Serialize};

use crate::doc_type::{DocSubType, DocType};

/// What the check is and what it refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckHead {
    /// `DOCTYPE`
    #[serde(rename = "DOCTYPE")]
    pub doc_type: DocType,
    /// `DOCSUBTYPE`
    #[serde(rename = "DOCSUBTYPE")]
    pub doc_sub_type: DocSubType,
    /// `ORDERRETNUM`: the fiscal number of the sale that is returned, for `CheckReturn`.
    #[serde(rename = "ORDERRETNUM", default, skip_serializing_if = "Option::is_none")]
    pub return_of: Option<String>,
    /// `ORDERRETCASHREGNUM`: the register of that sale if it is another one; unknown whether the provider passes it on.
    #[serde(rename = "ORDERRETCASHREGNUM", default, skip_serializing_if = "Option::is_none")]
    pub return_of_registrar: Option<String>,
    /// `ORDERRETDATE`: that sale's date, `ddmmyyyy`.
    #[serde(rename = "ORDERRETDATE", default, skip_serializing_if = "Option::is_none")]
    pub return_of_date: Option<String>,
    /// `ORDERSTORNUM`: the fiscal number of the check that is cancelled, for `CheckStorno`.
    #[serde(rename = "ORDERSTORNUM", default, skip_serializing_if = "Option::is_none")]
    pub storno_of: Option<String>,
    /// `CASHIER`: the name on the receipt, at most 128 characters.
    #[serde(rename = "CASHIER", default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<String>,
    /// `COMMENT`: printed, and kept in the registered XML; a reference put here can be found again.
    #[serde(rename = "COMMENT", default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// `LOGOURL`
    #[serde(rename = "LOGOURL", default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    /// `TESTING`: a test document; must be as the shift is.
    #[serde(rename = "TESTING", default, skip_serializing_if = "Option::is_none")]
    pub testing: Option<bool>,
}

impl CheckHead {
    /// A head that refers to nothing.
    pub const fn new(doc_type: DocType, doc_sub_type: DocSubType) -> Self {
        Self {
            doc_type,
            doc_sub_type,
            return_of: None,
            return_of_registrar: None,
            return_of_date: None,
            storno_of: None,
            cashier: None,
            comment: None,
            logo_url: None,
            testing: None,
        }
    }
}
