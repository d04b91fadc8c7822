use std::fmt;

use lettre::message::Mailbox;
use url::Host;

/// RFC 5321 §4.5.3.1.3: a path is at most 256 long, with its angle brackets.
const MAX_EMAIL: usize = 254;

/// An e-mail address, with a name or without. `Debug` masks it: addresses are personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    name: Option<String>,
    email: lettre::Address,
}

/// Why a text is not an address that a letter can be sent to or from. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A line break, or another character that may not be in a header.
    #[error("a control character in an e-mail address")]
    ControlCharacter,
    /// Not `local@domain`; a domain that is a bare IP address counts here too.
    #[error("not an e-mail address")]
    NotAnAddress,
    /// Letters outside ASCII before the `@`. Few servers take such mail, and it needs SMTPUTF8.
    #[error("an e-mail address with other letters than Latin ones before the @ is not supported")]
    NotAscii,
    /// Longer than mail servers must take.
    #[error("an e-mail address longer than {MAX_EMAIL} characters")]
    TooLong,
}

impl Address {
    /// From `olena@example.com` or `Квіти <shop@example.com>`. A domain with letters outside ASCII is written the way
    /// the DNS has it (`xn--…`).
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.chars().any(char::is_control) {
            return Err(AddressError::ControlCharacter);
        }
        let mailbox: Mailbox = text.trim().parse().map_err(|_| AddressError::NotAnAddress)?;
        let email = in_ascii(&mailbox.email)?;
        let written: &str = email.as_ref();
        if written.len() > MAX_EMAIL {
            return Err(AddressError::TooLong);
        }
        Ok(Self {
            name: mailbox.name.filter(|name| !name.is_empty()),
            email,
        })
    }

    /// The same address under another name; an empty one takes the name away.
    pub fn named(self, name: &str) -> Result<Self, AddressError> {
        if name.chars().any(char::is_control) {
            return Err(AddressError::ControlCharacter);
        }
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self { name, ..self })
    }

    /// `local@domain`.
    pub fn email(&self) -> &str {
        self.email.as_ref()
    }

    /// What stands before the `@`.
    pub(crate) fn local(&self) -> &str {
        self.email.user()
    }

    pub(crate) fn mailbox(&self) -> Mailbox {
        Mailbox::new(self.name.clone(), self.email.clone())
    }
}

fn in_ascii(email: &lettre::Address) -> Result<lettre::Address, AddressError> {
    if !email.user().is_ascii() {
        return Err(AddressError::NotAscii);
    }
    match Host::parse(email.domain()) {
        Ok(Host::Domain(domain)) => lettre::Address::new(email.user(), domain).map_err(|_| AddressError::NotAnAddress),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => Err(AddressError::NotAnAddress),
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::mask::mask(self.email(), ""))
    }
}

#[cfg(test)]
mod tests;
