//! A mail server's address: `smtp://user:password@mail.example.com:587?tls=required`.

mod parameters;

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use url::{Host, Url};

/// RFC 6409: submission, which begins in clear and goes on under STARTTLS.
const SUBMISSION: u16 = 587;
/// RFC 8314: submission under TLS from the first byte.
const SUBMISSIONS: u16 = 465;

/// Where letters are handed in, and how. `Debug` and `Display` show the server only, never who signs in.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) sign_in: Option<SignIn>,
    /// More authorities to trust than the machine's own: a file of PEM certificates.
    pub(crate) ca: Option<PathBuf>,
    /// The name said with EHLO.
    pub(crate) hello: String,
}

/// When TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// From the first byte (`smtps:`).
    FromTheStart,
    /// With STARTTLS, or nothing is sent.
    Required,
    /// With STARTTLS where the server offers it. Whoever sits in between can take the offer away.
    Opportunistic,
    /// Never.
    Never,
}

#[derive(Clone)]
pub(crate) struct SignIn {
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

/// What is wrong with an SMTP address. Shows nothing of it: a misplaced mark can make the password look like anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not a URL, or a port that is none.
    #[error("not a URL; in a user or password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25")]
    NotAUrl,
    /// Another scheme.
    #[error("the scheme is neither smtp: nor smtps:")]
    Scheme,
    /// No server, or a name that is none.
    #[error("the server's name is missing or is not a name")]
    Host,
    /// `smtp://host/path`; mostly a `/` in a password.
    #[error("nothing may follow the server but ?parameters; a / in a password is written %2F")]
    Path,
    /// A `#`; mostly in a password.
    #[error("a # has no meaning here; in a password it is written %23")]
    Fragment,
    /// One of the two is missing.
    #[error("a user needs a password, and a password a user")]
    HalfSignIn,
    /// `%` not followed by two hexadecimal digits, bytes that are no UTF-8, or a NUL or line break.
    #[error("the user or the password is not text with %XX escapes")]
    BadEscape,
    /// Not one of the parameters.
    #[error("an unknown parameter; known are tls, ca and hello")]
    UnknownParameter,
    /// Twice the same.
    #[error("a parameter is given twice")]
    RepeatedParameter,
    /// Another value.
    #[error("tls is required, opportunistic or none")]
    BadTls,
    /// `smtps:` is TLS already.
    #[error("smtps: begins with TLS and takes no tls parameter")]
    TlsTwice,
    /// `ca=` without a file.
    #[error("ca needs the path of a file with PEM certificates")]
    BadCa,
    /// `hello=` with something that is no host name.
    #[error("hello needs a host name")]
    BadHello,
    /// Everybody on the way could read it.
    #[error("a password is not sent without TLS but to this machine itself")]
    PasswordInClear,
}

impl SmtpUrl {
    /// Reads `smtp://` or `smtps://`, `user:password@` with percent escapes, a server, a port (587 for `smtp:`, 465 for
    /// `smtps:` if none is given) and these parameters:
    ///
    /// - `tls=required` (what `smtp:` does if nothing is said), `opportunistic` or `none`;
    /// - `ca=/path/file.pem`: certificates to trust besides the machine's own, for a server with one of its own making;
    /// - `hello=name`: what to call ourselves; `[127.0.0.1]` if nothing is said.
    ///
    /// There is no way to switch the check of certificates off.
    pub fn parse(text: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| SmtpUrlError::NotAUrl)?;
        let from_the_start = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(SmtpUrlError::Scheme),
        };
        if !matches!(url.path(), "" | "/") {
            return Err(SmtpUrlError::Path);
        }
        if url.fragment().is_some() {
            return Err(SmtpUrlError::Fragment);
        }
        let host = url.host_str().unwrap_or_default();
        let host = Host::parse(host).map_err(|_| SmtpUrlError::Host)?;
        let parameters = parameters::read(&url)?;
        let security = match (from_the_start, parameters.tls) {
            (true, None) => Security::FromTheStart,
            (true, Some(_)) => return Err(SmtpUrlError::TlsTwice),
            (false, tls) => tls.unwrap_or(Security::Required),
        };
        let sign_in = sign_in(&url)?;
        if sign_in.is_some() && security == Security::Never && !is_this_machine(&host) {
            return Err(SmtpUrlError::PasswordInClear);
        }
        Ok(Self {
            host,
            port: url
                .port()
                .unwrap_or(if from_the_start { SUBMISSIONS } else { SUBMISSION }),
            security,
            sign_in,
            ca: parameters.ca,
            hello: parameters.hello.unwrap_or_else(|| "[127.0.0.1]".to_owned()),
        })
    }

    pub(crate) fn is_this_machine(&self) -> bool {
        is_this_machine(&self.host)
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

fn sign_in(url: &Url) -> Result<Option<SignIn>, SmtpUrlError> {
    let (user, password) = (url.username(), url.password().unwrap_or_default());
    match (user.is_empty(), password.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some(SignIn {
            user: unescaped(user)?,
            password: unescaped(password)?.into(),
        })),
        (true, false) | (false, true) => Err(SmtpUrlError::HalfSignIn),
    }
}

fn unescaped(text: &str) -> Result<String, SmtpUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let (digits, after) = after.split_at_checked(2).ok_or(SmtpUrlError::BadEscape)?;
            let digits = std::str::from_utf8(digits).map_err(|_| SmtpUrlError::BadEscape)?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| SmtpUrlError::BadEscape)?);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    // A NUL would end a field of AUTH PLAIN.
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(['\0', '\r', '\n']))
        .ok_or(SmtpUrlError::BadEscape)
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::FromTheStart => "smtps",
            Security::Required | Security::Opportunistic | Security::Never => "smtp",
        };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpUrl")
            .field("server", &format_args!("{self}"))
            .field("security", &self.security)
            .field("signs_in", &self.sign_in.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
