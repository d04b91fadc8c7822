//! A request's body as JSON, whichever way it came.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::loose::bare;
use crate::cashdesk::refusal::Refusal;

/// The JSON text of a body. An empty body is an empty object, and so is one that was not to be read.
#[derive(Clone, Debug)]
pub(in crate::cashdesk) struct Body(String);

/// Enough of any body to know whose it is; wrongly typed values are the method's business.
#[derive(Clone, Debug, Default)]
pub(in crate::cashdesk) struct Head {
    pub num_fiscal: Option<u64>,
    pub api_token: Option<String>,
    /// Whether the developer's name stands in the body too.
    pub names_developer: bool,
    /// `action_type`, where it is one the protocol knows.
    pub action: Option<&'static str>,
}

impl Body {
    /// From the bytes of a JSON body, or of a form. None when it is not an object.
    pub(in crate::cashdesk) fn of(bytes: &[u8], is_form: bool) -> Option<Self> {
        let text = if is_form {
            Value::Object(from_form(bytes)).to_string()
        } else {
            std::str::from_utf8(bytes).ok()?.trim().to_owned()
        };
        let text = if text.is_empty() { "{}".to_owned() } else { text };
        serde_json::from_str::<BTreeMap<String, &RawValue>>(&text).ok()?;
        Some(Self(text))
    }

    pub(in crate::cashdesk) fn head(&self) -> Head {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(&self.0).unwrap_or_default();
        let text = |name: &str| fields.get(name).map(|raw| bare(raw));
        Head {
            num_fiscal: text("num_fiscal").and_then(|number| number.parse().ok()),
            api_token: fields
                .get("api_token")
                .and_then(|raw| serde_json::from_str(raw.get()).ok()),
            names_developer: fields.contains_key("developer-id") || fields.contains_key("developer_id"),
            action: text("action_type").and_then(|name| ACTIONS.into_iter().find(|known| *known == name)),
        }
    }

    pub(in crate::cashdesk) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_str(&self.0).map_err(|_| Refusal::unreadable())
    }
}

const ACTIONS: [&str; 7] = [
    "OPEN_SHIFT",
    "Z_REPORT",
    "CLOSE_SHIFT",
    "Z_SALE",
    "Z_RETURN",
    "SERVICE_INPUT",
    "SERVICE_OUTPUT",
];

/// `a=1&products[0][name]=x`: brackets nest, and numbers in them count a list.
fn from_form(bytes: &[u8]) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        let mut keys = name.split(['[', ']']).filter(|key| !key.is_empty());
        let Some(first) = keys.next() else { continue };
        let place = object.entry(first).or_insert(Value::Null);
        put(place, keys, value.into_owned());
    }
    object
}

fn put<'a>(place: &mut Value, mut keys: impl Iterator<Item = &'a str>, value: String) {
    let Some(key) = keys.next() else {
        *place = Value::String(value);
        return;
    };
    let inner = match key.parse::<usize>() {
        // Lists are written in order; a gap or a leap is the next place.
        Ok(index) => {
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            place.as_array_mut().and_then(|list| {
                if index >= list.len() {
                    list.push(Value::Null);
                }
                let last = list.len() - 1;
                list.get_mut(index.min(last))
            })
        }
        Err(_) => {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place
                .as_object_mut()
                .map(|object| object.entry(key).or_insert(Value::Null))
        }
    };
    if let Some(inner) = inner {
        put(inner, &mut keys as &mut dyn Iterator<Item = &'a str>, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_nests_by_its_brackets() {
        let form = b"num_fiscal=7&open_shift=1&products[0][name]=a+b&products[0][price]=1.50&products[1][name]=c";
        let expected = serde_json::json!({
            "num_fiscal": "7", "open_shift": "1",
            "products": [{ "name": "a b", "price": "1.50" }, { "name": "c" }],
        });
        assert_eq!(Value::Object(from_form(form)), expected);
    }

    #[test]
    fn only_an_object_or_nothing_is_a_body() {
        for (bytes, good) in [
            (&b"{}"[..], true),
            (b"", true),
            (b"[]", false),
            (b"{", false),
            (b"\xff", false),
        ] {
            assert_eq!(Body::of(bytes, false).is_some(), good, "{bytes:?}");
        }
    }
}
