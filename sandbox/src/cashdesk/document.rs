//! A document on a register's tape.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::decimal::{Decimal, money};
use crate::kyiv;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum DocKind {
    /// The opening of a shift.
    #[serde(rename = "OPEN_SHIFT")]
    OpenShift,
    /// A sale.
    #[serde(rename = "Z_SALE")]
    Sale,
    /// A return.
    #[serde(rename = "Z_RETURN")]
    Return,
    /// Cash put into the box.
    #[serde(rename = "SERVICE_INPUT")]
    ServiceInput,
    /// Cash taken out of the box.
    #[serde(rename = "SERVICE_OUTPUT")]
    ServiceOutput,
    /// A Z-report, which closes the shift.
    #[serde(rename = "Z_REPORT")]
    ZReport,
}

impl DocKind {
    /// `check_type` and `type_` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenShift => "OPEN_SHIFT",
            Self::Sale => "Z_SALE",
            Self::Return => "Z_RETURN",
            Self::ServiceInput => "SERVICE_INPUT",
            Self::ServiceOutput => "SERVICE_OUTPUT",
            Self::ZReport => "Z_REPORT",
        }
    }

    /// A sale or a return.
    pub fn is_check(self) -> bool {
        match self {
            Self::Sale | Self::Return => true,
            Self::OpenShift | Self::ServiceInput | Self::ServiceOutput | Self::ZReport => false,
        }
    }

    /// Whether it stands in `checks_list`: everything but the shift's own documents.
    pub(super) fn is_listed(self) -> bool {
        match self {
            Self::Sale | Self::Return | Self::ServiceInput | Self::ServiceOutput => true,
            Self::OpenShift | Self::ZReport => false,
        }
    }

    /// What it does to the cash in the box: in, out, or nothing.
    pub(super) fn cash_sign(self) -> i64 {
        match self {
            Self::Sale | Self::ServiceInput => 1,
            Self::Return | Self::ServiceOutput => -1,
            Self::OpenShift | Self::ZReport => 0,
        }
    }
}

/// A line of a check.
#[derive(Clone, Debug)]
pub struct Product {
    /// What was sold.
    pub name: String,
    /// The shop's own code.
    pub code: Option<String>,
    /// How much, in thousandths of its unit.
    pub amount_thousandths: i64,
    /// Price by amount, in kopecks.
    pub cost_kopecks: i64,
    /// The line's discount in kopecks.
    pub discount_kopecks: i64,
    /// The tax letter as sent.
    pub letters: Option<String>,
    /// Whole percent of the tax group.
    pub tax_prc: u8,
    pub(super) price: Decimal,
    pub(super) extras: ProductExtras,
}

impl Product {
    /// The amount with the decimals it needs.
    pub(super) fn amount_text(&self) -> String {
        let (whole, part) = (self.amount_thousandths / 1000, self.amount_thousandths % 1000);
        format!("{whole}.{part:03}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    }
}

impl TaxLine {
    /// Its name on the check.
    pub(super) fn name(&self) -> &'static str {
        match (&self.letter, self.prc) {
            (None, 0) => "БЕЗ ПДВ",
            (None | Some(_), _) => "ПДВ",
        }
    }
}

/// What is only handed on.
#[derive(Clone, Debug, Default)]
pub(super) struct ProductExtras {
    pub uktzed: Option<String>,
    pub unit_code: Option<String>,
    pub unit_name: Option<String>,
    pub bar_code: Option<String>,
    pub excise_barcode: Option<String>,
    pub excise_letter: Option<String>,
}

/// A payment of a check.
#[derive(Clone, Debug)]
pub struct Payment {
    /// 0 is cash, all else is cashless.
    pub code: i64,
    /// Its name on the check.
    pub name: String,
    /// What it pays, in kopecks.
    pub sum_kopecks: i64,
    /// What was handed over, in kopecks.
    pub provided_kopecks: i64,
    /// The change, in kopecks.
    pub remains_kopecks: i64,
    pub(super) terminal: Value,
}

/// A tax group of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// The group's letter.
    pub letter: Option<String>,
    /// Whole percent.
    pub prc: u8,
    /// The group's lines less their discounts, before cash rounding, in kopecks.
    pub turnover_kopecks: i64,
    /// The tax inside the turnover, in kopecks.
    pub sum_kopecks: i64,
}

/// A document as the simulator's ledger keeps it.
#[derive(Clone, Debug)]
pub struct RecordedDocument {
    /// The register it belongs to.
    pub register: u64,
    /// What it is.
    pub kind: DocKind,
    /// `ORDERNUM`, its fiscal number; of an offline document the offline one, for good.
    pub ordernum: String,
    /// CashDesk's own id.
    pub uuid: Uuid,
    /// The client's number; None when the client sent none and for what the cabinet made.
    pub local_number: Option<u64>,
    /// When; never earlier than the document before it.
    pub at: Timestamp,
    /// The total after cash rounding, in kopecks; 0 for shift documents.
    pub sum_kopecks: i64,
    /// What of it is cash.
    pub cash_kopecks: i64,
    /// What of it is not.
    pub cashless_kopecks: i64,
    /// Cash rounding, rounded less exact.
    pub round_kopecks: i64,
    /// The discount on the whole check.
    pub global_discount_kopecks: i64,
    /// Lines; none for service and shift documents.
    pub products: Vec<Product>,
    /// Payments; none for shift documents.
    pub payments: Vec<Payment>,
    /// Tax groups; none for service and shift documents.
    pub taxes: Vec<TaxLine>,
    /// The text under the check.
    pub footer: Option<String>,
    /// Made without the tax service.
    pub offline: bool,
    /// `offline_id` of an offline document.
    pub offline_id: Option<String>,
    /// Known to the tax service.
    pub uploaded: bool,
    /// Made in the cabinet, not by a request of this API.
    pub foreign: bool,
    /// Made after the client that asked for it had gone.
    pub late: bool,
    /// The shift's place among the register's shifts, from 0.
    pub shift: usize,
    /// What the box held afterwards, in kopecks.
    pub cash_in_box_kopecks: i64,
    /// 64 hex digits.
    pub hash: String,
    /// The register's own count, which reports show for a service document without a number of the client's.
    pub(super) own_number: u64,
}

impl RecordedDocument {
    /// The link to the check's page.
    pub(super) fn link(&self, base: &str) -> String {
        format!("{base}/check/{}/html", self.uuid)
    }

    /// What the QR code holds.
    pub(super) fn qr_data(&self, base: &str) -> String {
        let time = kyiv::zoned(self.at).strftime("%H%%3A%M%%3A%S");
        format!(
            "{base}/wc/{number}?mac={mac}&date={date}&time={time}&fn={register}&id={number}&sum={sum}",
            number = self.ordernum,
            mac = self.hash,
            date = kyiv::year_first(self.at),
            register = self.register,
            sum = money(self.sum_kopecks),
        )
    }
}

/// A document about to be put on the tape.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub kind: DocKind,
    pub local_number: Option<u64>,
    pub sum_kopecks: i64,
    pub round_kopecks: i64,
    pub global_discount_kopecks: i64,
    pub products: Vec<Product>,
    pub payments: Vec<Payment>,
    pub taxes: Vec<TaxLine>,
    pub footer: Option<String>,
    pub foreign: bool,
}

impl Draft {
    /// A document without sums.
    pub(super) fn plain(kind: DocKind) -> Self {
        Self {
            kind,
            local_number: None,
            sum_kopecks: 0,
            round_kopecks: 0,
            global_discount_kopecks: 0,
            products: Vec::new(),
            payments: Vec::new(),
            taxes: Vec::new(),
            footer: None,
            foreign: false,
        }
    }

    pub(super) fn foreign(self) -> Self {
        Self { foreign: true, ..self }
    }

    /// What of it is paid in cash, in kopecks.
    pub(super) fn cash(&self) -> i64 {
        let cash = self.payments.iter().filter(|payment| payment.code == 0);
        cash.map(|payment| payment.sum_kopecks).sum()
    }
}
