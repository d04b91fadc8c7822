//! As much of JSON Schema as the description uses. Stricter than the standard: a field that is not described is a
//! mistake, and so is a keyword that is not known here.

use serde_json::{Map, Value};

/// What a reference leads to; anything else is itself.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(to) => root.pointer(to.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Everything in which the value is not what the schema says.
pub fn mistakes(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Checker {
        root,
        found: &mut found,
    }
    .check(schema, value, "$");
    found
}

struct Checker<'a> {
    root: &'a Value,
    found: &'a mut Vec<String>,
}

impl Checker<'_> {
    fn wrong(&mut self, place: &str, what: &str) {
        self.found.push(format!("{place}: {what}"));
    }

    fn check(&mut self, schema: &Value, value: &Value, place: &str) {
        let schema = resolve(self.root, schema);
        for (keyword, said) in schema.as_object().unwrap() {
            let fits = match keyword.as_str() {
                "type" => has_type(said, value),
                "enum" => said.as_array().unwrap().contains(value),
                "const" => said == value,
                "oneOf" => self.one_of(said, value),
                "format" => value.as_str().is_none_or(|text| has_format(said, text)),
                "pattern" => value.as_str().is_none_or(|text| has_pattern(said, text)),
                "minimum" => value.as_i64().is_none_or(|number| number >= said.as_i64().unwrap()),
                "maximum" => value.as_i64().is_none_or(|number| number <= said.as_i64().unwrap()),
                "minLength" => length(value).is_none_or(|length| length >= said.as_u64().unwrap()),
                "maxLength" => length(value).is_none_or(|length| length <= said.as_u64().unwrap()),
                "minItems" => value
                    .as_array()
                    .is_none_or(|all| all.len() as u64 >= said.as_u64().unwrap()),
                "maxItems" => value
                    .as_array()
                    .is_none_or(|all| all.len() as u64 <= said.as_u64().unwrap()),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(said, item, &format!("{place}[{index}]"));
                    }
                    true
                }
                "required" => {
                    for name in said.as_array().unwrap().iter().filter_map(Value::as_str) {
                        if value.as_object().is_some_and(|fields| !fields.contains_key(name)) {
                            self.wrong(place, &format!("{name} is missing"));
                        }
                    }
                    true
                }
                "properties" | "additionalProperties" => true,
                "description" | "example" | "contentEncoding" | "contentMediaType" | "x-codes" => true,
                other => panic!("{place}: teach the checker the keyword {other}"),
            };
            if !fits {
                self.wrong(place, &format!("{value} does not fit {keyword} {said}"));
            }
        }
        if let Some(fields) = value.as_object() {
            self.fields(schema, fields, place);
        }
    }

    fn fields(&mut self, schema: &Value, fields: &Map<String, Value>, place: &str) {
        let (known, others) = (schema.get("properties"), schema.get("additionalProperties"));
        for (name, value) in fields {
            let place = format!("{place}.{name}");
            let said = known.and_then(|known| known.get(name));
            match said.or_else(|| others.filter(|others| others.is_object())) {
                Some(said) => self.check(said, value, &place),
                // An object of which nothing is said may have anything.
                None if known.is_some() => self.wrong(&place, "is not described"),
                None => {}
            }
        }
    }

    fn one_of(&mut self, said: &Value, value: &Value) -> bool {
        let ways = said.as_array().unwrap().iter();
        let tried: Vec<Vec<String>> = ways.map(|way| mistakes(self.root, way, value)).collect();
        let fitting = tried.iter().filter(|mistakes| mistakes.is_empty()).count();
        if fitting == 0 {
            self.found.extend(tried.into_iter().flatten());
        }
        fitting == 1
    }
}

fn has_type(said: &Value, value: &Value) -> bool {
    let is = |word: &str| match word {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    };
    match said {
        Value::String(word) => is(word),
        words => words.as_array().unwrap().iter().any(|word| is(word.as_str().unwrap())),
    }
}

fn has_format(said: &Value, text: &str) -> bool {
    match said.as_str().unwrap() {
        "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
        "date" => text.parse::<jiff::civil::Date>().is_ok(),
        "uuid" => uuid::Uuid::try_parse(text).is_ok(),
        "uri" => url::Url::parse(text).is_ok(),
        other => panic!("teach the checker the format {other}"),
    }
}

fn has_pattern(said: &Value, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match said.as_str().unwrap() {
        r"^[0-9]+$" => digits(text),
        r"^[0-9]+\.[0-9]{2}$" => text
            .split_once('.')
            .is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() == 2),
        "^[0-9]{2}:[0-9]{2}:[0-9]{2}$" => {
            text.len() == 8
                && text.split(':').count() == 3
                && text.split(':').all(|part| part.len() == 2 && digits(part))
        }
        other => panic!("teach the checker the pattern {other}"),
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}
