//! The ways to sign (sheet §2) and the fields each of them puts into a request.

use secrecy::{ExposeSecret as _, SecretString};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// How the provider gets at the merchant's key. Exactly one way is sent; `Debug` prints only which.
#[derive(Clone)]
pub enum Auth {
    /// The key travels in every command.
    Keys {
        /// The certificate file in base64.
        certificate: SecretString,
        /// The key container in base64 (Key-6.dat, .pfx, .jks, .zs2).
        private_key: SecretString,
        /// The container's password as it is.
        password: SecretString,
    },
    /// `Setup` stored the key; commands carry nothing.
    Stored,
    /// The cloud signature service. Which fields must go with it is unknown; only `UseSmartId` is sent.
    SmartId,
    /// The key lies in the provider's back office behind a PIN.
    KeyPin(SecretString),
}

impl Auth {
    /// The certificate in base64, where this way of signing holds one: for
    /// [`Client::certificate_info`](crate::Client::certificate_info).
    pub const fn certificate(&self) -> Option<&SecretString> {
        match self {
            Self::Keys { certificate, .. } => Some(certificate),
            Self::Stored | Self::SmartId | Self::KeyPin(_) => None,
        }
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keys { .. } => "Keys",
            Self::Stored => "Stored",
            Self::SmartId => "SmartId",
            Self::KeyPin(_) => "KeyPin",
        })
    }
}

/// The signing fields of one request; serialised only into the body that is sent, never into the record.
#[derive(Clone, Copy)]
pub(crate) enum Key<'a> {
    None,
    Auth(&'a Auth),
    Certificate(&'a SecretString),
}

/// Fields that must never be seen in a record, whatever sends or echoes them.
pub(crate) const SECRET_FIELDS: [&str; 4] = ["Certificate", "PrivateKey", "Password", "KeyPin"];

impl<'a> Key<'a> {
    fn secrets(&self) -> Vec<(&'static str, &'a str)> {
        match *self {
            Self::None | Self::Auth(Auth::Stored | Auth::SmartId) => vec![],
            Self::Certificate(certificate) => vec![("Certificate", certificate.expose_secret())],
            Self::Auth(Auth::KeyPin(pin)) => vec![("KeyPin", pin.expose_secret())],
            Self::Auth(Auth::Keys {
                certificate,
                private_key,
                password,
            }) => vec![
                ("Certificate", certificate.expose_secret()),
                ("PrivateKey", private_key.expose_secret()),
                ("Password", password.expose_secret()),
            ],
        }
    }
}

/// What must not come back in a text the provider wrote: this request's secrets and personal data.
#[derive(Default)]
pub(crate) struct Mask<'a>(Vec<&'a str>);

impl<'a> Mask<'a> {
    pub(crate) fn new(key: &Key<'a>, personal: Option<&'a SecretString>) -> Self {
        let secrets = key.secrets().into_iter().map(|(_, secret)| secret);
        let personal = personal.map(|personal| personal.expose_secret());
        Self(secrets.chain(personal).filter(|text| !text.is_empty()).collect())
    }

    /// For texts written for people.
    pub(crate) fn apply(&self, text: &str) -> String {
        Self::without(&self.0, text)
    }

    /// For any other text. A short PIN is left in it: its digits may well be part of a fiscal number.
    pub(crate) fn apply_long(&self, text: &str) -> String {
        Self::without(self.0.iter().filter(|secret| secret.len() >= 8), text)
    }

    fn without<'s>(secrets: impl IntoIterator<Item = &'s &'s str>, text: &str) -> String {
        let whole = text.to_owned();
        secrets
            .into_iter()
            .fold(whole, |text, secret| text.replace(secret, "***"))
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if matches!(self, Self::Auth(Auth::SmartId)) {
            map.serialize_entry("UseSmartId", &true)?;
        }
        for (name, secret) in self.secrets() {
            map.serialize_entry(name, secret)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(auth: &Auth) -> String {
        serde_json::to_string(&Key::Auth(auth)).unwrap()
    }

    #[test]
    fn exactly_one_way_of_signing_is_sent() {
        let keys = Auth::Keys {
            certificate: "C".into(),
            private_key: "P".into(),
            password: "W".into(),
        };
        assert_eq!(sent(&keys), r#"{"Certificate":"C","PrivateKey":"P","Password":"W"}"#);
        assert_eq!(sent(&Auth::Stored), "{}");
        assert_eq!(sent(&Auth::SmartId), r#"{"UseSmartId":true}"#);
        assert_eq!(sent(&Auth::KeyPin("1234".into())), r#"{"KeyPin":"1234"}"#);
        assert_eq!(serde_json::to_string(&Key::None).unwrap(), "{}");
        assert_eq!(
            serde_json::to_string(&Key::Certificate(&"C".into())).unwrap(),
            r#"{"Certificate":"C"}"#
        );
    }

    #[test]
    fn debug_prints_only_the_way() {
        let keys = Auth::Keys {
            certificate: "canary1".into(),
            private_key: "canary2".into(),
            password: "canary3".into(),
        };
        assert_eq!(format!("{keys:?} {:?}", Auth::KeyPin("canary4".into())), "Keys KeyPin");
    }
}
