//! Who gets what of a payment, as shops tell it.

use domain::basket::MAX_NAME;
use domain::ids::Receiver;
use ledger::splits::ToldReceiver;

use crate::error::ApiError;
use crate::json::Object;

/// More receivers than any payment has.
const MOST: usize = 100;

/// `receivers` of a body; `None`: nothing is said of them.
pub(super) fn read(body: &Object<'_>) -> Result<Option<Vec<ToldReceiver>>, ApiError> {
    let Some(objects) = body.list("receivers")? else {
        return Ok(None);
    };
    if objects.len() > MOST {
        return Err(body.wrong("receivers", format!("a payment has at most {MOST} receivers")));
    }
    let mut receivers: Vec<ToldReceiver> = Vec::with_capacity(objects.len());
    for object in &objects {
        let receiver = receiver(object)?;
        if receivers.iter().any(|known| known.receiver == receiver.receiver) {
            return Err(object.wrong("receiver", "each receiver is named once"));
        }
        receivers.push(receiver);
    }
    Ok(Some(receivers))
}

fn receiver(object: &Object<'_>) -> Result<ToldReceiver, ApiError> {
    object.only(&["receiver", "amount", "basket", "description"])?;
    let name = object.needed("receiver", object.filled("receiver", 64)?)?;
    let amount = object.needed("amount", object.amount("amount")?)?;
    if amount.is_zero() {
        return Err(ApiError::field(
            "zero_amount",
            object.place("amount"),
            "an amount is above zero",
        ));
    }
    Ok(ToldReceiver {
        receiver: Receiver::parse(&name).map_err(|error| object.wrong("receiver", error.to_string()))?,
        amount,
        basket: object.basket("basket")?,
        description: object.filled("description", MAX_NAME)?,
    })
}
