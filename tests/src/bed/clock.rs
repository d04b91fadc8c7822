use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::time::UnixMillis;
use jiff::{SignedDuration, Timestamp};
use ledger::Clock;

use super::TestBed;
use crate::db::Database;

impl TestBed {
    /// A world that believes it is `at`: the provider, the ledger and every program started from now on.
    pub async fn start_at(database: Database, at: &str) -> Self {
        let mut bed = Self::start(database).await;
        let at: Timestamp = at.parse().expect("a point in time");
        bed.clock = Clock::Moved(Arc::new(AtomicI64::new(0)));
        bed.ledger = bed.ledger.clone().by_clock(bed.clock.clone());
        bed.move_clock(at.duration_since(Timestamp::now()));
        bed
    }

    /// Everybody's clock goes on by so much at once.
    pub fn later(&self, by: Duration) {
        self.move_clock(by.try_into().expect("a short while"));
    }

    /// What time it is in this world.
    pub fn now(&self) -> UnixMillis {
        self.ledger.now()
    }

    fn move_clock(&self, by: SignedDuration) {
        let Clock::Moved(moved) = &self.clock else {
            panic!("only a world of TestBed::start_at has a clock to move");
        };
        let millis = i64::try_from(by.as_millis()).expect("milliseconds");
        let all = moved.fetch_add(millis, Ordering::SeqCst) + millis;
        self.cashalot.set_clock_offset(SignedDuration::from_millis(all));
        self.cashdesk
            .set_clock(sandbox::cashdesk::Clock::Moved(Arc::new(AtomicI64::new(all))));
        if let sandbox::atol::Clock::Moved(at_atol) = self.atol.clock() {
            at_atol.store(all, Ordering::SeqCst);
        }
        if let sandbox::fondy::Clock::Moved(at_gateway) = self.fondy.clock() {
            at_gateway.store(all, Ordering::SeqCst);
        }
    }
}
