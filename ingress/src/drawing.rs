//! A receipt as a file: PDF, text, QR code. Whoever may see the receipt is decided elsewhere.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use ledger::sheet::Sheet;
use receipts::language::Language;
use receipts::pdf::{self, Form};
use receipts::qr::Qr;
use receipts::text;
use tokio::sync::Semaphore;

use crate::error::ApiError;

/// PDFs drawn at the same time: each takes a core, and callbacks must not wait for them.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Pixels of a QR code's module: good on a screen and on paper.
const PIXELS: u32 = 8;

/// It is its buyer's and its shop's, and no cache's.
pub(crate) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// The word for a form in addresses.
pub(crate) fn form(word: &str) -> Option<Form> {
    match word {
        "a4" => Some(Form::A4),
        "roll80" => Some(Form::Roll80),
        _ => None,
    }
}

/// The PDF, shown by whatever shows PDFs and saved under the receipt's number.
pub(crate) async fn pdf(sheet: Sheet, language: Language, form: Form) -> Result<Response, ApiError> {
    let _turn = AT_ONCE.acquire().await.map_err(|_| ApiError::Busy)?;
    let name = format!("inline; filename=\"receipt-{}.pdf\"", plain(&sheet.paper.fiscal_number));
    let drawing = tokio::task::spawn_blocking(move || pdf::pdf(&sheet.paper, language, form));
    let drawn = drawing.await.map_err(|_| ApiError::Busy)?;
    let drawn = drawn.map_err(|error| ApiError::NotDrawn(Box::new(error)))?;
    let name = [(CONTENT_DISPOSITION, name)];
    Ok((name, headers("application/pdf"), drawn).into_response())
}

/// The receipt as a printer's text.
pub(crate) fn plain_text(sheet: &Sheet) -> Response {
    let printed = text::print(&sheet.paper, text::COLUMNS);
    (headers("text/plain; charset=utf-8"), printed).into_response()
}

/// The QR code of the tax service's link, to be drawn in any size.
pub(crate) fn qr_svg(sheet: &Sheet) -> Result<Response, ApiError> {
    let code = qr(sheet)?;
    // A picture opened by itself is a document: it may do nothing.
    let policy = [(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")];
    Ok((policy, headers("image/svg+xml"), code.svg()).into_response())
}

/// The same in pixels.
pub(crate) fn qr_png(sheet: &Sheet) -> Result<Response, ApiError> {
    let drawn = qr(sheet)?.png(PIXELS);
    let drawn = drawn.map_err(|error| ApiError::NotDrawn(Box::new(error)))?;
    Ok((headers("image/png"), drawn).into_response())
}

fn qr(sheet: &Sheet) -> Result<Qr, ApiError> {
    let link = sheet.paper.link.as_deref().ok_or(ApiError::NoPicture)?;
    // Too long for a code: its link has to do.
    Qr::of(link).map_err(|_| ApiError::NoPicture)
}

fn headers(kind: &'static str) -> [(HeaderName, HeaderValue); 3] {
    [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, PRIVATE),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}

/// What a file's name may have of a number.
fn plain(number: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    number.chars().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_has_nothing_strange_of_a_number() {
        assert_eq!(plain("12345.7.90\"; x=../ї"), "12345.7.90x..");
    }
}
