//! A worker's hand on a register, without a provider: what it would find and write down.

use std::time::Duration;

use domain::document::{Presence, Registration};
use domain::ids::{DocumentId, FiscalNumber, RegisterId};
use domain::time::UnixMillis;
use ledger::Ledger;
use ledger::day::Facts;
use ledger::leases::Lease;
use ledger::shifts::Opened;
use ledger::tape::{Due, Follow, Health, Intent, Outcome, Settled};

const LENGTH: Duration = Duration::from_secs(60);

/// A picture whose bytes are text: the smallest thing that is a GIF.
pub const PICTURE: &str = "R0lGODlhAQABAA==";

/// Where the tax service shows what was registered.
pub const LINK: &str = "https://cabinet.tax.example/cashregs/check?id=1&mac=00aa";

pub struct Hand<'a> {
    ledger: &'a Ledger,
    lease: Lease,
}

impl<'a> Hand<'a> {
    pub async fn on(ledger: &'a Ledger, register: &str) -> Self {
        let register = RegisterId::parse(register).unwrap();
        let lease = ledger.acquire_lease(&register, "test", LENGTH).await.unwrap().unwrap();
        Self { ledger, lease }
    }

    /// Lets others have the register.
    pub async fn leaves(self) {
        self.ledger.release_lease(&self.lease).await.unwrap();
    }

    /// A look that found an open shift.
    pub async fn sees(&self, facts: &Facts, opened_at: UnixMillis) {
        let opened = Opened {
            reference: "4000000041".to_owned(),
            provider_id: Some(41),
            operator: Some("Касир Приклад".to_owned()),
            opened_at: Some(opened_at),
            first_local: Some(1),
            close_due: opened_at.plus(Duration::from_secs(23 * 3600)),
        };
        let now = self.ledger.now();
        let noted = self
            .ledger
            .note_look(&self.lease, facts, Some(&opened), now.plus(LENGTH), LENGTH, now)
            .await
            .unwrap();
        assert!(noted);
    }

    /// Registers the next due document under this local number.
    pub async fn registers_the_next(&self, local_number: i64) -> DocumentId {
        let now = self.ledger.now();
        let document = self.ledger.next_due(&self.lease.register, now).await.unwrap().unwrap();
        let intent = Intent {
            testing: false,
            kind: document.kind,
            content: document.content.clone(),
            sent: "{}".to_owned(),
            before: "{}".to_owned(),
        };
        let begun = self
            .ledger
            .begin_sending(&self.lease, document.id, &intent, LENGTH, now);
        assert!(begun.await.unwrap());
        let outcome = Outcome::Registered(Registration {
            fiscal_number: FiscalNumber::parse(&format!("40000000{local_number}")).unwrap(),
            local_number,
            registered_at: "2026-03-05T11:22:33+02:00".to_owned(),
            presence: Presence::Online,
            url: Some(LINK.to_owned()),
            qr_code: Some(PICTURE.to_owned()),
            rendering: None,
            provider_id: None,
        });
        let settled = Settled {
            document: document.id,
            from: Due::Sending,
            outcome: &outcome,
            attempts: &[],
            health: &Health::Good,
            follow: Follow::Nothing,
        };
        assert!(self.ledger.finish(&self.lease, &settled, now).await.unwrap().is_some());
        document.id
    }
}
