//! Does the sandbox's own ledger agree with what Kasyr says?

use std::collections::BTreeMap;

use sandbox::cashalot::{DocSubType, RecordedDocument};

use super::story::Scene;
use super::world::{REGISTER, World};

/// What the register's tape says.
pub(super) struct Verdict {
    pub problems: Vec<String>,
    pub receipts: usize,
}

impl Verdict {
    pub fn of(world: &World, scenes: &[Scene]) -> Self {
        let tape: Vec<RecordedDocument> = world
            .cashalot
            .documents(REGISTER)
            .into_iter()
            .filter(RecordedDocument::is_financial)
            .collect();
        let mut problems = Vec::new();
        let by_number: BTreeMap<&str, &RecordedDocument> = tape
            .iter()
            .map(|document| (document.num_fiscal.as_str(), document))
            .collect();
        for scene in scenes {
            let number = scene.document.fiscal_number.as_deref().unwrap_or("none");
            match by_number.get(number) {
                None => problems.push(format!("{number} is not on the register's tape")),
                Some(document) if !same(scene, document) => {
                    problems.push(format!("{number} says something else on the register's tape"));
                }
                Some(_) => {}
            }
        }
        if tape.len() != scenes.len() {
            problems.push(format!(
                "{} receipts were expected and {} are on the tape",
                scenes.len(),
                tape.len()
            ));
        }
        if world.cashalot.total_overlaps() > 0 {
            problems.push("two requests were under way on the register at once".to_owned());
        }
        Self {
            problems,
            receipts: tape.len(),
        }
    }

    pub fn agrees(&self) -> bool {
        self.problems.is_empty()
    }
}

fn same(scene: &Scene, document: &RecordedDocument) -> bool {
    let (kind, sum_counts) = match scene.document.kind.as_str() {
        "sale" => (DocSubType::CheckGoods, true),
        "return" => (DocSubType::CheckReturn, true),
        // A storno's own sum is zero: it takes the sale off the tape.
        _ => (DocSubType::CheckStorno, false),
    };
    document.is(kind) && (!sum_counts || document.sum_kopecks == scene.document.amount)
}
