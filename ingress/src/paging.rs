//! `?after=…&limit=…` of lists.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;

use crate::error::ApiError;

/// Which page of a list. An empty value is one that is not there, as forms send it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Paging {
    after: String,
    limit: String,
}

/// Rows of a page when nothing is said, and the most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

impl Paging {
    /// Where the page before ended.
    pub fn after(&self) -> Option<&str> {
        after(&self.after)
    }

    /// Rows of the page.
    pub fn limit(&self) -> Result<u32, ApiError> {
        limit(&self.limit)
    }
}

/// The query, or what is wrong with it.
pub(crate) fn read(query: Result<Query<Paging>, QueryRejection>) -> Result<Paging, ApiError> {
    let Query(paging) =
        query.map_err(|_| ApiError::field("bad_query", "query", "the parameters are 'after' and 'limit'"))?;
    Ok(paging)
}

pub(crate) fn after(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

pub(crate) fn limit(text: &str) -> Result<u32, ApiError> {
    match text.trim() {
        "" => Ok(USUAL),
        text => text
            .parse()
            .ok()
            .filter(|size| (1..=MOST).contains(size))
            .ok_or_else(|| ApiError::field("bad_query", "limit", "it should be a number from 1 to 200")),
    }
}
