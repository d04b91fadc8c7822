//! The QR picture that came with the registration. The provider does not promise a format, so the type is what the
//! picture's first bytes say.

use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::views::DocumentView;

use crate::error::ApiError;

/// The picture of a document the caller may see.
pub(crate) fn answer(document: &DocumentView) -> Result<Response, ApiError> {
    let picture = document
        .qr_code
        .as_deref()
        .and_then(picture)
        .ok_or(ApiError::NoPicture)?;
    let kind = kind(&picture).ok_or(ApiError::NoPicture)?;
    let headers = [(CONTENT_TYPE, kind), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, picture).into_response())
}

fn picture(base64: &str) -> Option<Vec<u8>> {
    STANDARD.decode(base64.trim()).ok()
}

fn kind(picture: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
    ];
    SIGNATURES
        .into_iter()
        .find_map(|(signature, kind)| picture.starts_with(signature).then_some(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_what_the_first_bytes_say() {
        for (text, expected) in [
            ("iVBORw0KGgoAAAAN", Some("image/png")),
            ("/9j/4AAQSkZJRg==", Some("image/jpeg")),
            ("R0lGODlhAQABAA==", Some("image/gif")),
            ("Qk1mAAAA", Some("image/bmp")),
            ("PGh0bWw+", None),
            ("", None),
            ("not base64", None),
        ] {
            assert_eq!(picture(text).as_deref().and_then(kind), expected, "{text}");
        }
    }
}
