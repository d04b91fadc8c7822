use std::fmt;

/// Something about a basket that its author should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Which line, counted from 1; `None`: the whole basket.
    pub line: Option<usize>,
    /// The field as it was written; empty for a whole line or basket.
    pub field: String,
    /// A stable word for it.
    pub code: &'static str,
    /// What is the matter. Nothing that was sent is repeated but for sums.
    pub what: String,
    /// What to do.
    pub next_step: String,
}

impl Complaint {
    /// About a field of a line.
    pub(super) fn at(
        line: usize,
        field: impl Into<String>,
        code: &'static str,
        what: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self {
            line: Some(line),
            field: field.into(),
            code,
            what: what.into(),
            next_step: next_step.into(),
        }
    }

    /// About all of it.
    pub(super) fn whole(code: &'static str, what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            line: None,
            field: String::new(),
            code,
            what: what.into(),
            next_step: next_step.into(),
        }
    }
}

/// `line 2, price: an amount has at most two decimals; round it to kopecks`.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.field.as_str()) {
            (Some(line), "") => write!(f, "line {line}: ")?,
            (Some(line), field) => write!(f, "line {line}, {field}: ")?,
            (None, "") => write!(f, "basket: ")?,
            (None, field) => write!(f, "{field}: ")?,
        }
        write!(f, "{}; {}", self.what, self.next_step)
    }
}
