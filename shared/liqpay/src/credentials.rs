use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The keys printed in LiqPay's documentation as an example.
const PRINTED_PUBLIC_KEY: &str = "i00000000";
const PRINTED_PRIVATE_KEY: &str = "a4825234f4bae72a0be04eafe9e8e2bada209255";
/// How both keys of a shop's test mode begin.
const TEST_MODE: &str = "sandbox_";

/// One shop's pair of keys. `Debug` shows the public one only.
#[derive(Clone)]
pub struct Credentials {
    /// Names the shop, such as `i00000000`.
    pub public_key: String,
    /// Whoever has it can forge a callback.
    pub private_key: SecretString,
}

impl Credentials {
    /// True for keys of the test mode, in which nobody pays, and for those printed in public
    /// documents: production configuration must refuse them.
    pub fn is_test(&self) -> bool {
        let private_key = self.private_key.expose_secret();
        self.public_key == PRINTED_PUBLIC_KEY
            || private_key == PRINTED_PRIVATE_KEY
            || self.public_key.starts_with(TEST_MODE)
            || private_key.starts_with(TEST_MODE)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("public_key", &self.public_key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_keys_and_printed_keys_are_recognised_and_none_is_shown() {
        for (public_key, private_key, test) in [
            ("i00000000", "canary", true),
            ("i1", PRINTED_PRIVATE_KEY, true),
            ("sandbox_i1", "canary", true),
            ("i1", "sandbox_canary", true),
            ("i1", "canary", false),
        ] {
            let credentials = Credentials {
                public_key: public_key.to_owned(),
                private_key: private_key.into(),
            };
            assert_eq!(credentials.is_test(), test, "{public_key}");
            assert!(!format!("{credentials:?}").contains("canary"));
        }
    }
}
