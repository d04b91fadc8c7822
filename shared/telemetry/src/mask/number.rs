use super::Found;

/// Shorter hexadecimal words may be letters glued to a card number; longer ones are hashes and ids.
const HASH_CHARS: usize = 24;

/// Looks at the digits (or the `+`) at `start`, where a run of digits begins. Returns where to go
/// on, and what was found.
pub(super) fn at(bytes: &[u8], start: usize) -> (usize, Option<Found>) {
    if bytes[start] == b'+' {
        return (start + 1, international(bytes, start));
    }
    let end = start + digits(&bytes[start..]);
    let number = &bytes[start..end];
    let found = match number.len() {
        4 => grouped_card(bytes, start),
        12 if number.starts_with(b"380") && !ends_uuid(bytes, start) => Some(phone(start, end, number)),
        13..=19 if is_card(number) => Some(card(start, end, number)),
        _ => None,
    };
    (end, found.filter(|_| !in_hash(bytes, start, end)))
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// `+380 (50) 123-45-67` in any grouping, or a `+` with 11 to 15 digits of any country.
fn international(bytes: &[u8], plus: usize) -> Option<Found> {
    // In a form body a plus is a space: `a+20261121221654` is no phone.
    if plus > 0 && bytes[plus - 1].is_ascii_alphanumeric() {
        return None;
    }
    let start = plus + 1;
    let plain = digits(&bytes[start..]);
    if (11..=15).contains(&plain) {
        return Some(phone(plus, start + plain, &bytes[start..start + plain]));
    }
    let mut number = Vec::with_capacity(12);
    let mut at = start;
    let mut gap = 0;
    while number.len() < 12 {
        match bytes.get(at)? {
            b if b.is_ascii_digit() => {
                number.push(*b);
                gap = 0;
            }
            b' ' | b'-' | b'(' | b')' if gap < 2 => gap += 1,
            _ => return None,
        }
        at += 1;
    }
    let whole = number.starts_with(b"380") && !bytes.get(at).is_some_and(u8::is_ascii_digit);
    whole.then(|| phone(plus, at, &number))
}

fn phone(start: usize, end: usize, number: &[u8]) -> Found {
    let country = ascii(&number[..3]);
    let last = ascii(&number[number.len() - 4..]);
    Found {
        range: start..end,
        replacement: format!("+{country}*****{last}"),
    }
}

fn card(start: usize, end: usize, number: &[u8]) -> Found {
    let first = ascii(&number[..6]);
    let last = ascii(&number[number.len() - 4..]);
    let hidden = "*".repeat(number.len() - 10);
    Found {
        range: start..end,
        replacement: [first, hidden, last].concat(),
    }
}

fn ascii(digits: &[u8]) -> String {
    digits.iter().copied().map(char::from).collect()
}

/// `4444 5555 6666 1111` and the like. Only the groupings printed on cards: any two numbers beside
/// each other could pass the check digit by chance, a fiscal number among them.
fn grouped_card(bytes: &[u8], start: usize) -> Option<Found> {
    const GROUPINGS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 4, 4, 4, 3], &[4, 4, 4, 4, 2]];
    let separator = *bytes.get(start + 4)?;
    if !matches!(separator, b' ' | b'-') {
        return None;
    }
    // Groups between hyphens are more likely part of a UUID.
    if separator == b'-' && start > 0 && bytes[start - 1] == b'-' {
        return None;
    }
    GROUPINGS.into_iter().find_map(|grouping| {
        let mut number = Vec::with_capacity(19);
        let mut at = start;
        for (index, length) in grouping.iter().enumerate() {
            if index > 0 {
                at = (*bytes.get(at)? == separator).then_some(at + 1)?;
            }
            if digits(&bytes[at..]) != *length {
                return None;
            }
            number.extend_from_slice(&bytes[at..at + length]);
            at += length;
        }
        let cut = separator == b'-' && bytes.get(at) == Some(&b'-');
        (!cut && is_card(&number)).then(|| card(start, at, &number))
    })
}

/// The issuer's prefix fits the length, and the check digit fits.
fn is_card(number: &[u8]) -> bool {
    is_issued(number) && luhn(number)
}

/// Leaves out what dates and epoch times start with: 0, 1, 30, 31, and 2 outside the card ranges.
fn is_issued(number: &[u8]) -> bool {
    let length = number.len();
    let prefix = number[..4].iter().fold(0_u16, |n, b| n * 10 + u16::from(b - b'0'));
    match prefix {
        2200..=2204 => (16..=19).contains(&length),
        2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3500..=3599 => (16..=19).contains(&length),
        3600..=3699 | 3800..=3999 => (14..=19).contains(&length),
        4000..=6999 => (13..=19).contains(&length),
        7000..=9999 => (16..=19).contains(&length),
        _ => false,
    }
}

fn luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            if index % 2 == 0 {
                digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The last group of a UUID has 12 characters, as a phone has.
fn ends_uuid(bytes: &[u8], start: usize) -> bool {
    const GROUPS_BEFORE: usize = 24;
    start >= GROUPS_BEFORE
        && bytes[start - GROUPS_BEFORE..start]
            .iter()
            .enumerate()
            .all(|(index, byte)| match index {
                8 | 13 | 18 | 23 => *byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
}

/// Part of a long hexadecimal word: a hash, or an id without hyphens.
fn in_hash(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = bytes[..start].iter().rev().take(64);
    let before = before.take_while(|b| b.is_ascii_alphanumeric()).count();
    let after = bytes[end..].iter().take(64);
    let after = after.take_while(|b| b.is_ascii_alphanumeric()).count();
    let word = &bytes[start - before..end + after];
    word.len() >= HASH_CHARS && word.iter().all(u8::is_ascii_hexdigit)
}
