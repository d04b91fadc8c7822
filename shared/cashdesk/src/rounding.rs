//! The rounding of cash (sheet §6.3). Only what is paid in cash is rounded; a card pays the exact sum.

use crate::decimal::Money;

/// A sum in cash that coins can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// For `payments[].sum` and `total_sum`.
    pub sum: Money,
    /// For `round_sum`: rounded less exact, so below zero when rounded down.
    pub difference: Money,
}

/// Rounds to 10 kopecks: an ending of 1 to 4 down, 5 to 9 up. CashDesk checks it and refuses another result.
pub fn round_cash(exact: Money) -> Rounded {
    let kopecks = exact.kopecks();
    let ending = kopecks.rem_euclid(10);
    let difference = if ending < 5 { -ending } else { 10 - ending };
    Rounded {
        sum: Money::from_kopecks(kopecks.saturating_add(difference)),
        difference: Money::from_kopecks(difference),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_up_to_four_go_down_and_the_others_up() {
        for (exact, rounded, difference) in [
            (0, 0, 0),
            (4, 0, -4),
            (5, 10, 5),
            (12_410, 12_410, 0),
            (12_411, 12_410, -1),
            (12_412, 12_410, -2),
            (12_413, 12_410, -3),
            (12_414, 12_410, -4),
            (12_415, 12_420, 5),
            (12_416, 12_420, 4),
            (12_417, 12_420, 3),
            (12_418, 12_420, 2),
            (12_419, 12_420, 1),
            (99_995, 100_000, 5),
        ] {
            let is = round_cash(Money::from_kopecks(exact));
            let expected = Rounded {
                sum: Money::from_kopecks(rounded),
                difference: Money::from_kopecks(difference),
            };
            assert_eq!(is, expected, "{exact}");
        }
    }
}
