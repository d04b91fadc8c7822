use std::ops::Range;

use super::{Found, MASK};

/// May stand before the `@`. Letters of other alphabets are multi-byte and count in.
pub(super) fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-') || byte >= 0x80
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') || byte >= 0x80
}

/// An e-mail address whose first part is `run`, which no further local byte follows. The `@` may
/// be percent-encoded, as in a form body.
pub(super) fn at(bytes: &[u8], run: Range<usize>) -> Option<Found> {
    let (local_end, domain_start) = if bytes.get(run.end) == Some(&b'@') {
        (run.end, run.end + 1)
    } else {
        let encoded = bytes[run.clone()].windows(3).position(|w| w == b"%40")?;
        (run.start + encoded, run.start + encoded + 3)
    };
    if local_end == run.start || !is_mail_domain(&bytes[domain_start..]) {
        return None;
    }
    let local = std::str::from_utf8(&bytes[run.start..local_end]).ok()?;
    let mut letters = local.chars();
    let first = letters.next()?;
    let mut replacement = String::new();
    // A single letter would be the whole name.
    if letters.next().is_some() {
        replacement.push(first);
    }
    replacement.push_str(MASK);
    Some(Found {
        range: run.start..local_end,
        replacement,
    })
}

/// `shop.example` and `localhost` are; `0.1.0`, as in `fondy@0.1.0`, is not.
fn is_mail_domain(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|b| !is_domain(*b)).unwrap_or(bytes.len());
    // A full stop may end the sentence.
    let domain = bytes[..end].strip_suffix(b".").unwrap_or(&bytes[..end]);
    let Some(dot) = domain.iter().rposition(|b| *b == b'.') else {
        return domain == b"localhost";
    };
    let last = &domain[dot + 1..];
    dot > 0 && last.len() >= 2 && last.iter().any(|b| !b.is_ascii_digit())
}
