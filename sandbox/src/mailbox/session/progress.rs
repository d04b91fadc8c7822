//! How far a client has come, and what it may do next. No input and output here.

use crate::mailbox::address::Path;
use crate::mailbox::config::Config;
use crate::mailbox::reply::Reply;

/// Most recipients of a message (RFC 5321 asks for a hundred).
const RECIPIENTS: usize = 100;

#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    hello: bool,
    pub user: Option<String>,
    envelope: Option<Envelope>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Envelope {
    pub from: String,
    pub to: Vec<String>,
    /// Addresses may have other letters than ASCII's.
    utf8: bool,
}

impl Progress {
    pub(super) fn hello(&mut self, extended: bool, config: &Config, tls: bool) -> Reply {
        self.hello = true;
        self.envelope = None;
        if !extended {
            return Reply::ok(&config.hostname);
        }
        let mut lines = vec![
            format!("{} is listening", config.hostname),
            "PIPELINING".to_owned(),
            format!("SIZE {}", config.size_limit),
            "8BITMIME".to_owned(),
            "SMTPUTF8".to_owned(),
            "ENHANCEDSTATUSCODES".to_owned(),
        ];
        if config.certificate.is_some() && !tls {
            lines.push("STARTTLS".to_owned());
        }
        if config.user.is_some() && (tls || !config.sign_in_needs_tls) {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        Reply::list(250, lines)
    }

    pub(super) fn may_start_tls(&self, config: &Config, tls: bool) -> Result<(), Reply> {
        if config.certificate.is_none() {
            return Err(Reply::new(502, "5.5.1 TLS is not offered"));
        }
        if tls {
            return Err(Reply::bad_sequence("TLS is on already"));
        }
        self.greeted()
    }

    pub(super) fn may_sign_in(&self, config: &Config, tls: bool) -> Result<(), Reply> {
        self.greeted()?;
        if config.user.is_none() {
            return Err(Reply::new(502, "5.5.1 Signing in is not offered"));
        }
        if config.sign_in_needs_tls && !tls {
            return Err(Reply::new(538, "5.7.11 Encryption required to sign in"));
        }
        if self.user.is_some() || self.envelope.is_some() {
            return Err(Reply::bad_sequence("Not now"));
        }
        Ok(())
    }

    pub(super) fn may_send(&self, path: &Path, config: &Config) -> Result<(), Reply> {
        self.greeted()?;
        if config.user.is_some() && self.user.is_none() {
            return Err(Reply::usual(530));
        }
        if self.envelope.is_some() {
            return Err(Reply::bad_sequence("A sender is named already"));
        }
        for (key, value) in &path.parameters {
            parameter(key, value.as_deref(), config)?;
        }
        if !path.address.is_empty() && !path.is_address() {
            return Err(Reply::new(501, "5.1.7 That is no address"));
        }
        ascii_unless(is_utf8(path), &path.address)
    }

    pub(super) fn send(&mut self, path: &Path) -> Reply {
        self.envelope = Some(Envelope {
            from: path.address.clone(),
            to: Vec::new(),
            utf8: is_utf8(path),
        });
        Reply::ok("2.1.0 Sender ok")
    }

    pub(super) fn may_add(&self, path: &Path) -> Result<(), Reply> {
        let Some(envelope) = &self.envelope else {
            return Err(Reply::bad_sequence("Name the sender first"));
        };
        if !path.parameters.is_empty() {
            return Err(Reply::new(555, "5.5.4 Parameter not known here"));
        }
        if !path.is_address() {
            return Err(Reply::new(501, "5.1.3 That is no address"));
        }
        if envelope.to.len() >= RECIPIENTS {
            return Err(Reply::new(452, "4.5.3 Too many recipients"));
        }
        ascii_unless(envelope.utf8, &path.address)
    }

    pub(super) fn add(&mut self, path: &Path) -> Reply {
        if let Some(envelope) = &mut self.envelope {
            envelope.to.push(path.address.clone());
        }
        Reply::ok("2.1.5 Recipient ok")
    }

    pub(super) fn may_write(&self) -> Result<(), Reply> {
        match &self.envelope {
            None => Err(Reply::bad_sequence("Name the sender first")),
            Some(envelope) if envelope.to.is_empty() => Err(Reply::new(554, "5.5.1 No valid recipients")),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn recipients(&self) -> Vec<String> {
        let envelope = self.envelope.as_ref();
        envelope.map(|envelope| envelope.to.clone()).unwrap_or_default()
    }

    pub(super) fn take_envelope(&mut self) -> Envelope {
        self.envelope.take().unwrap_or_default()
    }

    pub(super) fn reset(&mut self) -> Reply {
        self.envelope = None;
        Reply::ok("2.0.0 Forgotten")
    }

    fn greeted(&self) -> Result<(), Reply> {
        if self.hello {
            Ok(())
        } else {
            Err(Reply::bad_sequence("Say EHLO first"))
        }
    }
}

fn is_utf8(path: &Path) -> bool {
    path.parameters.iter().any(|(key, _)| key == "SMTPUTF8")
}

fn ascii_unless(utf8: bool, address: &str) -> Result<(), Reply> {
    if utf8 || address.is_ascii() {
        Ok(())
    } else {
        Err(Reply::new(553, "5.6.7 Such an address needs SMTPUTF8"))
    }
}

fn parameter(key: &str, value: Option<&str>, config: &Config) -> Result<(), Reply> {
    let size = value.and_then(|value| value.parse::<usize>().ok());
    match (key, value.map(str::to_ascii_uppercase).as_deref()) {
        ("SIZE", Some(_)) => match size {
            Some(size) if size > config.size_limit => Err(Reply::new(552, "5.3.4 Message too large")),
            Some(_) => Ok(()),
            None => Err(Reply::syntax("SIZE is a number")),
        },
        ("BODY", Some("7BIT" | "8BITMIME")) | ("SMTPUTF8", None) => Ok(()),
        ("AUTH", Some(_)) if config.user.is_some() => Ok(()),
        (_, _) => Err(Reply::new(555, "5.5.4 Parameter not known here")),
    }
}
