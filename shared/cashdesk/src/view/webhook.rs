use wire::CallbackError;

use super::read::{Keep, Wire, read};
use super::{CheckView, Parts};
use crate::kind::CheckType;

/// Reads a webhook's body (sheet §11). It is **not signed**: nothing in it is proof, so ask the API by its `uuid` before
/// believing sums. Unknown fields are skipped and the heavy parts are neither copied nor decoded. The caller bounds the
/// size; bodies with a PDF are hundreds of kilobytes, so 8 MiB is plenty.
///
/// The errors name the field: a register, a kind and an id are needed of any document, and a total of a sale and a
/// return. CashDesk sends the same body again for 24 hours, so an error here is answered to the very end.
pub fn read_webhook(body: &[u8]) -> Result<CheckView, CallbackError> {
    let view = read(body, None, Keep::default())?;
    let is_trade = match view.check_type {
        CheckType::Sale | CheckType::Return => true,
        CheckType::ServiceInput
        | CheckType::ServiceOutput
        | CheckType::OpenShift
        | CheckType::ZReport
        | CheckType::Other(_) => false,
    };
    if is_trade && view.data.total_sum.is_none() {
        return Err(CallbackError::MissingField("check_data.total_sum"));
    }
    Ok(view)
}

/// Decodes what a webhook's body carries in base64.
pub fn read_webhook_parts(body: &[u8]) -> Result<Parts, CallbackError> {
    let all = Keep {
        qr: true,
        pdf: true,
        text: true,
    };
    Ok(Wire::parse(body)?.parts(all))
}
