//! `kasyr resend DOCUMENT`.

use domain::ids::DocumentId;
use ledger::resend::Resent;
use queue::{Due, Kind};

use crate::config::Base;

pub(super) async fn resend(base: &Base, document: &str) -> anyhow::Result<bool> {
    let Ok(id) = DocumentId::parse(document) else {
        println!("{document:?} is not a document's id; see them with: kasyr documents");
        return Ok(false);
    };
    let ledger = base.open().await?;
    Ok(match ledger.resend(id, "command line", ledger.now()).await? {
        Resent::Ready(register) => {
            let doorbell = base.doorbell();
            doorbell.ring(Kind::WorkRegister, register.as_str(), Due::Now);
            doorbell.flushed().await;
            println!("Document {id} will be made anew and sent. See what comes of it with: kasyr documents {id}");
            true
        }
        Resent::Replanned(event) => {
            let doorbell = base.doorbell();
            doorbell.ring(Kind::PlanEvent, event.to_string(), Due::Now);
            doorbell.flushed().await;
            println!("The payment of document {id} will be divided anew. See what comes of it with: kasyr documents");
            true
        }
        Resent::Waiting => {
            println!("Document {id} waits for its sale again.");
            true
        }
        Resent::NotFound => {
            println!("There is no document {id}.");
            false
        }
        Resent::NotHeld(state) => {
            println!("Document {id} is not on hold, it is {state}; there is nothing to resend.");
            false
        }
        Resent::NotResendable(reason) => {
            println!(
                "Document {id} cannot be sent ({}). What to do: {}.",
                reason.code(),
                reason.next_step()
            );
            false
        }
    })
}
