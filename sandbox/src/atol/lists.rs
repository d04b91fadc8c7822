//! Words and numbers that a field may hold (sheet §4). Data, because the vendor adds to them.

use super::config::Version;

const VAT: [&str; 12] = [
    "none", "vat0", "vat10", "vat20", "vat110", "vat120", "vat5", "vat7", "vat105", "vat107", "vat22", "vat122",
];

/// Only v4, and there neither in `sell` nor in `buy`.
pub(super) const OLD_VAT: [&str; 2] = ["vat18", "vat118"];

pub(super) fn vat_types(version: Version) -> impl Iterator<Item = &'static str> {
    let old: &[&str] = match version {
        Version::V4 => &OLD_VAT,
        Version::V5 => &[],
    };
    VAT.iter().chain(old).copied()
}

pub(super) const TAX_SYSTEMS: [&str; 6] = ["osn", "usn_income", "usn_income_outcome", "envd", "esn", "patent"];

pub(super) const PAYMENT_METHODS: [&str; 7] = [
    "full_prepayment",
    "prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
];

/// v4 only, those of FFD 1.05; v5 has numbers.
pub(super) const PAYMENT_OBJECTS: [&str; 27] = [
    "commodity",
    "excise",
    "job",
    "service",
    "gambling_bet",
    "gambling_prize",
    "lottery",
    "lottery_prize",
    "intellectual_activity",
    "payment",
    "agent_commission",
    "composite",
    "another",
    "award",
    "property_right",
    "non-operating_gain",
    "insurance_premium",
    "sales_tax",
    "resort_fee",
    "deposit",
    "expense",
    "pension_insurance_ip",
    "pension_insurance",
    "medical_insurance_ip",
    "medical_insurance",
    "social_insurance",
    "casino_payment",
];

/// Whether v5 knows this `payment_object`.
pub(super) fn is_payment_object(number: i64) -> bool {
    matches!(number, 1..=27 | 30..=33)
}

/// Whether v5 knows this `measure`.
pub(super) fn is_measure(number: i64) -> bool {
    matches!(number, 0 | 10..=12 | 20..=22 | 30..=32 | 40..=42 | 50 | 51 | 70..=73 | 80..=83 | 255)
}

pub(super) const AGENTS: [&str; 7] = [
    "bank_paying_agent",
    "bank_paying_subagent",
    "paying_agent",
    "paying_subagent",
    "attorney",
    "commission_agent",
    "another",
];

/// The kinds for which v5 wants the supplier's phones and name.
pub(super) const PAYING_AGENTS: [&str; 4] = [
    "bank_paying_agent",
    "bank_paying_subagent",
    "paying_agent",
    "paying_subagent",
];

/// `mark_code` has one of these (v5).
pub(super) const MARKS: [&str; 10] = [
    "unknown", "ean8", "ean13", "itf14", "gs10", "gs1m", "short", "fur", "egais20", "egais30",
];

/// Longest `gs1m`.
pub(super) const MARK_LENGTH: usize = 200;
