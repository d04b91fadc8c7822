//! Does the sandbox's own tape agree with what Kasyr says?

use sandbox::till::{Paper, PaperKind};

use super::counter::Counter;
use super::story::Scene;

/// What the register's tape says.
pub(super) struct Verdict {
    pub problems: Vec<String>,
    pub receipts: usize,
}

impl Verdict {
    pub fn of(counter: &Counter, scenes: &[Scene]) -> Self {
        let tape = counter.till.papers();
        let mut problems = Vec::new();
        for scene in scenes {
            let number = scene.document.fiscal_number.as_deref().unwrap_or("none");
            match tape.iter().find(|paper| paper.is_called(number)) {
                None => problems.push(format!("{number} is not on the register's tape")),
                Some(paper) if !same(scene, paper) => {
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
        if counter.till.overlaps() > 0 {
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

fn same(scene: &Scene, paper: &Paper) -> bool {
    let kind = match scene.document.kind.as_str() {
        "sale" => PaperKind::Sale,
        "return" => PaperKind::Return,
        _ => PaperKind::Storno,
    };
    // A storno's own sum is zero: it takes the sale off the tape.
    let sum_counts = kind != PaperKind::Storno;
    paper.kind == kind && (!sum_counts || i64::try_from(paper.sum) == Ok(scene.document.amount))
}
