//! A document on a register's tape.

use std::sync::Arc;

use jiff::Timestamp;

use super::wire::{DocClass, DocSubType, DocType, money};
use crate::kyiv;

/// A document as the simulator's ledger keeps it: what was registered, and what became of it.
#[derive(Clone, Debug)]
pub struct RecordedDocument {
    /// The registrar it belongs to.
    pub register: u64,
    /// Its fiscal number: digits when registered online, `session.n.control` when offline.
    pub num_fiscal: String,
    /// Its local number; a revoked online twin shares it with the `OfflineBegin` that followed.
    pub num_local: u64,
    /// Check or Z-report.
    pub class: DocClass,
    /// None for a Z-report.
    pub doc_type: Option<DocType>,
    /// None for a Z-report.
    pub doc_sub_type: Option<DocSubType>,
    /// When; never earlier than the document before it.
    pub at: Timestamp,
    /// `CHECKTOTAL.SUM` in kopecks; 0 for a storno and for shift documents.
    pub sum_kopecks: i64,
    /// `CHECKHEAD.COMMENT`.
    pub comment: Option<String>,
    /// `CHECKHEAD.ORDERRETNUM`.
    pub ret_num: Option<String>,
    /// The fiscal number of the storned check, whether the client sent it or the simulator filled it in.
    pub storno_num: Option<String>,
    /// The check as sent, or the totals of a Z-report, as JSON.
    pub check: Option<Arc<str>>,
    /// Registered offline.
    pub offline: bool,
    /// Known to the tax service.
    pub delivered: bool,
    /// The online twin of a document that was issued again offline.
    pub revoked: bool,
    /// Cancelled by a storno.
    pub storned: bool,
    /// The shift it is listed in.
    pub shift_id: Option<u64>,
    /// Registered by another device, not by a command of this protocol.
    pub foreign: bool,
    /// Registered after the client that asked for it had gone.
    pub late: bool,
    /// A test document.
    pub testing: bool,
    /// The name on the receipt.
    pub cashier: String,
    /// `PREVDOCHASH` of an offline document.
    pub(super) previous_hash: Option<String>,
    /// The document's own hash, the `mac` of an offline receipt's link.
    pub(super) hash: Option<String>,
    /// Whether an `OfflineBegin` asks to revoke the last online document.
    pub(super) revokes_last_online: bool,
}

impl RecordedDocument {
    /// Whether it is a check of this subtype (sale, return, storno, cash movement).
    pub fn is(&self, kind: DocSubType) -> bool {
        self.doc_type == Some(DocType::SaleGoods) && self.doc_sub_type == Some(kind)
    }

    /// Whether it is settlement: a sale, a return or a storno. Only these stretch an offline session (sheet §11.10.5).
    pub fn is_financial(&self) -> bool {
        self.is(DocSubType::CheckGoods) || self.is(DocSubType::CheckReturn) || self.is(DocSubType::CheckStorno)
    }

    /// The receipt's link at the tax service (sheet §7).
    pub fn url(&self) -> String {
        let (date, time) = (kyiv::year_first(self.at), kyiv::time(self.at));
        let mut url = format!(
            "https://cabinet.tax.gov.ua/cashregs/check?fn={}&id={}&date={date}&time={time}&sm={}",
            self.register,
            self.num_fiscal,
            money(self.sum_kopecks),
        );
        if let (true, Some(hash)) = (self.offline, &self.hash) {
            url.push_str("&mac=");
            url.push_str(hash);
        }
        url
    }
}

/// A document about to be put on the tape.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub class: DocClass,
    pub doc_type: Option<DocType>,
    pub doc_sub_type: Option<DocSubType>,
    pub sum_kopecks: i64,
    pub comment: Option<String>,
    pub ret_num: Option<String>,
    pub storno_num: Option<String>,
    pub check: Option<Arc<str>>,
    pub testing: bool,
    pub cashier: String,
    pub foreign: bool,
    pub revokes_last_online: bool,
}

impl Draft {
    /// A shift or offline document.
    pub(super) fn service(doc_type: DocType, cashier: &str) -> Self {
        Self {
            class: DocClass::Check,
            doc_type: Some(doc_type),
            doc_sub_type: Some(DocSubType::CheckGoods),
            sum_kopecks: 0,
            comment: None,
            ret_num: None,
            storno_num: None,
            check: None,
            testing: false,
            cashier: cashier.to_owned(),
            foreign: false,
            revokes_last_online: false,
        }
    }

    /// A Z-report with these totals.
    pub(super) fn z_report(totals: String, cashier: &str) -> Self {
        Self {
            class: DocClass::ZRep,
            doc_type: None,
            doc_sub_type: None,
            check: Some(totals.into()),
            ..Self::service(DocType::SaleGoods, cashier)
        }
    }

    pub(super) fn testing(self, testing: bool) -> Self {
        Self { testing, ..self }
    }

    pub(super) fn foreign(self) -> Self {
        Self { foreign: true, ..self }
    }

    /// The total that enters an offline control number; shift documents, Z-reports and stornos have none.
    pub(super) fn total(&self) -> Option<i64> {
        let has_total = self.doc_type == Some(DocType::SaleGoods) && self.doc_sub_type != Some(DocSubType::CheckStorno);
        has_total.then_some(self.sum_kopecks)
    }
}
