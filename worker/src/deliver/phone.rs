//! A receipt to the buyer's phone, by the provider's own channel (`cashalot.md` §4.16). Its kind and its price are the
//! provider's; its failure never touches the receipt.

use ledger::LedgerError;
use ledger::deliveries::DueDelivery;
use ledger::settings::Provider;
use ledger::sheet::Sheet;
use secrecy::SecretString;

use super::outcome::{End, Sent, told};
use crate::providers::FailureClass;
use crate::providers::cashalot::Adapter;
use crate::state::WorkerState;

pub(super) async fn send(state: &WorkerState, delivery: &DueDelivery, sheet: &Sheet) -> Result<Sent, LedgerError> {
    if !sheet.mail.phone_buyers && delivery.copy == 0 {
        return Ok(Sent::skipped("switched_off"));
    }
    let Some(phone) = sheet.buyer.phone.clone() else {
        return Ok(Sent::skipped("no_phone"));
    };
    let Some(register) = state.register(&sheet.register).await? else {
        return Ok(Sent::skipped("no_register"));
    };
    // Nobody knows whether an unanswered request sent a message, and a message may cost money.
    if delivery.unclear > 0 {
        return Ok(told(End::Unwritable, "phone_unclear", None, None));
    }
    let adapter = match register.provider {
        Provider::Cashalot => Adapter::new(state.http.clone(), &register, state.times.call_timeout),
    };
    let asked = match adapter {
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
