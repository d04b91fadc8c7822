//! From the bytes of an HTTP answer to a typed one, or to the error that says what may be done.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Mask;
use crate::code::Verdict;
use crate::error::{Error, Flaw};
use crate::record::keep_response;

/// An answer that can be read once `ErrorCode` has said `Ok`.
pub(crate) trait Answer: Sized {
    /// Reads the text itself, not a parsed `Value`: decimals would have gone through a float there. Insists on what the
    /// answer means nothing without.
    fn read(json: &str) -> Result<Self, Flaw>;
}

impl Answer for () {
    fn read(_: &str) -> Result<Self, Flaw> {
        Ok(())
    }
}

/// Reads a shape on the wire, where anything may be missing.
pub(crate) fn wire<T: DeserializeOwned>(json: &str) -> Result<T, Flaw> {
    serde_json::from_str(json).map_err(|_| Flaw::Shape)
}

/// An answer read: the typed part, and what the record keeps.
pub(crate) struct Read<T> {
    pub result: Result<T, Error>,
    pub response: Option<Value>,
}

/// Reads a whole body that came with `http_status`. `mask` knows what the request carried, in case the answer repeats it.
pub(crate) fn read<A: Answer>(http_status: u16, body: &[u8], mask: &Mask<'_>) -> Read<A> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let error_code = json.as_ref().and_then(error_code);
    let verdict = verdict(body, json.as_ref(), error_code.as_deref());
    let bad = |reason| Error::BadAnswer { http_status, reason };
    let refused = |code| {
        let message = json
            .as_ref()
            .and_then(|json| json.get("ErrorMessage"))
            .and_then(Value::as_str);
        Error::Refused {
            code,
            message: mask.apply(message.unwrap_or_default()),
        }
    };
    let result = match http_status {
        200..=299 => match verdict {
            Ok(Verdict::Ok) => std::str::from_utf8(body)
                .map_err(|_| Flaw::NotJson)
                .and_then(A::read)
                .map_err(bad),
            Ok(Verdict::Refused(code)) => Err(refused(code)),
            Err(flaw) => Err(bad(flaw)),
        },
        // A proxy that gave up on a slow request, and a server that asks for patience: neither judges the request.
        408 => Err(bad(Flaw::Status)),
        429 => Err(Error::HttpRefused { http_status }),
        // Whether business errors may come with such a status is unknown (sheet §12.2), so the provider's code wins.
        400..=499 => match verdict {
            Ok(Verdict::Ok) => Err(bad(Flaw::OkWithFailureStatus)),
            Ok(Verdict::Refused(code)) => Err(refused(code)),
            Err(_) => Err(Error::HttpRefused { http_status }),
        },
        _ => Err(bad(Flaw::Status)),
    };
    Read {
        result,
        response: json.map(|json| keep_response(json, mask)),
    }
}

fn verdict(body: &[u8], json: Option<&Value>, error_code: Option<&str>) -> Result<Verdict, Flaw> {
    if body.trim_ascii().is_empty() {
        return Err(Flaw::Empty);
    }
    let json = json.ok_or(Flaw::NotJson)?;
    if !json.is_object() {
        return Err(Flaw::NotAnObject);
    }
    error_code.map(Verdict::from).ok_or(Flaw::NoErrorCode)
}

/// `ErrorCode` as a name, an integer or a numeric string (sheet §5.1).
fn error_code(json: &Value) -> Option<String> {
    match json.get("ErrorCode")? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
