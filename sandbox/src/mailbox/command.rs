//! Reading commands.

use super::address::Path;
use super::reply::Reply;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// `HELO` or, extended, `EHLO`.
    Hello {
        extended: bool,
    },
    StartTls,
    Auth {
        mechanism: Mechanism,
        initial: Option<String>,
    },
    Mail(Path),
    Rcpt(Path),
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    Plain,
    Login,
}

impl Command {
    /// Reads a line without its end; a line that is no command has its answer instead.
    pub(super) fn read(line: &str) -> Result<Self, Reply> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim_end();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" if rest.is_empty() => Err(Reply::syntax("A name is expected")),
            "EHLO" => Ok(Self::Hello { extended: true }),
            "HELO" => Ok(Self::Hello { extended: false }),
            "MAIL" => Path::read(after(rest, "FROM:")?).map(Self::Mail),
            "RCPT" => Path::read(after(rest, "TO:")?).map(Self::Rcpt),
            "AUTH" => auth(rest),
            "STARTTLS" => alone(rest, Self::StartTls),
            "DATA" => alone(rest, Self::Data),
            "RSET" => alone(rest, Self::Rset),
            "QUIT" => alone(rest, Self::Quit),
            "NOOP" => Ok(Self::Noop),
            "VRFY" => Ok(Self::Vrfy),
            _ => Err(Reply::new(500, "5.5.1 Command unrecognized")),
        }
    }
}

fn alone(rest: &str, command: Command) -> Result<Command, Reply> {
    if rest.is_empty() {
        Ok(command)
    } else {
        Err(Reply::syntax("No parameters are expected"))
    }
}

fn after<'a>(rest: &'a str, word: &str) -> Result<&'a str, Reply> {
    let missing = || Reply::syntax(&format!("{word}<address> is expected"));
    let (start, path) = rest.split_at_checked(word.len()).ok_or_else(missing)?;
    if start.eq_ignore_ascii_case(word) {
        Ok(path)
    } else {
        Err(missing())
    }
}

fn auth(rest: &str) -> Result<Command, Reply> {
    let (name, initial) = match rest.split_once(' ') {
        Some((name, initial)) => (name, Some(initial.to_owned())),
        None => (rest, None),
    };
    let mechanism = match name.to_ascii_uppercase().as_str() {
        "PLAIN" => Mechanism::Plain,
        "LOGIN" => Mechanism::Login,
        _ => return Err(Reply::new(504, "5.5.4 Mechanism not known here")),
    };
    Ok(Command::Auth { mechanism, initial })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_in_any_letter_case() {
        assert_eq!(Command::read("ehlo me"), Ok(Command::Hello { extended: true }));
        assert_eq!(Command::read("Data"), Ok(Command::Data));
        assert_eq!(Command::read("NOOP whatever"), Ok(Command::Noop));
        let login = Command::Auth {
            mechanism: Mechanism::Login,
            initial: None,
        };
        assert_eq!(Command::read("auth login"), Ok(login));
        let Ok(Command::Mail(path)) = Command::read("mail from:<a@b> SIZE=3") else {
            panic!("a sender was expected");
        };
        assert_eq!(path.address, "a@b");
    }

    #[test]
    fn what_is_no_command_has_an_answer() {
        for (line, code) in [
            ("EHLO", 501),
            ("MAIL <a@b>", 501),
            ("MAIL FROM: <a@b>", 501),
            ("RCPT", 501),
            ("DATA now", 501),
            ("AUTH CRAM-MD5", 504),
            ("BDAT 3", 500),
            ("", 500),
            ("RCPT TО:<кирилиця>", 501),
        ] {
            assert_eq!(Command::read(line).unwrap_err().code, code, "{line}");
        }
    }
}
