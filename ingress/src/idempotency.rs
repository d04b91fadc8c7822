//! The `Idempotency-Key` header: the caller's own name of a request, so that repeating it is safe.

use axum::http::HeaderMap;

use crate::error::ApiError;

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The key, which must be there.
pub(crate) fn key(headers: &HeaderMap) -> Result<String, ApiError> {
    let key = headers.get(IDEMPOTENCY_KEY).ok_or(ApiError::IdempotencyKey)?;
    let bytes = key.as_bytes();
    if (1..=255).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic) {
        Ok(bytes.iter().copied().map(char::from).collect())
    } else {
        Err(ApiError::IdempotencyKey)
    }
}
