//! A document to register, the same for both versions.

use secrecy::SecretString;
use wire::Personal;

use crate::decimal::Money;
use crate::item::Item;
use crate::operation::Operation;
use crate::time::{BaseDate, MoscowTime};
use crate::vat::Vat;

/// A document and its envelope. [`Document::check`] says what a version will not take, [`Document::to_body`] writes
/// the rest.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is registered as. Not in the body: the caller keeps it beside it.
    pub operation: Operation,
    /// The document's own time.
    pub timestamp: MoscowTime,
    /// 1 to 128 characters, unique among all documents ever sent to the group. The service registers one document for
    /// it, however often it is sent.
    pub external_id: String,
    /// At most 256 characters. Nobody signs what comes there, so its path should be unguessable: `Debug` does not
    /// show it. A URL that the service does not like is ignored by it with a warning, which [`Document::check`] spares.
    pub callback_url: Option<SecretString>,
    /// v5: register even if the marking service does not answer. Not written for v4.
    pub ism_optional: Option<bool>,
    /// Why it corrects; there exactly for operations that correct.
    pub correction: Option<CorrectionInfo>,
    /// What it says. v4 writes of a correction only the company, payments, taxes, the cashier and the device.
    pub receipt: Receipt,
}

/// What a document says.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Who gets it. May be empty in a correction.
    pub client: Buyer,
    /// Whose it is.
    pub company: Company,
    /// 1 to 100 lines.
    pub items: Vec<Item>,
    /// 1 to 10; together they cover the total, and cashless money does not exceed it.
    pub payments: Vec<Payment>,
    /// Up to 6. v4's corrections need one.
    pub vats: Vec<Vat>,
    /// v5: the sum of the lines. v4: may differ from it by up to 99 kopecks.
    pub total: Money,
    /// At most 64 characters.
    pub cashier: Option<Personal>,
    /// 12 digits. v5.
    pub cashier_inn: Option<Personal>,
    /// At most 16 characters.
    pub additional_check_props: Option<String>,
    /// One more line on the receipt.
    pub additional_user_props: Option<UserProps>,
    /// 1 to 20 characters.
    pub device_number: Option<String>,
}

/// The buyer. An e-mail or a phone is needed; with both, only the e-mail is written to. v5 takes `none` for either.
#[derive(Clone, Debug, Default)]
pub struct Buyer {
    /// At most 64 characters.
    pub email: Option<Personal>,
    /// A plus sign and up to 18 digits; v4 also takes up to 17 digits without the sign.
    pub phone: Option<Personal>,
    /// At most 256 characters.
    pub name: Option<Personal>,
    /// 10 or 12 digits.
    pub inn: Option<Personal>,
}

/// The seller.
#[derive(Clone, Debug)]
pub struct Company {
    /// At most 64 characters; v5 takes `none`.
    pub email: String,
    /// Required in v5; v4 can do without if the firm has one.
    pub sno: Option<Sno>,
    /// 10 or 12 digits, the same as in the register.
    pub inn: String,
    /// Where it was sold: 1 to 256 characters.
    pub payment_address: String,
    /// 1 to 256 characters.
    pub location: Option<String>,
}

wire::words! {
    /// The system of taxation.
    Sno {
        /// The general one.
        Osn = "osn",
        /// Simplified, of income.
        UsnIncome = "usn_income",
        /// Simplified, of income without expenses.
        UsnIncomeOutcome = "usn_income_outcome",
        /// The single tax on imputed income.
        Envd = "envd",
        /// The single agricultural tax.
        Esn = "esn",
        /// A patent.
        Patent = "patent",
    }
}

/// One payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// With what.
    pub kind: PaymentType,
    /// How much.
    pub sum: Money,
}

/// With what is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentType {
    /// 0.
    Cash,
    /// 1: cards and everything electronic.
    Cashless,
    /// 2: an earlier prepayment is set off.
    Prepayment,
    /// 3.
    Credit,
    /// 4: something in return.
    Exchange,
    /// 5 to 9: what the register's owner set up.
    Extended(u8),
}

impl PaymentType {
    /// The number on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::Cash => 0,
            Self::Cashless => 1,
            Self::Prepayment => 2,
            Self::Credit => 3,
            Self::Exchange => 4,
            Self::Extended(code) => code,
        }
    }
}

/// A name and a value that the receipt shows.
#[derive(Clone, Debug)]
pub struct UserProps {
    /// 1 to 64 characters.
    pub name: String,
    /// 1 to 256 characters.
    pub value: Personal,
}

/// Why a document corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionInfo {
    /// On whose account.
    pub kind: CorrectionKind,
    /// The day of what is corrected.
    pub base_date: BaseDate,
    /// The number of the ground, at most 32 characters. v4 needs one.
    pub base_number: Option<String>,
}

/// On whose account a correction is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionKind {
    /// Of one's own accord.
    Own,
    /// The tax office told so.
    Instruction,
}

impl CorrectionKind {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "self",
            Self::Instruction => "instruction",
        }
    }
}
