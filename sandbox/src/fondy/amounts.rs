//! Minor units printed as the gateway prints them. Integers only: no amount ever becomes a float here.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// `20.0`, `20.5`, `20.55`: how the gateway's own floats look in `transaction_list` and `additional_info`.
pub(super) fn float_text(minor: u64) -> String {
    let (whole, part) = (minor / 100, minor % 100);
    if part.is_multiple_of(10) {
        format!("{whole}.{}", part / 10)
    } else {
        format!("{whole}.{part:02}")
    }
}

/// `80`, `80.5`, `80.55`: numbers of the fiscal document.
pub(super) fn number_text(minor: u64) -> String {
    match minor % 100 {
        0 => (minor / 100).to_string(),
        _ => float_text(minor),
    }
}

/// `80.00`: the fiscal document's amounts that are strings.
pub(super) fn fixed_text(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// Reads `700`, `700.0`, `700.00` or `"700.00"`'s inside as minor units. `None` for anything else,
/// and for a third decimal other than zero.
pub(super) fn parse_major(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part = part.trim_end_matches('0');
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let minor: u64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(minor)
}

/// A JSON number with exactly this text.
#[derive(Clone, Debug)]
pub(super) struct Literal(pub(super) String);

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_printed_exactly() {
        let table = [
            (0, "0.0", "0", "0.00"),
            (5, "0.05", "0.05", "0.05"),
            (50, "0.5", "0.5", "0.50"),
            (2000, "20.0", "20", "20.00"),
            (2050, "20.5", "20.5", "20.50"),
            (26755, "267.55", "267.55", "267.55"),
            (
                u64::MAX,
                "184467440737095516.15",
                "184467440737095516.15",
                "184467440737095516.15",
            ),
        ];
        for (minor, float, number, fixed) in table {
            assert_eq!(
                (float_text(minor), number_text(minor), fixed_text(minor)),
                (float.into(), number.into(), fixed.into())
            );
        }
    }

    #[test]
    fn major_units_are_read_exactly_or_not_at_all() {
        let table = [
            ("700", Some(70000)),
            ("700.0", Some(70000)),
            ("127.5", Some(12750)),
            ("0.15", Some(15)),
            ("1.230", Some(123)),
            ("1.234", None),
            ("-1", None),
            ("", None),
            ("1e3", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_major(text), expected, "{text}");
        }
    }
}
