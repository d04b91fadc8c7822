//! The largest-remainder method: how a total is split over weights so that the parts add up.

use crate::money::Kopecks;

/// Splits `total` over `weights` in proportion, to the kopeck, so that the parts add up to `total`
/// exactly: every part gets its rounded-down share, the kopecks left over go one each to the
/// largest remainders, ties to the earlier part (the largest-remainder, or Hamilton, method).
///
/// `None` when there is something to split and all weights are zero.
pub fn apportion(total: Kopecks, weights: &[Kopecks]) -> Option<Vec<Kopecks>> {
    let sum: u128 = weights.iter().map(|weight| u128::from(weight.minor())).sum();
    if sum == 0 {
        return total.is_zero().then(|| vec![Kopecks::ZERO; weights.len()]);
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = total.minor();
    for (index, weight) in weights.iter().enumerate() {
        let exact = u128::from(total.minor()) * u128::from(weight.minor());
        let share = u64::try_from(exact / sum).ok()?;
        left -= share;
        parts.push(share);
        remainders.push((exact % sum, index));
    }
    // Largest remainder first; a stable sort keeps ties in order.
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    for (_, index) in remainders.iter().take(usize::try_from(left).ok()?) {
        parts[*index] += 1;
    }
    parts.into_iter().map(|part| Kopecks::from_minor(part).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(total: u64, weights: &[u64], expected: &[u64]) {
        let kopecks = |minor: &u64| Kopecks::from_minor(*minor).unwrap();
        let weights: Vec<_> = weights.iter().map(kopecks).collect();
        let parts = apportion(kopecks(&total), &weights).unwrap();
        let parts: Vec<_> = parts.iter().map(|part| part.minor()).collect();
        assert_eq!(parts, expected);
        assert_eq!(parts.iter().sum::<u64>(), total);
    }

    #[test]
    fn parts_add_up_to_the_total() {
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(1, &[1, 1, 1], &[1, 0, 0]);
        check(200, &[1, 1, 1], &[67, 67, 66]);
        check(12_750, &[14_000, 12_750], &[6_673, 6_077]);
        check(10, &[0, 5, 5], &[0, 5, 5]);
        check(5, &[2, 1], &[3, 2]);
        check(0, &[3, 4], &[0, 0]);
        check(9_999_999_999_999, &[9_999_999_999_999, 1], &[9_999_999_999_998, 1]);
    }

    #[test]
    fn nothing_can_be_split_over_no_weight() {
        let one = Kopecks::from_minor(1).unwrap();
        assert_eq!(apportion(one, &[]), None);
        assert_eq!(apportion(one, &[Kopecks::ZERO]), None);
        assert_eq!(apportion(Kopecks::ZERO, &[]), Some(vec![]));
    }
}
