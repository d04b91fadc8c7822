//! Reading a body: never more than the limit, never longer than the time.

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::config::Limits;
use crate::error::ApiError;

/// So much of a body that is too large is read and thrown away before the answer, because a peer
/// that is cut off while it sends does not see why.
const THROW_AWAY: u64 = 16 * 1024 * 1024;

/// The whole body.
pub(crate) async fn read(body: Body, limits: &Limits) -> Result<Bytes, ApiError> {
    let announced = body.size_hint().exact();
    if announced.is_some_and(|length| length > THROW_AWAY) {
        return Err(ApiError::BodyTooLarge {
            limit: limits.body_bytes,
        });
    }
    tokio::time::timeout(limits.body_within, read_all(body, limits.body_bytes))
        .await
        .map_err(|_| ApiError::BodyTooSlow)?
}

async fn read_all(mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut kept = BytesMut::new();
    let mut seen: u64 = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(ApiError::BodyBroken)?.into_data() else {
            continue;
        };
        seen = seen.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if kept.len() + data.len() <= limit && seen <= u64::try_from(limit).unwrap_or(u64::MAX) {
            kept.extend_from_slice(&data);
        }
        if seen > THROW_AWAY {
            break;
        }
    }
    if seen > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ApiError::BodyTooLarge { limit });
    }
    Ok(kept.freeze())
}
