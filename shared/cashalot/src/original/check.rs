//! The XML of a check (sheet §6).

use super::OriginalError;
use super::xml::{self, Element};
use crate::decimal::Money;
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

impl OriginalCheck {
    /// Reads the bytes of [`DocumentAnswer::data`](crate::DocumentAnswer) fetched with
    /// [`DocumentView::OriginalXml`](crate::DocumentView). Honours the declared encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, OriginalError> {
        let mut check = Self::default();
        xml::walk(bytes, "CHECK", |element| check.take(element))?;
        Ok(check)
    }

    fn take(&mut self, element: Element<'_>) -> Result<(), OriginalError> {
        let Some(text) = element.text() else { return Ok(()) };
        match element.path {
            ["CHECKHEAD", "DOCTYPE"] => self.doc_type = Some(DocType::from(text.as_str())),
            ["CHECKHEAD", "DOCSUBTYPE"] => self.doc_sub_type = Some(DocSubType::from(text.as_str())),
            ["CHECKHEAD", "COMMENT"] => self.comment = Some(text),
            ["CHECKHEAD", "ORDERNUM"] => self.order_num = Some(text),
            ["CHECKHEAD", "ORDERTAXNUM"] => self.order_tax_num = Some(text),
            ["CHECKHEAD", "ORDERRETNUM"] => self.return_of = Some(text),
            ["CHECKHEAD", "ORDERSTORNUM"] => self.storno_of = Some(text),
            ["CHECKTOTAL", "SUM"] => self.sum = element.money()?,
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
