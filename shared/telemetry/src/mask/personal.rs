use super::{MASK, text};

/// Masks a value that is about a person, whatever it looks like: an e-mail keeps its first letter
/// and its domain, a phone its last four digits, anything else nothing.
pub(super) fn mask(value: &str) -> String {
    if value.is_empty() || is_masked(value) {
        return value.to_owned();
    }
    let by_shape = text(value);
    if is_masked(&by_shape) {
        return by_shape.into_owned();
    }
    let phone = value
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b' ' | b'-' | b'(' | b')'));
    let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
    if phone && digits.len() >= 7 {
        let last: String = digits[digits.len() - 4..].iter().collect();
        return format!("{MASK}{last}");
    }
    MASK.to_owned()
}

/// `***`, `***4567`, `+380*****4567`, `b***@shop.example`.
fn is_masked(value: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = value.strip_prefix(MASK) {
        let phone = rest.len() == 4 && all_digits(rest);
        return rest.is_empty() || phone || is_domain(rest);
    }
    if let Some((country, last)) = value.split_once("*****") {
        let country = country.strip_prefix('+').unwrap_or("no");
        return country.len() == 3 && all_digits(country) && last.len() == 4 && all_digits(last);
    }
    let mut letters = value.chars();
    letters.next();
    letters.as_str().strip_prefix(MASK).is_some_and(is_domain)
}

/// `@` and one word.
fn is_domain(text: &str) -> bool {
    text.strip_prefix('@')
        .is_some_and(|domain| !domain.contains([' ', '@', ',']))
}
