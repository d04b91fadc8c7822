//! What is found in a payment system's own register: receipts that it made, and what it says of those it could not make.

use crate::document::Kind;
use crate::ids::FiscalNumber;
use crate::money::Kopecks;
use crate::receipt::Receipt;

/// One entry of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A registered receipt.
    Receipt(Box<FoundReceipt>),
    /// The tax service refused the receipt of this movement of money.
    Refused {
        /// The payment system's id of the movement.
        transaction: String,
        /// The tax service's code.
        code: String,
    },
    /// There is no answer of the tax service yet.
    Unanswered {
        /// The payment system's id of the movement.
        transaction: String,
    },
    /// Something is there that is not understood.
    Unclear {
        /// The payment system's id of the movement.
        transaction: String,
        /// Why, for people.
        why: String,
    },
}

/// A receipt that a payment system's own register made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundReceipt {
    /// The payment system's id of the movement of money.
    pub transaction: String,
    /// A sale or a return.
    pub kind: Kind,
    /// How much.
    pub amount: Kopecks,
    /// What it says.
    pub receipt: Receipt,
    /// Its number at the tax service.
    pub fiscal_number: FiscalNumber,
    /// Its place on that register's tape.
    pub local_number: Option<i64>,
    /// Its date and time in Kyiv, `YYYY-MM-DDThh:mm:ss`.
    pub registered_at: Option<String>,
    /// That register's number at the tax service.
    pub register_number: Option<String>,
    /// Who made it.
    pub maker: Maker,
}

/// Who sells, as the payment system's register knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maker {
    /// The cashier's name.
    pub cashier: Option<String>,
    /// The seller's name.
    pub name: Option<String>,
    /// The unit's.
    pub unit: Option<String>,
    /// The unit's address.
    pub address: Option<String>,
    /// The seller's tax number.
    pub tin: Option<String>,
}
