//! Are the registers' days in order? From the simulator's tapes, and from what Kasyr made of them.

use std::collections::BTreeMap;

use ledger::settings::Provider;
use sandbox::cashalot::{DocClass, DocType, RecordedDocument};
use sandbox::cashdesk;

use super::world::World;

/// What must be nothing, each with its cases in words.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// Shifts that were closed.
    pub closed: usize,
    /// Shifts with no Z-report or with two, or closed twice.
    pub wrong_ends: Vec<String>,
    /// Local numbers that do not follow one another.
    pub gaps: Vec<String>,
    /// Documents that the tax service never got.
    pub undelivered: Vec<String>,
    /// Z-reports that are not what our documents say, or were never compared.
    pub differences: Vec<String>,
}

impl Days {
    /// Names and cases of everything that must be nothing.
    pub fn figures(&self) -> [(&'static str, &[String]); 4] {
        [
            ("shifts without exactly one Z-report and one closing", &self.wrong_ends),
            ("gaps in local numbers", &self.gaps),
            ("documents not delivered to the tax service", &self.undelivered),
            ("Z-reports that differ from our sums", &self.differences),
        ]
    }

    /// Is everything nothing?
    pub fn is_clean(&self) -> bool {
        self.figures().iter().all(|(_, cases)| cases.is_empty())
    }
}

/// Reads all of it.
pub async fn judge(world: &World) -> anyhow::Result<Days> {
    let mut days = Days::default();
    for till in &world.tills {
        match till.provider {
            Provider::Cashalot => days.cashalot(till.number, &world.registers.cashalot.documents(till.number)),
            Provider::CashDesk => days.cashdesk(till.number, &world.registers.cashdesk),
            // Its days are its own matter.
            Provider::AtolOnline => {}
        }
        for shift in world.ledger.recent_shifts(&till.register, 100_000).await? {
            match (&shift.difference, shift.compared_at) {
                (None, Some(_)) => {}
                (Some(difference), _) => days.differences.push(format!("{}: {difference}", till.register)),
                (None, None) => days.differences.push(format!(
                    "{}: shift {} was never compared",
                    till.register, shift.reference
                )),
            }
        }
    }
    Ok(days)
}

impl Days {
    fn cashalot(&mut self, register: u64, tape: &[RecordedDocument]) {
        let counted: Vec<&RecordedDocument> = tape.iter().filter(|document| !document.revoked).collect();
        for pair in counted.windows(2) {
            if let [one, next] = pair
                && next.num_local != one.num_local + 1
            {
                self.gaps
                    .push(format!("{register}: {} after {}", next.num_local, one.num_local));
            }
        }
        let undelivered = counted.iter().filter(|document| !document.delivered);
        self.undelivered
            .extend(undelivered.map(|document| format!("{register}: {}", document.num_fiscal)));
        let mut shifts: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
        for document in counted {
            if let Some(shift) = document.shift_id {
                let (reports, closings) = shifts.entry(shift).or_default();
                *reports += usize::from(document.class == DocClass::ZRep);
                *closings += usize::from(document.doc_type == Some(DocType::CloseShift));
            }
        }
        for (shift, ends) in shifts {
            self.closed += usize::from(ends.1 > 0);
            if ends != (1, 1) {
                self.wrong_ends.push(format!(
                    "{register}: shift {shift} has {} Z-reports and {} closings",
                    ends.0, ends.1
                ));
            }
        }
    }

    fn cashdesk(&mut self, register: u64, simulator: &cashdesk::Simulator) {
        let tape = simulator.documents(register);
        let undelivered = tape.iter().filter(|document| !document.uploaded);
        self.undelivered
            .extend(undelivered.map(|document| format!("{register}: {}", document.ordernum)));
        for (place, shift) in simulator.shifts(register).iter().enumerate() {
            let is_report = |document: &&cashdesk::RecordedDocument| {
                document.shift == place && document.kind == cashdesk::DocKind::ZReport
            };
            let reports = tape.iter().filter(is_report).count();
            let is_closed = shift.closed_at.is_some() && shift.z_ordernum.is_some();
            self.closed += usize::from(is_closed);
            if !is_closed || reports != 1 {
                let end = if is_closed { "is closed" } else { "is open" };
                self.wrong_ends
                    .push(format!("{register}: shift {place} has {reports} Z-reports and {end}"));
            }
        }
    }
}
