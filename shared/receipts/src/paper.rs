//! What a receipt says.

use domain::document::{self, Presence};
use domain::receipt::Receipt;

/// Everything a receipt shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// A sale, or what gives it back.
    pub kind: Kind,
    /// Who sold.
    pub seller: Seller,
    /// The register's number at the tax service (ПРРО ФН).
    pub register_number: String,
    /// The receipt's number at the tax service (ЧЕК ФН).
    pub fiscal_number: String,
    /// Its place on the register's tape (ВН).
    pub local_number: Option<u64>,
    /// The cashier's name.
    pub cashier: Option<String>,
    /// ISO text in Kyiv time as the register gave it, e.g. `2026-11-21T10:15:41.123+02:00`, with or without a zone.
    pub registered_at: Option<String>,
    /// Where the tax service got it from.
    pub presence: Presence,
    /// The control number (mac) of an offline receipt.
    pub control_number: Option<String>,
    /// Lines, taxes and means of payment.
    pub content: Receipt,
    /// Fiscal number of the sale that a return or storno gives back.
    pub sale: Option<String>,
    /// The shop's own name for the order.
    pub order: String,
    /// The tax service's link, as received.
    pub link: Option<String>,
    /// The payment system's own register made it, not one of the shop's.
    pub by_gateway: bool,
    /// Made in a test shift: it is no fiscal receipt, and says so.
    pub test: bool,
}

/// What a receipt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A sale.
    Sale,
    /// Gives back all or part of an earlier sale.
    Return,
    /// Cancels the sale just before it.
    Storno,
}

impl Kind {
    /// `None` for a document that no buyer gets.
    pub const fn of(kind: document::Kind) -> Option<Self> {
        match kind {
            document::Kind::Sale => Some(Self::Sale),
            document::Kind::Return => Some(Self::Return),
            document::Kind::Storno => Some(Self::Storno),
            document::Kind::CashIn | document::Kind::CashOut | document::Kind::ZReport | document::Kind::Closing => {
                None
            }
        }
    }
}

/// Who sold, as the register knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    /// The seller's name.
    pub name: String,
    /// The unit (shop).
    pub unit: Option<String>,
    /// The unit's address.
    pub address: Option<String>,
    /// The seller's number at the tax service.
    pub tax_id: Option<TaxId>,
}

/// The seller's number, with the letters the law asks for in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxId {
    /// A VAT payer's number, «ПН».
    VatPayer(String),
    /// The tax number of somebody who pays no VAT, «ІД».
    NonPayer(String),
}
