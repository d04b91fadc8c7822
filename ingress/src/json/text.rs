//! Values that several bodies share.

use domain::ids::ExternalOrderId;

use super::Object;
use crate::error::ApiError;

/// An order id from a path or a field.
pub(crate) fn order_id(text: &str) -> Result<ExternalOrderId, ApiError> {
    ExternalOrderId::parse(text).map_err(|error| ApiError::field("bad_order_id", "order_id", error.to_string()))
}

impl Object<'_> {
    /// A mandatory order id.
    pub fn order_id(&self) -> Result<ExternalOrderId, ApiError> {
        // The id says itself what is wrong with it; this limit only keeps the text small.
        let text = self.text("order_id", 8192)?;
        order_id(&self.needed("order_id", text)?)
    }
}
