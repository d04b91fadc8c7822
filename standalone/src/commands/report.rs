//! Findings in plain words: what is well, what passes by itself, what needs a person.

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// As it should be.
    Good(String),
    /// Worth knowing; nobody need do anything.
    Note(String),
    /// Somebody must do something.
    Person {
        /// What is the matter.
        what: String,
        /// What to do.
        next_step: String,
    },
}

impl Line {
    pub fn good(text: impl Into<String>) -> Self {
        Self::Good(text.into())
    }

    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }

    pub fn person(what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::Person {
            what: what.into(),
            next_step: next_step.into(),
        }
    }
}

/// Prints findings as they come, and remembers those that need a person.
#[derive(Default)]
pub(super) struct Report {
    place: String,
    persons: Vec<String>,
}

impl Report {
    /// What the next findings are about: a heading, and a name for the summary.
    pub fn about(&mut self, heading: &str, place: &str) {
        println!("{heading}");
        place.clone_into(&mut self.place);
    }

    pub fn tell(&mut self, line: Line) {
        match line {
            Line::Good(text) => println!("  ✔ {text}"),
            Line::Note(text) => println!("  ! {text}"),
            Line::Person { what, next_step } => {
                println!("  ✘ {what}");
                println!("    → {next_step}");
                // An alert names its register itself.
                self.persons.push(if what.contains(&self.place) {
                    what
                } else {
                    format!("{}: {what}", self.place)
                });
            }
        }
    }

    /// The last word; true if nothing needs a person.
    pub fn conclude(&self) -> bool {
        println!();
        if self.persons.is_empty() {
            println!("All is well.");
            return true;
        }
        println!("Something needs a person:");
        for person in &self.persons {
            println!("  ✘ {person}");
        }
        false
    }
}
