//! Reading variables and gathering what is wrong with them.

use std::fmt;
use std::str::FromStr;

/// One thing that is wrong with the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong with it; never its value, which may be secret.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.text)
    }
}

/// Everything that is wrong with the environment, a line each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment has problems:\n{}", lines(.0))]
pub struct Problems(pub Vec<Problem>);

fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads variables one after the other; [`Reader::finish`] says whether all went well. An empty
/// variable counts as unset.
pub struct Reader<F> {
    env: F,
    problems: Vec<Problem>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    /// Over `env`, which is asked for variables by name.
    pub fn new(env: F) -> Self {
        Self {
            env,
            problems: Vec::new(),
        }
    }

    /// The variable, if it is set.
    pub fn optional(&self, variable: &'static str) -> Option<String> {
        (self.env)(variable)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// What `read` makes of the variable, or a problem.
    pub fn required<T>(&mut self, variable: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match self.optional(variable) {
            Some(text) => self.read(variable, &text, read),
            None => self.problem(variable, "it is not set"),
        }
    }

    /// A number or another plain value with a default; `expected` says what it should be.
    pub fn or<T: FromStr>(&mut self, variable: &'static str, default: T, expected: &str) -> T {
        let Some(text) = self.optional(variable) else {
            return default;
        };
        let read = |text: &str| text.parse().map_err(|_| format!("it should be {expected}"));
        self.read(variable, &text, read).unwrap_or(default)
    }

    /// What `read` makes of `text`, or a problem with this variable.
    pub fn read<T>(
        &mut self,
        variable: &'static str,
        text: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(text) {
            Ok(value) => Some(value),
            Err(why) => self.problem(variable, why),
        }
    }

    fn problem<T>(&mut self, variable: &'static str, text: impl Into<String>) -> Option<T> {
        self.problems.push(Problem {
            variable,
            text: text.into(),
        });
        None
    }

    /// `value`, unless anything was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            Some(_) | None => Err(self.problems),
        }
    }
}

/// The value, or its problems put to the others.
pub fn keep<T>(read: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|found| problems.extend(found)).ok()
}
