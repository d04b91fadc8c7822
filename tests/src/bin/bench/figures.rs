//! Figures in whole numbers: microseconds and hundredths.

use std::time::Duration;

/// Whole microseconds.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Microseconds as milliseconds with two decimals.
pub(crate) fn millis_text(us: u64) -> String {
    format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10)
}

/// Hundredths as a number with two decimals.
pub(crate) fn hundredths_text(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// `count` things in `took`, per second.
pub(crate) fn per_second(count: usize, took: Duration) -> u64 {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    count.saturating_mul(1_000_000) / micros(took).max(1)
}

/// `per_mille` of the sorted values are at most this.
pub(crate) fn quantile(sorted: &[u64], per_mille: usize) -> u64 {
    let place = (sorted.len() * per_mille).div_ceil(1_000).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(0)
}

/// The middle one, the lower of two.
pub(crate) fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    quantile(&sorted, 500)
}

/// A table of two columns between rules.
pub(crate) fn print_table(title: &str, rows: &[(&str, String)]) {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    println!("\n{title}");
    for (name, value) in rows {
        println!("  {name:<width$}  {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_occurred() {
        let hundred: Vec<u64> = (1..=100).collect();
        for (per_mille, value) in [(0, 1), (500, 50), (990, 99), (1_000, 100)] {
            assert_eq!(quantile(&hundred, per_mille), value, "{per_mille}");
        }
        assert_eq!(quantile(&[], 500), 0);
        assert_eq!(median(&[9, 1, 5]), 5);
    }
}
