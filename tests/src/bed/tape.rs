use std::collections::BTreeSet;

use sandbox::cashalot::{DocSubType, RecordedDocument};

use super::{Shop, TestBed};

impl TestBed {
    /// What the provider's own books say was sold and given back on a shop's register, in order:
    /// `sale 267.50`, `storno of 1`, `return 10.00 of 1` (of the first one here).
    ///
    /// Panics where no test may ever be right: two requests at once on the register, one reference
    /// on two documents, a document nobody ordered, or one that the ledger does not know.
    pub async fn tape(&self, shop: &Shop) -> Vec<String> {
        let tape = self.receipts(shop);
        self.check_books(shop, &tape).await;
        let place = |number: &Option<String>| {
            let number = number.as_deref().unwrap_or("nothing");
            let found = tape.iter().position(|document| document.num_fiscal == number);
            found.map_or_else(|| format!("unknown {number}"), |place| (place + 1).to_string())
        };
        tape.iter()
            .map(|document| {
                let sum = hryvnias(document.sum_kopecks);
                if document.is(DocSubType::CheckGoods) {
                    format!("sale {sum}")
                } else if document.is(DocSubType::CheckStorno) {
                    format!("storno of {}", place(&document.storno_num))
                } else {
                    format!("return {sum} of {}", place(&document.ret_num))
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

    async fn check_books(&self, shop: &Shop, tape: &[RecordedDocument]) {
        assert_eq!(
            self.cashalot.overlaps(shop.number),
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
        let theirs: BTreeSet<&str> = tape.iter().map(|document| document.num_fiscal.as_str()).collect();
        assert_eq!(
            ours, theirs,
            "our numbers and the provider's on register {}",
            shop.register
        );
        let references: BTreeSet<&str> = tape.iter().filter_map(|document| document.comment.as_deref()).collect();
        assert_eq!(
            references.len(),
            tape.len(),
            "each document has a reference of its own: {tape:?}"
        );
    }
}

fn hryvnias(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
