use std::ops::Range;

use super::{Found, MASK};

/// Version, sixteen hex digits and a dot each: so begins a sealed secret, and says which master key
/// it needs. That much may be read.
const HEAD: usize = 20;

/// A sealed secret that is `run`. Nobody opens it without the master key, but a log is no place for it.
pub(super) fn at(bytes: &[u8], run: Range<usize>) -> Option<Found> {
    let word = &bytes[run.clone()];
    let id = word.strip_prefix(b"k1.")?.get(..HEAD - 3)?;
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let (digits, dot) = id.split_at(id.len() - 1);
    if dot != b"." || !digits.iter().all(is_hex) || word.len() == HEAD {
        return None;
    }
    Some(Found {
        range: run.start + HEAD..run.end,
        replacement: MASK.to_owned(),
    })
}
