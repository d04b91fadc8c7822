//! Kopecks as the systems write hryvnias: integers all the way.

use serde::{Deserialize, Serialize};

/// How a sum in hryvnias is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Writing {
    /// `100`, `100.5`, `100.05`.
    #[default]
    Shortest,
    /// `100.00`.
    TwoDecimals,
    /// `100.0`, `100.5`, `100.05`: as a program prints that keeps sums in floats.
    FloatLike,
}

/// A sum of kopecks in hryvnias.
pub(crate) fn written(kopecks: u64, writing: Writing) -> String {
    let (whole, part) = (kopecks / 100, kopecks % 100);
    match (writing, part) {
        (Writing::TwoDecimals, _) => format!("{whole}.{part:02}"),
        (Writing::Shortest, 0) => whole.to_string(),
        (Writing::FloatLike, 0) => format!("{whole}.0"),
        (Writing::Shortest | Writing::FloatLike, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
        (Writing::Shortest | Writing::FloatLike, part) => format!("{whole}.{part:02}"),
    }
}

/// Reads hryvnias as kopecks: digits, and up to two decimals that are not zero.
pub(crate) fn minor(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kopecks_are_written_and_read_back() {
        let table = [
            (10_000, "100", "100.00", "100.0"),
            (10_050, "100.5", "100.50", "100.5"),
            (10_005, "100.05", "100.05", "100.05"),
            (7, "0.07", "0.07", "0.07"),
        ];
        for (kopecks, shortest, two, float) in table {
            for (writing, text) in [
                (Writing::Shortest, shortest),
                (Writing::TwoDecimals, two),
                (Writing::FloatLike, float),
            ] {
                assert_eq!(written(kopecks, writing), text);
                assert_eq!(minor(text), Some(kopecks), "{text}");
            }
        }
        for wrong in ["", ".5", "1.005", "1,5", "-1", "1e2", "999999999999999999999"] {
            assert_eq!(minor(wrong), None, "{wrong}");
        }
    }
}
