//! Decimal text to whole units, exactly. No binary floats on the way: `0.15` must stay 0.15.

/// A decimal number scaled to whole units: sign and magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// Below zero. Zero never is.
    pub negative: bool,
    /// How many whole units.
    pub magnitude: u64,
}

/// Largest shift that can still give a non-zero `u64`; also bounds the work for `1e999999`.
const MAX_SHIFT: u32 = 40;

/// Reads `"12.3"` as 1230 for two places. JSON's exponent form is understood; digits beyond
/// `places` are fine while they are zeros. `None` when the text is no number, or cannot be kept
/// exactly, or is too large.
pub fn parse(text: &str, places: u32) -> Option<Scaled> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || (fraction.is_empty() && mantissa.contains('.')) {
        return None;
    }

    let digits: String = [whole, fraction].concat();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let trimmed = significant.trim_end_matches('0');
    if trimmed.is_empty() {
        return Some(Scaled {
            negative: false,
            magnitude: 0,
        });
    }
    // value = trimmed × 10^(shift - places); in whole units it is trimmed × 10^shift.
    let dropped_zeros = i32::try_from(significant.len() - trimmed.len()).ok()?;
    let shift = exponent
        .checked_sub(i32::try_from(fraction.len()).ok()?)?
        .checked_add(dropped_zeros)?
        .checked_add(i32::try_from(places).ok()?)?;
    // `trimmed` ends in a non-zero digit, so a negative shift would have to round.
    let shift = u32::try_from(shift).ok().filter(|s| *s <= MAX_SHIFT)?;
    let magnitude = trimmed.parse::<u64>().ok()?.checked_mul(10_u64.checked_pow(shift)?)?;
    Some(Scaled { negative, magnitude })
}

/// Reads an amount that cannot be negative and also fits a signed 64-bit column.
pub fn amount(text: &str, places: u32) -> Option<u64> {
    let scaled = parse(text, places)?;
    (!scaled.negative && i64::try_from(scaled.magnitude).is_ok()).then_some(scaled.magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        let plus = |magnitude| {
            Some(Scaled {
                negative: false,
                magnitude,
            })
        };
        let minus = |magnitude| {
            Some(Scaled {
                negative: true,
                magnitude,
            })
        };
        for (text, places, expected) in [
            ("700.0", 2, plus(70_000)),
            ("700", 2, plus(70_000)),
            ("0.15", 2, plus(15)),
            ("0.15", 3, plus(150)),
            ("00.150", 3, plus(150)),
            ("127.50000", 2, plus(12_750)),
            ("127.505", 2, None),
            ("33.3333", 2, None),
            ("0", 2, plus(0)),
            ("-0.00", 2, plus(0)),
            ("0e-99999", 2, plus(0)),
            ("-10.5", 2, minus(1_050)),
            ("1e2", 2, plus(10_000)),
            ("1.5E+1", 2, plus(1_500)),
            ("1e-2", 2, plus(1)),
            ("1e-3", 2, None),
            ("1e999999999", 2, None),
            ("1e99999999999999999999", 2, None),
            ("184467440737095516.15", 2, plus(u64::MAX)),
            ("184467440737095516.16", 2, None),
            ("", 2, None),
            ("-", 2, None),
            (".5", 2, None),
            ("5.", 2, None),
            ("1,5", 2, None),
            ("1.2.3", 2, None),
            ("+1", 2, None),
            ("NaN", 2, None),
            ("0x10", 2, None),
            ("١", 2, None),
        ] {
            assert_eq!(parse(text, places), expected, "{text:?} to {places} places");
        }
    }
}
