//! Decimals of JSON numbers as integers, without floating point.

use serde_json::Number;

/// The number times 10^`places`; none when it is negative, too large or has more decimals.
///
/// The parser keeps a number as binary floating point, whose shortest form is the decimal that was sent as long as that
/// has no more than 15 digits: longer ones are out of every bound.
pub(super) fn scaled(number: &Number, places: usize) -> Option<u64> {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places || whole.len() + places > 15 {
        return None;
    }
    // A sign or an exponent is no digit.
    let digits = format!("{whole}{fraction:0<places$}");
    digits
        .bytes()
        .all(|digit| digit.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        for (text, places, expected) in [
            ("0", 2, Some(0)),
            ("150", 2, Some(15_000)),
            ("150.0", 2, Some(15_000)),
            ("0.10", 2, Some(10)),
            ("0.29", 2, Some(29)),
            ("42949672.95", 2, Some(4_294_967_295)),
            ("99999.999", 3, Some(99_999_999)),
            ("0.001", 3, Some(1)),
            ("1e2", 2, Some(10_000)),
            ("0.001", 2, None),
            ("150.005", 2, None),
            ("-1", 2, None),
            ("-0.5", 2, None),
            ("1e300", 2, None),
            ("1e-7", 3, None),
            ("100000000000000", 2, None),
        ] {
            let number: Number = serde_json::from_str(text).unwrap();
            assert_eq!(scaled(&number, places), expected, "{text}");
        }
    }
}
