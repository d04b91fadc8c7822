//! Sums over documents.

use super::document::{DocKind, RecordedDocument};

/// Totals of a shift or of several, in kopecks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// How many sales.
    pub sales: u64,
    /// Their sum.
    pub sales_kopecks: i64,
    /// How many returns.
    pub returns: u64,
    /// Their sum.
    pub returns_kopecks: i64,
    /// Cash put in.
    pub service_input_kopecks: i64,
    /// Cash taken out.
    pub service_output_kopecks: i64,
}

impl Totals {
    pub(super) fn of<'a>(documents: impl Iterator<Item = &'a RecordedDocument>) -> Self {
        let mut totals = Self::default();
        for document in documents {
            let sum = document.sum_kopecks;
            match document.kind {
                DocKind::Sale => {
                    totals.sales += 1;
                    totals.sales_kopecks += sum;
                }
                DocKind::Return => {
                    totals.returns += 1;
                    totals.returns_kopecks += sum;
                }
                DocKind::ServiceInput => totals.service_input_kopecks += sum,
                DocKind::ServiceOutput => totals.service_output_kopecks += sum,
                DocKind::OpenShift | DocKind::ZReport => {}
            }
        }
        totals
    }
}
