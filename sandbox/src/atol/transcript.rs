//! What was asked, without anything secret: no tokens, no logins, no bodies.

use jiff::Timestamp;
use serde::Serialize;

use super::state::timed;

/// One request, as the transcript keeps it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// When its handling began, on the simulator's clock.
    #[serde(serialize_with = "timed")]
    pub at: Timestamp,
    /// `getToken`, `report` or the operation as it was named.
    pub what: String,
    /// `v4` or `v5`, from the path.
    pub version: &'static str,
    /// The group in the path.
    pub group: Option<String>,
    /// `external_id` of a registration, if it could be read.
    pub external_id: Option<String>,
    /// The uuid that a report was asked for.
    pub uuid: Option<String>,
    /// The HTTP status of what was carried out; None when nothing was. A fault may have answered something else.
    pub status: Option<u16>,
    /// The service's error code, if there was one.
    pub code: Option<i64>,
    /// The fault that met it, if any.
    pub fault: Option<String>,
    /// Carried out after the connection was closed.
    pub late: bool,
}
