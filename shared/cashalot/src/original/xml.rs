//! Walking a fiscal document's XML: its encoding, its elements in order, and the scalars in them.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::OriginalError;
use crate::decimal::{DecimalError, Money, Percent};
use crate::lenient;

/// An element at its end tag.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    /// Names from below the root down to the element's own, without namespace prefixes; empty for the root.
    pub path: &'a [&'a str],
    /// Trimmed. Of an element with children only what stands behind the last one.
    text: &'a str,
}

impl Element<'_> {
    /// The text; none if there is nothing in it.
    pub(super) fn text(self) -> Option<String> {
        (!self.text.is_empty()).then(|| self.text.to_owned())
    }

    /// A whole number that is not negative; none if it is anything else.
    pub(super) fn natural(self) -> Option<u64> {
        self.text.parse().ok()
    }

    /// A boolean; none if it is anything else.
    pub(super) fn flag(self) -> Option<bool> {
        lenient::flag_of(self.text)
    }

    /// Money; none if there is nothing in it.
    pub(super) fn money(self) -> Result<Option<Money>, OriginalError> {
        self.decimal(Money::parse)
    }

    /// A rate; none if there is nothing in it.
    pub(super) fn percent(self) -> Result<Option<Percent>, OriginalError> {
        self.decimal(Percent::parse)
    }

    fn decimal<T>(self, parse: fn(&str) -> Result<T, DecimalError>) -> Result<Option<T>, OriginalError> {
        if self.text.is_empty() {
            return Ok(None);
        }
        parse(self.text).map(Some).map_err(|source| OriginalError::Number {
            element: self.path.join("/"),
            source,
        })
    }
}

/// Calls `ended` with every element that is not an empty tag, children before their parents.
pub(super) fn walk(
    bytes: &[u8],
    root: &'static str,
    mut ended: impl FnMut(Element<'_>) -> Result<(), OriginalError>,
) -> Result<(), OriginalError> {
    let text = decode(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut seen_root = false;
    loop {
        match reader
            .read_event()
            .map_err(|error| OriginalError::NotXml(Some(error)))?
        {
            Event::Start(start) => {
                let name = local_name(start.name().as_ref());
                if path.is_empty() {
                    check_root(&mut seen_root, root, &name)?;
                }
                path.push(name);
                value.clear();
            }
            Event::End(_) => {
                let below: Vec<_> = path.iter().skip(1).map(String::as_str).collect();
                ended(Element {
                    path: &below,
                    text: value.trim(),
                })?;
                path.pop();
                value.clear();
            }
            Event::Empty(empty) if path.is_empty() => {
                check_root(&mut seen_root, root, &local_name(empty.name().as_ref()))?;
            }
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::CData(data) => value.push_str(&data.into_inner()),
            Event::GeneralRef(entity) => value.push_str(&resolve(&entity)?),
            Event::Eof if seen_root && path.is_empty() => return Ok(()),
            Event::Eof => return Err(OriginalError::NotXml(None)),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// A document has one root, and it is the wanted one.
fn check_root(seen: &mut bool, expected: &'static str, found: &str) -> Result<(), OriginalError> {
    if *seen {
        return Err(OriginalError::NotXml(None));
    }
    *seen = true;
    if found == expected {
        Ok(())
    } else {
        Err(OriginalError::AnotherRoot {
            expected,
            found: found.to_owned(),
        })
    }
}

/// Without a namespace prefix.
fn local_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

/// Only characters by number and XML's own five entities. Declared ones are refused rather than expanded.
fn resolve(entity: &BytesRef<'_>) -> Result<String, OriginalError> {
    if let Some(character) = entity
        .resolve_char_ref()
        .map_err(|error| OriginalError::NotXml(Some(error)))?
    {
        return Ok(character.to_string());
    }
    resolve_predefined_entity(&entity.xml10_content())
        .map(str::to_owned)
        .ok_or(OriginalError::NotXml(None))
}

/// The text in the encoding a byte order mark or the XML declaration names; UTF-8 if neither does.
fn decode(bytes: &[u8]) -> Result<String, OriginalError> {
    let encoding = match declared_encoding(bytes) {
        Some(label) => {
            encoding_rs::Encoding::for_label(label.as_bytes()).ok_or(OriginalError::UnknownEncoding(label))?
        }
        None => encoding_rs::UTF_8,
    };
    // `decode` lets a byte order mark win over the declaration.
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors {
        Err(OriginalError::Undecodable)
    } else {
        Ok(text.into_owned())
    }
}

/// The declaration is ASCII in every encoding that can say so.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let end = bytes.windows(2).position(|pair| pair == b"?>")?;
    let declaration = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let rest = declaration
        .strip_prefix("<?xml")?
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).map(|(label, _)| label.to_owned())
}
