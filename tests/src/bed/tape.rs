use std::collections::BTreeSet;

use sandbox::cashalot::RecordedDocument;
use sandbox::till::{Paper, PaperKind};

use super::{Shop, TestBed};

impl TestBed {
    /// What the provider's own books say was sold and given back on a shop's register, in order:
    /// `sale 267.50`, `storno of 1`, `return 10.00 of 1` (of the first one here).
    ///
    /// Panics where no test may ever be right: two requests at once on the register, one reference
    /// on two documents, a document nobody ordered, or one that the ledger does not know.
    pub async fn tape(&self, shop: &Shop) -> Vec<String> {
        let till = shop.books();
        let tape = till.papers();
        self.check_books(shop, &tape).await;
        let place = |number: &str| {
            let found = tape.iter().position(|paper| paper.number == number);
            found.map_or_else(|| format!("unknown {number}"), |place| (place + 1).to_string())
        };
        tape.iter()
            .map(|paper| {
                let sum = hryvnias(paper.sum);
                match (paper.kind, paper.of.as_deref()) {
                    (PaperKind::Sale, _) => format!("sale {sum}"),
                    (PaperKind::Storno, of) => format!("storno of {}", place(of.unwrap_or("nothing"))),
                    (PaperKind::Return, Some(of)) => format!("return {sum} of {}", place(of)),
                    // Not every protocol says of which sale.
                    (PaperKind::Return, None) => format!("return {sum}"),
                }
            })
            .collect()
    }

    /// Sales, returns and stornos on a shop's register, without revoked twins.
    pub fn receipts(&self, shop: &Shop) -> Vec<RecordedDocument> {
        let mut tape = self.cashalot.documents(shop.number);
        tape.retain(|document| document.is_financial() && !document.revoked && !document.foreign);
        tape
    }

    async fn check_books(&self, shop: &Shop, tape: &[Paper]) {
        assert_eq!(
            shop.books().overlaps(),
            0,
            "two requests at once on register {}",
            shop.register
        );
        let documents = self
            .ledger
            .recent_documents(None, 10_000)
            .await
            .expect("the ledger answers");
        let ours: BTreeSet<&str> = documents
            .iter()
            .filter(|document| document.register == shop.register.as_str() && document.state == "registered")
            .filter(|document| ["sale", "storno", "return"].contains(&document.kind.as_str()))
            .filter_map(|document| document.fiscal_number.as_deref())
            .collect();
        let known = tape
            .iter()
            .filter(|paper| ours.iter().any(|ours| paper.is_called(ours)));
        assert!(
            known.count() == tape.len() && ours.len() == tape.len(),
            "our numbers and the provider's on register {}: {ours:?} and {tape:?}",
            shop.register
        );
        let references: BTreeSet<&str> = tape.iter().filter_map(|paper| paper.reference.as_deref()).collect();
        assert_eq!(
            references.len(),
            tape.len(),
            "each document has a reference of its own: {tape:?}"
        );
    }
}

fn hryvnias(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
