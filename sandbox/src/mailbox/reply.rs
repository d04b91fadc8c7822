//! What the server says.

/// A code and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub code: u16,
    lines: Vec<String>,
}

impl Reply {
    pub(super) fn new(code: u16, text: impl Into<String>) -> Self {
        Self {
            code,
            lines: vec![text.into()],
        }
    }

    pub(super) fn list(code: u16, lines: Vec<String>) -> Self {
        Self { code, lines }
    }

    /// The usual words of a code that a fault asks for.
    pub(super) fn usual(code: u16) -> Self {
        let text = match code {
            421 => "4.3.2 Service not available, closing transmission channel",
            450 => "4.2.0 Mailbox busy, try again later",
            451 => "4.3.0 Local error in processing",
            452 => "4.3.1 Insufficient system storage",
            454 => "4.7.0 Temporary authentication failure",
            530 => "5.7.0 Authentication required",
            534 => "5.7.9 Authentication mechanism is too weak",
            535 => "5.7.8 Authentication credentials invalid",
            550 => "5.1.1 No such user here",
            551 => "5.1.6 User not local",
            552 => "5.2.2 Mailbox full",
            553 => "5.1.3 Mailbox name not allowed",
            554 => "5.7.1 Message refused",
            400..=499 => "4.0.0 Try again later",
            500..=599 => "5.0.0 Refused",
            _ => "Unusual, as it was asked for",
        };
        Self::new(code, text)
    }

    pub(super) fn ok(text: &str) -> Self {
        Self::new(250, text)
    }

    pub(super) fn bad_sequence(text: &str) -> Self {
        Self::new(503, format!("5.5.1 {text}"))
    }

    pub(super) fn syntax(text: &str) -> Self {
        Self::new(501, format!("5.5.4 {text}"))
    }

    /// The lines as they are written.
    pub(super) fn wire(&self) -> String {
        let last = self.lines.len().saturating_sub(1);
        let line = |(index, text): (usize, &String)| {
            let mark = if index == last { ' ' } else { '-' };
            format!("{}{mark}{text}\r\n", self.code)
        };
        self.lines.iter().enumerate().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_but_the_last_have_a_hyphen() {
        let lines = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(Reply::list(250, lines).wire(), "250-a\r\n250-b\r\n250 c\r\n");
        assert_eq!(Reply::usual(450).wire(), "450 4.2.0 Mailbox busy, try again later\r\n");
        assert_eq!(Reply::usual(471).wire(), "471 4.0.0 Try again later\r\n");
    }
}
