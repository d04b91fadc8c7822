//! A register and its fiscal storage: numbers and shifts.

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::document::FiscalNumbers;
use super::fault::FaultKind;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

pub(super) struct Register {
    /// `device_code`.
    pub code: String,
    pub on: bool,
    pub job: Option<Job>,
    fn_number: String,
    registration_number: String,
    shift: Option<Shift>,
    shifts: u64,
    documents: u64,
}

/// A document at the register.
pub(super) struct Job {
    /// Its place among the group's entries.
    pub entry: usize,
    pub done_ms: u64,
    /// How it is made to go wrong.
    pub fault: Option<FaultKind>,
}

struct Shift {
    opened_ms: u64,
    receipts: u64,
}

impl Register {
    /// The register of this place in the group of this place, both from 0.
    pub(super) fn new(group: usize, place: usize) -> Self {
        let number = group * 100 + place + 1;
        Self {
            code: format!("SIM-KKT-{number:04}"),
            on: true,
            job: None,
            fn_number: format!("9999{number:012}"),
            registration_number: format!("{number:016}"),
            shift: None,
            shifts: 0,
            documents: 1,
        }
    }

    /// Numbers for the next document. A shift of 24 h is closed first and the next one opened, each a document too.
    pub(super) fn print(&mut self, now_ms: u64, dice: &mut StdRng) -> FiscalNumbers {
        let over = |shift: &Shift| now_ms.saturating_sub(shift.opened_ms) >= DAY_MS;
        if self.shift.as_ref().is_some_and(over) {
            self.shift = None;
            self.documents += 1;
        }
        if self.shift.is_none() {
            self.documents += 1;
            self.shifts += 1;
        }
        let shift = self.shift.get_or_insert(Shift {
            opened_ms: now_ms,
            receipts: 0,
        });
        shift.receipts += 1;
        self.documents += 1;
        // Every other one is above 2^31, which half of the clients' integers cannot hold.
        let high = (self.documents % 2) << 31;
        FiscalNumbers {
            fn_number: self.fn_number.clone(),
            fiscal_document_number: self.documents,
            fiscal_document_attribute: u64::from(dice.random_range(1..1_u32 << 31)) | high,
            ecr_registration_number: self.registration_number.clone(),
            shift_number: self.shifts,
            fiscal_receipt_number: shift.receipts,
        }
    }
}
