//! The receipt as a PDF: text that can be selected and searched, the QR code as a drawing, fonts within.
//!
//! ```text
//! Said ──roll, a4──▶ strips ──pages──▶ pages of marks ──draw──▶ bytes
//! ```
//! Everything up to `draw` counts in hundredths of a point, in integers.

mod a4;
mod draw;
mod font;
mod mark;
mod pages;
mod roll;

use crate::language::Language;
use crate::paper::Paper;
use crate::qr::Qr;
use crate::words::Said;

/// The paper it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A roll of 80 mm, as long as the receipt.
    Roll80,
    /// A4 sheets.
    A4,
}

/// Why there is no PDF. Trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts inside this crate cannot be read.
    #[error("the font cannot be read")]
    Font,
    /// The receipt is too large for its paper.
    #[error("the receipt does not fit on its paper")]
    Page,
    /// The library refused.
    #[error("the PDF could not be written")]
    NotWritten(#[source] krilla::error::KrillaError),
}

/// The receipt as a PDF file. The same receipt gives the same bytes. A roll longer than PDF allows (5 m) goes on on
/// another page. A link too long for a QR code is left out.
pub fn pdf(paper: &Paper, language: Language, form: Form) -> Result<Vec<u8>, PdfError> {
    let said = Said::of(paper, language);
    let fonts = font::fonts().ok_or(PdfError::Font)?;
    let qr = said.link.as_deref().and_then(|link| Qr::of(link).ok());
    let sheets = match form {
        Form::Roll80 => roll::sheets(&said, qr.as_ref(), fonts),
        Form::A4 => a4::sheets(&said, qr.as_ref(), fonts),
    };
    draw::draw(&sheets, &said, fonts)
}
