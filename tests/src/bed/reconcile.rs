use ledger::people::Reach;
use ledger::reconcile::{AskedRun, FindingFilter, FindingView, NewRun, Night, RunView};
use worker::reconcile::{Day, day_before};

use super::{PATIENCE, Shop, TestBed};
use crate::eventually;

impl TestBed {
    /// Today in Kyiv, by this world's clock.
    pub fn today(&self) -> Day {
        day_before(self.ledger.now(), 0).expect("a day")
    }

    /// Asks for a comparison of a day.
    pub async fn ask_reconciliation(&self, shop: &Shop, day: &Day, take_in: bool) -> AskedRun {
        let night = Night {
            day: &day.name,
            from: day.from,
            to: day.to,
            take_in,
        };
        let wanted = NewRun { night, deep: false };
        self.ledger
            .ask_reconciliation(&Reach::Everything, &shop.source, wanted, "the test", self.ledger.now())
            .await
            .expect("the ledger answers")
            .expect("the source is there")
    }

    /// Compares today and waits for the end.
    pub async fn reconcile(&self, shop: &Shop, take_in: bool) -> RunView {
        let asked = self.ask_reconciliation(shop, &self.today(), take_in).await;
        self.reconciled(&asked.id).await
    }

    /// Waits for a run's end.
    pub async fn reconciled(&self, id: &str) -> RunView {
        eventually(PATIENCE, async || {
            let run = self
                .ledger
                .reconciliation(&Reach::Everything, id)
                .await
                .expect("the ledger answers");
            match run {
                Some(run) if run.ended_at.is_some() => Ok(run),
                other => Err(format!("{other:?}")),
            }
        })
        .await
    }

    /// The open findings of a shop.
    pub async fn findings(&self, shop: &Shop) -> Vec<FindingView> {
        let filter = FindingFilter {
            source: Some(shop.source.as_str()),
            ..FindingFilter::default()
        };
        self.ledger
            .findings(&Reach::Everything, &filter, None, 1000)
            .await
            .expect("the ledger answers")
            .rows
    }

    /// The same in words: `missed_payment 1001`, `foreign_document 123`.
    pub async fn found(&self, shop: &Shop) -> Vec<String> {
        let mut found: Vec<String> = self
            .findings(shop)
            .await
            .iter()
            .map(|finding| {
                let about = finding.external.as_ref().map(|order| order.as_str().to_owned());
                let about = about.or_else(|| finding.fiscal_number.clone()).unwrap_or_default();
                format!("{} {about}", finding.kind.as_str())
            })
            .collect();
        found.sort();
        found
    }

    /// Waits until exactly this is open.
    pub async fn until_found(&self, shop: &Shop, expected: &[&str]) {
        eventually(PATIENCE, async || {
            let found = self.found(shop).await;
            if found == expected {
                Ok(())
            } else {
                Err(format!("{found:?} instead of {expected:?}"))
            }
        })
        .await;
    }
}
