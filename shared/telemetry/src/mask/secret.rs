use std::ops::Range;

use super::{Found, MASK, name};

const SCHEMES: [&[u8]; 4] = [b"bearer", b"basic", b"digest", b"token"];
/// Quoting four levels deep takes 15; the limit keeps a text of backslashes from costing its square.
const MAX_BACKSLASHES: usize = 15;

/// The value that follows the name in `run`, when the name is a secret's: `password=x`,
/// `"token": "x"`, `key_pin: Some("x")`, `Bearer x`; also inside a quoted JSON text, where each
/// quote has a backslash.
pub(super) fn after_name(bytes: &[u8], run: Range<usize>) -> Option<Found> {
    let value = value_after(bytes, run.end)?;
    let word = &bytes[run.clone()];
    let start = word
        .iter()
        .rposition(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-'))
        .map_or(0, |last_other| last_other + 1);
    let word = std::str::from_utf8(&word[start..]).ok()?;
    // `INFO fondy::signature: …`: the last part of a path in front of a message is no name.
    let in_path = run.start >= 2 && &bytes[run.start - 2..run.start] == b"::";
    if in_path && bytes.get(run.end) == Some(&b':') {
        return None;
    }
    let secret = match value.named {
        true => name::is_secret(word),
        false => word.eq_ignore_ascii_case("bearer"),
    };
    if !secret {
        return None;
    }
    match quote(bytes, value.start) {
        Some(open) => {
            let inside = open.end..end_of_quoted(bytes, &open);
            replaced(bytes, inside, MASK.to_owned())
        }
        None => {
            let end = with_scheme(bytes, value.start..end_of_bare(bytes, value.start));
            // In JSON a bare value has to become a string, or the line would no longer parse.
            let mark = value.key_quote.map_or(String::new(), Quote::text);
            let replacement = [&mark, MASK, &mark].concat();
            replaced(bytes, value.start..end, replacement)
        }
    }
}

/// What may be the value of the word that ends before it.
struct Value {
    start: usize,
    /// `:`, `=` or `=>` stands between; otherwise only blanks do, as after `Bearer`.
    named: bool,
    key_quote: Option<Quote>,
}

/// Most words are followed by neither: this is looked at before the word itself.
fn value_after(bytes: &[u8], end: usize) -> Option<Value> {
    let key_quote = quote(bytes, end);
    let after_key = key_quote.map_or(end, |q| q.end);
    let at = skip_blanks(bytes, after_key);
    let after_separator = match bytes.get(at)? {
        // A path such as `token::parse` is no value.
        b':' if bytes.get(at + 1) == Some(&b':') => return None,
        b'=' if bytes.get(at + 1) == Some(&b'>') => at + 2,
        b':' | b'=' => at + 1,
        _ if at > end && key_quote.is_none() => {
            return Some(Value {
                start: at,
                named: false,
                key_quote,
            });
        }
        _ => return None,
    };
    Some(Value {
        start: skip_blanks(bytes, after_separator),
        named: true,
        key_quote,
    })
}

/// `user:password@` in an address, when `colon` begins its `://`.
pub(super) fn in_address(bytes: &[u8], colon: usize) -> Option<Found> {
    let start = colon + 3;
    if bytes.get(colon..start)? != b"://" {
        return None;
    }
    let authority = bytes[start..]
        .iter()
        .take_while(|b| {
            !b.is_ascii_whitespace() && !matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\')
        })
        .count();
    let at = bytes[start..start + authority].iter().rposition(|b| *b == b'@')?;
    replaced(bytes, start..start + at, MASK.to_owned())
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
    let backslashes = bytes.get(start..)?.iter().take(MAX_BACKSLASHES);
    let backslashes = backslashes.take_while(|b| **b == b'\\').count();
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
    start + bytes[start..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}
