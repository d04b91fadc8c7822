//! The link to a document of the gateway's own cash register (fondy.md §8.7).

use std::fmt;

use secrecy::SecretString;
use url::Url;

use crate::CallbackError;
use crate::envelope::unwrap_response;
use wire::read_object;

/// Which document a link is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// The transaction's receipt.
    Receipt,
    /// A Z-report; of which day is not documented, presumably of the shift that the transaction is in.
    ZReport,
}

impl FileKind {
    /// The wire's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::ZReport => "zreport",
        }
    }
}

/// An address that ends after a while and lets in whoever has it. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Link(SecretString);

impl Link {
    /// The address. Not for logs, not to be kept.
    pub fn expose(&self) -> &SecretString {
        &self.0
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}

/// Reads an answer's body: `check_url`, in `response` or bare.
pub(crate) fn read_link(text: &str) -> Result<Link, CallbackError> {
    let fields = unwrap_response(read_object(text)?)?;
    let link = fields
        .text("check_url")
        .ok_or(CallbackError::MissingField("check_url"))?;
    let is_web = Url::parse(link).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    if is_web {
        Ok(Link(SecretString::from(link)))
    } else {
        Err(CallbackError::BadField { name: "check_url" })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    /// The seed's own answer.
    const SEED: &str = "https://merchportal-ereceipt.s3.amazonaws.com/ereceipt/check_1499968937.pdf?AWSAccessKeyId=YY&\
                        Signature=XX%3D&Expires=1956257837";

    #[test]
    fn a_link_is_read_with_and_without_the_wrapper() {
        for body in [
            format!(r#"{{"check_url":"{SEED}"}}"#),
            format!(r#"{{"response":{{"check_url":"{SEED}","response_status":"success"}}}}"#),
        ] {
            assert_eq!(read_link(&body).unwrap().expose().expose_secret(), SEED, "{body}");
        }
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for (body, expected) in [
            ("{}", CallbackError::MissingField("check_url")),
            (r#"{"check_url":""}"#, CallbackError::MissingField("check_url")),
            (
                r#"{"check_url":"file:///etc/passwd"}"#,
                CallbackError::BadField { name: "check_url" },
            ),
            (
                r#"{"check_url":"check.pdf"}"#,
                CallbackError::BadField { name: "check_url" },
            ),
            ("[]", CallbackError::NotAnObject),
            ("<html>", CallbackError::BrokenJson),
        ] {
            assert_eq!(read_link(body).unwrap_err(), expected, "{body}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_a_link() {
        let link = read_link(&format!(r#"{{"check_url":"{SEED}"}}"#)).unwrap();
        assert_eq!(format!("{link:?}"), "Link(…)");
    }
}
