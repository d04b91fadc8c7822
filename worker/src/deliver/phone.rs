//! A receipt to the buyer's phone, by the provider's own channel. Its kind and its price are the
//! provider's; its failure never touches the receipt.

use ledger::LedgerError;
use ledger::deliveries::DueDelivery;
use ledger::sheet::Sheet;
use secrecy::SecretString;

use super::outcome::{End, Sent, told};
use crate::providers::{self, FailureClass};
use crate::state::WorkerState;

pub(super) async fn send(state: &WorkerState, delivery: &DueDelivery, sheet: &Sheet) -> Result<Sent, LedgerError> {
    if !sheet.mail.phone_buyers && delivery.copy == 0 {
        return Ok(Sent::skipped("switched_off"));
    }
    let Some(phone) = sheet.buyer.phone.clone() else {
        return Ok(Sent::skipped("no_phone"));
    };
    // The provider's own message: of a receipt that a payment system made it knows nothing.
    let register = match &sheet.register {
        Some(register) => state.register(register).await?,
        None => None,
    };
    let Some(register) = register else {
        return Ok(Sent::skipped("no_register"));
    };
    // Nobody knows whether an unanswered request sent a message, and a message may cost money.
    if delivery.unclear > 0 {
        return Ok(told(End::Unwritable, "phone_unclear", None, None));
    }
    if !register.provider.capabilities().phone {
        return Ok(Sent::skipped("no_channel"));
    }
    let asked = match providers::adapter(state, &register).await {
        Ok(adapter) => {
            adapter
                .send_to_phone(&sheet.paper, SecretString::from(phone))
                .await
                .value
        }
        Err(failure) => Err(failure),
    };
    Ok(match asked {
        Ok(()) => told(End::Done, "taken", None, None),
        Err(failure) => {
            let end = match failure.class {
                FailureClass::NotDone | FailureClass::Repair | FailureClass::Desync | FailureClass::Misconfigured => {
                    End::Lane
                }
                FailureClass::Unknown | FailureClass::Unrecognised => End::LaneUnclear,
                FailureClass::Refused | FailureClass::Operator => End::RefusedForGood,
            };
            told(end, "phone_refused", None, Some(failure.text.en))
        }
    })
}
