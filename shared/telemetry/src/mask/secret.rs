use std::ops::Range;

use super::{Found, MASK, name};

const SCHEMES: [&[u8]; 4] = [b"bearer", b"basic", b"digest", b"token"];

/// The value that follows the name in `run`, when the name is a secret's: `password=x`,
/// `"token": "x"`, `key_pin: Some("x")`, `Bearer x`; also inside a quoted JSON text, where each
/// quote has a backslash.
pub(super) fn after_name(bytes: &[u8], run: Range<usize>) -> Option<Found> {
    let word = &bytes[run.clone()];
    let start = word
        .iter()
        .rposition(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-'))
        .map_or(0, |last_other| last_other + 1);
    let word = std::str::from_utf8(&word[start..]).ok()?;
    if word.eq_ignore_ascii_case("bearer") {
        return bearer(bytes, run.end);
    }
    if !name::is_secret(word) {
        return None;
    }
    let key_quote = quote(bytes, run.end);
    let mut at = key_quote.map_or(run.end, |q| q.end);
    at = skip_blanks(bytes, at);
    match bytes.get(at)? {
        // A path such as `token::parse` is no value.
        b':' if bytes.get(at + 1) != Some(&b':') => at += 1,
        b'=' if bytes.get(at + 1) == Some(&b'>') => at += 2,
        b'=' => at += 1,
        _ => return None,
    }
    let start = skip_blanks(bytes, at);
    match quote(bytes, start) {
        Some(open) => replaced(bytes, open.end..end_of_quoted(bytes, &open), MASK.to_owned()),
        None => {
            let end = with_scheme(bytes, start..end_of_bare(bytes, start));
            // In JSON a bare value has to become a string, or the line would no longer parse.
            let mark = key_quote.map_or(String::new(), |q| q.text());
            replaced(bytes, start..end, [&mark, MASK, &mark].concat())
        }
    }
}

/// `user:password@` in an address, when `colon` begins its `://`.
pub(super) fn in_address(bytes: &[u8], colon: usize) -> Option<Found> {
    let start = colon + 3;
    if bytes.get(colon..start)? != b"://" {
        return None;
    }
    let authority = bytes[start..]
        .iter()
        .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\'))
        .count();
    let at = bytes[start..start + authority].iter().rposition(|b| *b == b'@')?;
    replaced(bytes, start..start + at, MASK.to_owned())
}

fn bearer(bytes: &[u8], end: usize) -> Option<Found> {
    let start = skip_blanks(bytes, end);
    if start == end {
        return None;
    }
    replaced(bytes, start..end_of_bare(bytes, start), MASK.to_owned())
}

/// Nothing to do for what is empty, masked, or says that there is no value.
fn replaced(bytes: &[u8], range: Range<usize>, replacement: String) -> Option<Found> {
    let value = &bytes[range.clone()];
    if matches!(value, b"" | b"null" | b"None") || value == MASK.as_bytes() {
        return None;
    }
    Some(Found { range, replacement })
}

/// A quote with the backslashes before it.
#[derive(Clone, Copy)]
struct Quote {
    mark: u8,
    backslashes: usize,
    end: usize,
}

impl Quote {
    fn text(self) -> String {
        let mut text = "\\".repeat(self.backslashes);
        text.push(char::from(self.mark));
        text
    }
}

fn quote(bytes: &[u8], start: usize) -> Option<Quote> {
    let backslashes = bytes.get(start..)?.iter().take_while(|b| **b == b'\\').count();
    let mark = *bytes.get(start + backslashes)?;
    matches!(mark, b'"' | b'\'').then_some(Quote {
        mark,
        backslashes,
        end: start + backslashes + 1,
    })
}

/// Where the text after an opening quote ends: before the quote that closes it, with its
/// backslashes; at the end of the text when none does.
fn end_of_quoted(bytes: &[u8], open: &Quote) -> usize {
    let mut backslashes = 0;
    for (offset, byte) in bytes[open.end..].iter().enumerate() {
        match *byte {
            b'\\' => backslashes += 1,
            b if b == open.mark && closes(backslashes, open.backslashes) => {
                return open.end + offset - backslashes.min(open.backslashes);
            }
            _ => backslashes = 0,
        }
    }
    bytes.len()
}

/// Each level of quoting doubles the backslashes and adds one before a quote.
fn closes(found: usize, opened_with: usize) -> bool {
    match opened_with {
        0 => found.is_multiple_of(2),
        // An even count ends the outer text, and so the inner one.
        1 => found.is_multiple_of(2) || ((found - 1) / 2).is_multiple_of(2),
        deeper => found <= deeper,
    }
}

/// Where a value without quotes ends. `Some("x")` and `[REDACTED]` are taken whole.
fn end_of_bare(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < bytes.len() {
        if let Some(open) = quote(bytes, at) {
            if depth == 0 {
                return at;
            }
            let end = end_of_quoted(bytes, &open);
            at = end + open.backslashes + 1;
            continue;
        }
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return at,
            b')' | b']' | b'}' => {
                depth -= 1;
            }
            b'\n' => return at,
            b' ' | b'\t' | b'\r' | b',' | b';' | b'&' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// `Authorization: Bearer x`: the scheme is not the secret, the next word is.
fn with_scheme(bytes: &[u8], value: Range<usize>) -> usize {
    let is_scheme = SCHEMES
        .iter()
        .any(|scheme| bytes[value.clone()].eq_ignore_ascii_case(scheme));
    if !is_scheme {
        return value.end;
    }
    end_of_bare(bytes, skip_blanks(bytes, value.end))
}

fn skip_blanks(bytes: &[u8], start: usize) -> usize {
    start
        + bytes[start..]
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count()
}
