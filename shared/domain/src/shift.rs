//! A shift in numbers: what a Z-report says, what our documents say, and how the two differ.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::document::Kind;
use crate::money::Kopecks;
use crate::receipt::Receipt;

/// The payment form of everything paid on a site by card (`cashalot.md` §6.3).
pub const CARD: u64 = 1;

/// A shift never lives longer by law (law 265/95, `cashalot.md` §8.1).
pub const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// Offline minutes of one session: 36 hours, then the tax service blocks the register
/// (`cashalot.md` §8.3).
pub const OFFLINE_SESSION_MINUTES: u64 = 36 * 60;
/// Offline minutes of a calendar month: 168 hours.
pub const OFFLINE_MONTH_MINUTES: u64 = 168 * 60;

/// Sales, or returns, of a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// All together.
    pub sum: Kopecks,
    /// How many documents.
    pub count: u64,
    /// By the code of the payment form.
    pub forms: BTreeMap<u64, Kopecks>,
    /// By VAT letter: what was taxed, and the tax in it.
    pub taxes: BTreeMap<char, (Kopecks, Kopecks)>,
}

/// The sums of a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShiftSums {
    /// Sales without those that were cancelled.
    pub sales: Side,
    /// Returns, as positive sums.
    pub returns: Side,
    /// Cash put in.
    pub cash_in: Kopecks,
    /// Cash taken out.
    pub cash_out: Kopecks,
}

/// One figure on which two sides do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which figure, e.g. `sales.sum`, `returns.form.1`, `sales.tax.А`.
    pub figure: String,
    /// By our documents.
    pub ours: u64,
    /// By the register's report.
    pub theirs: u64,
    /// True for sums (kopecks), false for counts.
    pub money: bool,
}

/// A registered document as it counts in a shift.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its sum.
    pub amount: Kopecks,
    /// What it says; the register's own documents have none.
    pub receipt: Option<&'a Receipt>,
    /// It was cancelled by a storno.
    pub cancelled: bool,
}

impl ShiftSums {
    /// Adds up documents. Cancelled sales and the stornos themselves count nowhere (`cashalot.md` §6.8).
    pub fn of<'a>(documents: impl IntoIterator<Item = Counted<'a>>) -> Self {
        let mut sums = Self::default();
        for document in documents {
            match document.kind {
                Kind::Sale if !document.cancelled => sums.sales.add(&document),
                Kind::Return => sums.returns.add(&document),
                Kind::CashIn if !document.cancelled => sums.cash_in = plus(sums.cash_in, document.amount),
                Kind::CashOut if !document.cancelled => sums.cash_out = plus(sums.cash_out, document.amount),
                Kind::Sale | Kind::CashIn | Kind::CashOut | Kind::Storno | Kind::ZReport | Kind::Closing => {}
            }
        }
        sums
    }

    /// Where `self` (ours) and `theirs` differ, to the kopeck; empty when they agree. A side that has no
    /// documents has no forms and no taxes, so zero rows are no difference.
    pub fn differences(&self, theirs: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        self.sales.compare(&theirs.sales, "sales", &mut found);
        self.returns.compare(&theirs.returns, "returns", &mut found);
        note(
            &mut found,
            "cash_in",
            self.cash_in.minor(),
            theirs.cash_in.minor(),
            true,
        );
        note(
            &mut found,
            "cash_out",
            self.cash_out.minor(),
            theirs.cash_out.minor(),
            true,
        );
        found
    }
}

impl Side {
    fn add(&mut self, document: &Counted<'_>) {
        self.sum = plus(self.sum, document.amount);
        self.count += 1;
        let form = self.forms.entry(CARD).or_default();
        *form = plus(*form, document.amount);
        for row in document.receipt.iter().flat_map(|receipt| &receipt.taxes) {
            let (taxable, tax) = self.taxes.entry(row.letter.letter()).or_default();
            *taxable = plus(*taxable, row.taxable);
            *tax = plus(*tax, row.tax);
        }
    }

    fn compare(&self, theirs: &Self, name: &str, found: &mut Vec<Difference>) {
        note(
            found,
            &format!("{name}.sum"),
            self.sum.minor(),
            theirs.sum.minor(),
            true,
        );
        note(found, &format!("{name}.count"), self.count, theirs.count, false);
        let forms: std::collections::BTreeSet<_> = self.forms.keys().chain(theirs.forms.keys()).collect();
        for form in forms {
            let of = |side: &Self| side.forms.get(form).copied().unwrap_or_default().minor();
            note(found, &format!("{name}.form.{form}"), of(self), of(theirs), true);
        }
        let letters: std::collections::BTreeSet<_> = self.taxes.keys().chain(theirs.taxes.keys()).collect();
        for letter in letters {
            let of = |side: &Self| side.taxes.get(letter).copied().unwrap_or_default();
            let (ours, theirs) = (of(self), of(theirs));
            note(
                found,
                &format!("{name}.taxable.{letter}"),
                ours.0.minor(),
                theirs.0.minor(),
                true,
            );
            note(
                found,
                &format!("{name}.tax.{letter}"),
                ours.1.minor(),
                theirs.1.minor(),
                true,
            );
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            figure, ours, theirs, ..
        } = self;
        if self.money {
            let text = |minor: &u64| format!("{}.{:02}", minor / 100, minor % 100);
            write!(f, "{figure}: ours {}, the report {}", text(ours), text(theirs))
        } else {
            write!(f, "{figure}: ours {ours}, the report {theirs}")
        }
    }
}

fn note(found: &mut Vec<Difference>, figure: &str, ours: u64, theirs: u64, money: bool) {
    if ours != theirs {
        found.push(Difference {
            figure: figure.to_owned(),
            ours,
            theirs,
            money,
        });
    }
}

/// A shift never comes near the largest amount there is.
fn plus(one: Kopecks, other: Kopecks) -> Kopecks {
    one.checked_add(other).unwrap_or(Kopecks::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kopecks(minor: u64) -> Kopecks {
        Kopecks::from_minor(minor).unwrap()
    }

    fn counted(kind: Kind, minor: u64, cancelled: bool) -> Counted<'static> {
        Counted {
            kind,
            amount: kopecks(minor),
            receipt: None,
            cancelled,
        }
    }

    #[test]
    fn a_cancelled_sale_and_its_storno_count_nowhere() {
        let sums = ShiftSums::of([
            counted(Kind::Sale, 100, false),
            counted(Kind::Sale, 250, true),
            counted(Kind::Storno, 250, false),
            counted(Kind::Return, 30, false),
            counted(Kind::CashIn, 500, false),
            counted(Kind::CashOut, 200, false),
            counted(Kind::ZReport, 0, false),
            counted(Kind::Closing, 0, false),
        ]);
        assert_eq!((sums.sales.sum, sums.sales.count), (kopecks(100), 1));
        assert_eq!((sums.returns.sum, sums.returns.count), (kopecks(30), 1));
        assert_eq!((sums.cash_in, sums.cash_out), (kopecks(500), kopecks(200)));
        assert_eq!(sums.sales.forms, BTreeMap::from([(CARD, kopecks(100))]));
    }

    #[test]
    fn differences_name_the_figure_and_both_sides() {
        let ours = ShiftSums::of([counted(Kind::Sale, 100, false)]);
        let theirs = ShiftSums::of([counted(Kind::Sale, 100, false), counted(Kind::Sale, 1, false)]);
        assert_eq!(ours.differences(&ours), []);
        let told: Vec<_> = ours.differences(&theirs).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "sales.sum: ours 1.00, the report 1.01",
                "sales.count: ours 1, the report 2",
                "sales.form.1: ours 1.00, the report 1.01"
            ]
        );
    }

    #[test]
    fn a_side_without_documents_agrees_with_rows_of_zero() {
        let mut theirs = ShiftSums::default();
        theirs.sales.forms.insert(CARD, Kopecks::ZERO);
        theirs.sales.taxes.insert('А', (Kopecks::ZERO, Kopecks::ZERO));
        assert_eq!(ShiftSums::default().differences(&theirs), []);
    }
}
