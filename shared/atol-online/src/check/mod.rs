//! The limits of the protocol, looked at before anything is sent: what the service would refuse, or take and fail.

mod callback_url;
mod lines;
mod people;
mod sums;

use std::fmt;

use secrecy::ExposeSecret as _;

use crate::document::{CorrectionInfo, Document, Receipt};
use crate::operation::{Operation, Version};

/// One thing that a version of the protocol does not take. Holds no value of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `items[3].name`: lines, payments and taxes are counted from 1, as people do.
    pub place: String,
    /// What is allowed there, in words.
    pub allowed: String,
}

impl Problem {
    pub(crate) fn new(place: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            allowed: allowed.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.allowed)
    }
}

impl Document {
    /// Everything that this version would not take, in the document's order. Lengths are counted in characters.
    pub fn check(&self, version: Version) -> Result<(), Vec<Problem>> {
        let mut found = Findings {
            problems: Vec::new(),
            version,
            operation: self.operation,
        };
        found.length("external_id", &self.external_id, 1, 128);
        if let Some(url) = &self.callback_url {
            found.length("callback_url", url.expose_secret(), 1, 256);
            found.need(
                callback_url::fits(url.expose_secret()),
                "callback_url",
                callback_url::ALLOWED,
            );
        }
        found.correction(self.correction.as_ref());
        found.receipt(&self.receipt);
        if found.problems.is_empty() {
            Ok(())
        } else {
            Err(found.problems)
        }
    }
}

/// What was found so far.
struct Findings {
    problems: Vec<Problem>,
    version: Version,
    operation: Operation,
}

impl Findings {
    fn need(&mut self, holds: bool, place: impl Into<String>, allowed: impl Into<String>) {
        if !holds {
            self.problems.push(Problem::new(place, allowed));
        }
    }

    fn length(&mut self, place: impl Into<String>, text: &str, least: usize, most: usize) {
        let holds = (least..=most).contains(&text.chars().count());
        self.need(holds, place, format!("{least} to {most} characters"));
    }

    fn optional_length(&mut self, place: &str, text: Option<&str>, most: usize) {
        if let Some(text) = text {
            self.length(place, text, 1, most);
        }
    }

    fn count(&mut self, place: &str, count: usize, least: usize, most: usize) {
        self.need(
            (least..=most).contains(&count),
            place,
            format!("{least} to {most} of them"),
        );
    }

    /// v4's correction writes neither buyer nor lines nor total.
    fn is_short(&self) -> bool {
        self.operation.is_correction() && self.version == Version::V4
    }

    fn correction(&mut self, info: Option<&CorrectionInfo>) {
        let Some(info) = info else {
            let plain = !self.operation.is_correction();
            return self.need(plain, "correction", "a correction says why it is made");
        };
        self.need(
            self.operation.is_correction(),
            "correction",
            "only for operations that correct",
        );
        self.need(
            info.base_number.is_some() || self.version == Version::V5,
            "correction.base_number",
            "v4 needs it",
        );
        self.optional_length("correction.base_number", info.base_number.as_deref(), 32);
    }

    fn receipt(&mut self, receipt: &Receipt) {
        if !self.is_short() {
            self.client(&receipt.client);
        }
        self.company(&receipt.company);
        if !self.is_short() {
            self.items(&receipt.items);
        }
        self.payments(&receipt.payments);
        let least = usize::from(self.is_short());
        self.count("vats", receipt.vats.len(), least, 6);
        for (index, vat) in receipt.vats.iter().enumerate() {
            self.vat(&format!("vats[{}]", index + 1), vat);
        }
        if !self.is_short() {
            self.total(receipt);
        }
        self.cashier(receipt);
        self.optional_length("device_number", receipt.device_number.as_deref(), 20);
        if !self.is_short() {
            self.optional_length("additional_check_props", receipt.additional_check_props.as_deref(), 16);
            if let Some(props) = &receipt.additional_user_props {
                self.length("additional_user_props.name", &props.name, 1, 64);
                self.length("additional_user_props.value", props.value.expose(), 1, 256);
            }
        }
    }
}

#[cfg(test)]
mod tests;
