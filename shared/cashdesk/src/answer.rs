//! From the bytes of an HTTP answer to a typed one, or to the error that says what may be done.

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use wire::Received;

use crate::error::{Error, Flaw, Level};
use crate::lenient::flag_text;
use crate::record::{Mask, keep};
use crate::refusal::{Asks, Said, class};

/// An answer, and what its head said about the shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The body's content.
    pub value: T,
    /// `Shift-state`: whether the register's shift was open when CashDesk answered. None if it was not told, as in
    /// answers that are about no register.
    pub shift_open: Option<bool>,
}

/// An answer read: the typed part, and what the record keeps.
pub(crate) struct Read<T> {
    pub result: Result<Answer<T>, Error>,
    pub response: Option<Value>,
}

/// Reads a whole answer. `content` reads the body of a success.
pub(crate) fn read<T>(
    received: &Received,
    asks: Asks,
    mask: &Mask,
    content: impl Fn(&[u8]) -> Result<T, Flaw>,
) -> Read<T> {
    let http_status = received.http_status;
    let body = received.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&received.body);
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let shift_open = received
        .headers
        .get("shift-state")
        .and_then(|state| state.to_str().ok())
        .and_then(flag_text);
    let bad = |reason| Error::BadAnswer { http_status, reason };
    let refused = |(message, level): (String, Option<Level>)| {
        let said = Said {
            http_status,
            message: &message,
            level: level.as_ref(),
            shift_open,
        };
        let class = class(&said, asks);
        Error::Refused {
            http_status,
            message: mask.message(&message),
            level,
            shift_open,
            class,
        }
    };
    let words = json.as_ref().and_then(words);
    let result = match http_status {
        200..=299 => match words.filter(|(_, level)| asks.only_reads() && level.is_some()) {
            // An error under 200 must not pass for an empty report, which would prove that a check is not there.
            Some(words) => Err(refused(words)),
            None => content(body).map_err(bad),
        },
        401 => Err(Error::Unauthorized),
        // A proxy that gave up on a slow request does not judge it.
        408 => Err(bad(Flaw::Status)),
        // These are clear whatever page comes with them.
        403 | 404 | 405 | 429 => Err(refused(words.unwrap_or_default())),
        400..=499 => Err(words.map_or_else(|| bad(Flaw::NoMessage), refused)),
        _ => Err(bad(Flaw::Status)),
    };
    Read {
        result: result.map(|value| Answer { value, shift_open }),
        response: json.map(|json| keep(json, mask)),
    }
}

/// The words of a refusal. `message` is what was seen; the others are what frameworks write when they validate.
fn words(json: &Value) -> Option<(String, Option<Level>)> {
    let told = ["message", "error", "detail", "errors"]
        .iter()
        .find_map(|name| json.get(name).filter(|words| !words.is_null()))?;
    let message = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
    let level = json.get("type").and_then(Value::as_str);
    let level = level
        .filter(|level| ["WARNING", "ERROR"].contains(level))
        .map(Level::from_wire);
    Some((message, level))
}

/// Reads a body that must be an object, of a shape where anything may be missing.
pub(crate) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Flaw> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Flaw::NotJson);
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => Flaw::Shape("field"),
        Category::Io | Category::Syntax | Category::Eof => Flaw::NotJson,
    })
}
