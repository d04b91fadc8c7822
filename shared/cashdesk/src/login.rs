//! Logging in (sheet §5.1).

use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use wire::Issued;

use crate::answer::object;
use crate::error::Flaw;
use crate::lenient;

/// What CashDesk says about the user. Nothing of it but the token's end comes with a permanent key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Does the user have registers that work?
    pub active_rro: Option<bool>,
    /// A register with an open shift. **Not** necessarily the one you think of: it may be another one of the account.
    pub opened_shift: Option<u64>,
    /// When the token ends, as written: `DD.MM.YYYY HH:MM`.
    pub token_expires_at: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Ask<'a> {
    pub email: &'a str,
    pub password: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "lenient::flag")]
    active_rro: Option<bool>,
    #[serde(deserialize_with = "lenient::natural")]
    opened_shift: Option<u64>,
    #[serde(deserialize_with = "lenient::text")]
    token: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    token_expires_at: Option<String>,
}

/// The token and what came with it.
pub(crate) struct LoggedIn {
    pub token: SecretString,
    pub login: Login,
}

impl LoggedIn {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Flaw> {
        let wire: Wire = object(body)?;
        Ok(Self {
            token: wire.token.ok_or(Flaw::Missing("token"))?.into(),
            login: Login {
                active_rro: wire.active_rro,
                opened_shift: wire.opened_shift,
                token_expires_at: wire.token_expires_at,
            },
        })
    }

    pub(crate) fn issued(self, now: SystemTime) -> Issued {
        let until = self.login.token_expires_at.as_deref().and_then(end);
        Issued {
            secret: self.token,
            // A token that is over when it is given means that a clock is wrong, or that we misread. 401 will tell.
            until: until.filter(|until| *until > now),
        }
    }
}

/// The zone is not told. Summer time in Kyiv is the earliest of what it may be.
fn end(text: &str) -> Option<SystemTime> {
    let local = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"]
        .iter()
        .find_map(|form| DateTime::strptime(form, text.trim()).ok())?;
    let zone = TimeZone::fixed(Offset::constant(3));
    local.to_zoned(zone).ok().map(|zoned| zoned.timestamp().into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::ExposeSecret as _;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_tokens_end_is_read_and_one_that_makes_no_sense_is_none() {
        let now = at(1_700_000_000);
        // 21.11.2027 06:30 UTC.
        let end = at(1_826_778_600);
        for (text, until) in [
            ("\"21.11.2027 09:30\"", Some(end)),
            ("\"21.11.2027 09:30:00\"", Some(end)),
            ("\"21.11.2007 09:30\"", None),
            ("\"2027-11-21\"", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"token":"aaa.bbb.ccc","developer_id":41,"token_expires_at":{text}}}"#);
            let issued = LoggedIn::read(body.as_bytes()).unwrap().issued(now);
            assert_eq!(issued.until, until, "{text}");
            assert_eq!(issued.secret.expose_secret(), "aaa.bbb.ccc");
        }
    }

    #[test]
    fn an_answer_without_a_token_is_no_login() {
        for body in ["{}", r#"{"token":null}"#, r#"{"token":""}"#, "[]", "<html>"] {
            assert!(LoggedIn::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
