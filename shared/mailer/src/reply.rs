use std::fmt;

use crate::mask::mask;

/// What a mail server answered: the code (RFC 5321 §4.2) and its words, masked and shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits, the first of them 2 to 5.
    pub code: u16,
    /// Often begins with a finer code (`5.1.1`, RFC 3463). No e-mail address in it is whole.
    pub text: String,
}

impl Reply {
    /// The finer code's first two numbers, if the server gives one that agrees with the code.
    pub(crate) fn finer(&self) -> Option<(u16, u16)> {
        let word = self.text.split(' ').next()?;
        let mut numbers = word.split('.').map(|part| part.parse::<u16>().ok());
        let (class, subject) = (numbers.next()??, numbers.next()??);
        let detailed = numbers.next()?.is_some();
        (detailed && class == self.code / 100).then_some((class, subject))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

/// An answer as it came. Has no `Debug`: its words may name the buyer.
pub(crate) struct Raw {
    pub(crate) code: u16,
    pub(crate) lines: Vec<String>,
}

impl Raw {
    pub(crate) fn masked(&self, hide: &str) -> Reply {
        Reply {
            code: self.code,
            text: mask(&self.lines.join(" "), hide),
        }
    }
}

/// One line of an answer.
pub(crate) struct Line {
    pub(crate) code: u16,
    pub(crate) text: String,
    pub(crate) last: bool,
}

/// `250-text`, `250 text` or `250`; nothing if it is not SMTP.
pub(crate) fn line(bytes: &[u8]) -> Option<Line> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches(['\r', '\n']);
    let (digits, rest) = text.split_at_checked(3)?;
    let code: u16 = digits.parse().ok().filter(|code| (200..600).contains(code))?;
    let last = !rest.starts_with('-');
    let text = rest.strip_prefix(['-', ' ']);
    if text.is_none() && !rest.is_empty() {
        return None;
    }
    Some(Line {
        code,
        text: text.unwrap_or_default().to_owned(),
        last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_an_answer_are_read() {
        for (bytes, expected) in [
            ("250 2.1.5 Ok\r\n", Some((250, "2.1.5 Ok", true))),
            ("250-SIZE 100\r\n", Some((250, "SIZE 100", false))),
            ("250- \r\n", Some((250, " ", false))),
            ("354\r\n", Some((354, "", true))),
            ("550\n", Some((550, "", true))),
            ("+50 no\r\n", None),
            ("99 no\r\n", None),
            ("999 no\r\n", None),
            ("250_no\r\n", None),
            ("ні\r\n", None),
            ("\r\n", None),
        ] {
            let read = line(bytes.as_bytes());
            let read = read.as_ref().map(|line| (line.code, line.text.as_str(), line.last));
            assert_eq!(read, expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_finer_code_counts_only_if_it_agrees() {
        for (code, text, finer) in [
            (550, "5.7.1 relaying denied", Some((5, 7))),
            (550, "5.1.10", Some((5, 1))),
            (550, "4.7.1 odd", None),
            (550, "5.7 odd", None),
            (550, "no such user", None),
            (550, "", None),
        ] {
            let reply = Reply {
                code,
                text: text.to_owned(),
            };
            assert_eq!(reply.finer(), finer, "{text}");
        }
    }
}
