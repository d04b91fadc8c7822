//! Reading the registered XML of a check: enough to recognise a document whose answer was lost (sheet §9).

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use crate::decimal::{DecimalError, Money};
use crate::doc_type::{DocSubType, DocType};

/// What a check's XML says about itself. A field is none if the element is missing or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginalCheck {
    /// `CHECKHEAD/DOCTYPE`
    pub doc_type: Option<DocType>,
    /// `CHECKHEAD/DOCSUBTYPE`
    pub doc_sub_type: Option<DocSubType>,
    /// `CHECKHEAD/COMMENT`: where a caller's reference comes back.
    pub comment: Option<String>,
    /// `CHECKTOTAL/SUM`
    pub sum: Option<Money>,
    /// `CHECKHEAD/ORDERNUM`: the local number.
    pub order_num: Option<String>,
    /// `CHECKHEAD/ORDERTAXNUM`: the fiscal number.
    pub order_tax_num: Option<String>,
    /// `CHECKHEAD/ORDERRETNUM`: the sale it returns.
    pub return_of: Option<String>,
    /// `CHECKHEAD/ORDERSTORNUM`: the check it cancels.
    pub storno_of: Option<String>,
}

/// Why bytes could not be read as a check.
#[derive(Debug, thiserror::Error)]
pub enum OriginalError {
    /// The XML declaration names an encoding nobody knows.
    #[error("unknown encoding {0:?}")]
    UnknownEncoding(String),
    /// The bytes are not what the encoding says.
    #[error("the text does not fit its encoding")]
    Undecodable,
    /// Not well-formed, cut short, or with an entity of its own.
    #[error("not well-formed XML")]
    NotXml(#[source] Option<quick_xml::Error>),
    /// Another document, for instance a Z-report.
    #[error("the root element is {0:?}, not CHECK")]
    NotACheck(String),
    /// The total is not money.
    #[error("the total cannot be read")]
    Sum(#[source] DecimalError),
}

impl OriginalCheck {
    /// Reads the bytes of [`DocumentAnswer::data`](crate::DocumentAnswer) fetched with
    /// [`DocumentView::OriginalXml`](crate::DocumentView). Honours the declared encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, OriginalError> {
        let text = decode(bytes)?;
        let mut check = Self::default();
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
                        seen_root = check_root(&name)?;
                    }
                    path.push(name);
                    value.clear();
                }
                Event::End(_) => {
                    check.take(&path, value.trim())?;
                    path.pop();
                    value.clear();
                }
                Event::Empty(empty) if path.is_empty() => seen_root = check_root(&local_name(empty.name().as_ref()))?,
                Event::Text(text) => value.push_str(&text.xml10_content()),
                Event::CData(data) => value.push_str(&data.into_inner()),
                Event::GeneralRef(entity) => value.push_str(&resolve(&entity)?),
                Event::Eof if seen_root && path.is_empty() => return Ok(check),
                Event::Eof => return Err(OriginalError::NotXml(None)),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn take(&mut self, path: &[String], value: &str) -> Result<(), OriginalError> {
        let [_, block, field] = path else { return Ok(()) };
        if value.is_empty() {
            return Ok(());
        }
        let text = || Some(value.to_owned());
        match (block.as_str(), field.as_str()) {
            ("CHECKHEAD", "DOCTYPE") => self.doc_type = Some(DocType::from(value)),
            ("CHECKHEAD", "DOCSUBTYPE") => self.doc_sub_type = Some(DocSubType::from(value)),
            ("CHECKHEAD", "COMMENT") => self.comment = text(),
            ("CHECKHEAD", "ORDERNUM") => self.order_num = text(),
            ("CHECKHEAD", "ORDERTAXNUM") => self.order_tax_num = text(),
            ("CHECKHEAD", "ORDERRETNUM") => self.return_of = text(),
            ("CHECKHEAD", "ORDERSTORNUM") => self.storno_of = text(),
            ("CHECKTOTAL", "SUM") => self.sum = Some(Money::parse(value).map_err(OriginalError::Sum)?),
            _ => {}
        }
        Ok(())
    }
}

fn check_root(name: &str) -> Result<bool, OriginalError> {
    if name == "CHECK" {
        Ok(true)
    } else {
        Err(OriginalError::NotACheck(name.to_owned()))
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

#[cfg(test)]
mod tests;
