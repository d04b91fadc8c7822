use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Merchants whose key is printed in the gateway's public documents, one per brand.
const PUBLIC_TEST_MERCHANTS: [u64; 3] = [1_396_424, 1_700_002, 1_549_901];
const PUBLIC_TEST_KEY: &str = "test";

/// One gateway merchant and its payment key. `Debug` shows the merchant only.
#[derive(Clone)]
pub struct Credentials {
    /// The gateway's number of the merchant.
    pub merchant_id: u64,
    /// The payment key: whoever has it can forge a callback.
    pub key: SecretString,
}

impl Credentials {
    /// True for the merchants and the key printed in public documents: anyone can forge a valid
    /// callback for them, so production configuration must refuse them.
    pub fn is_public_test(&self) -> bool {
        PUBLIC_TEST_MERCHANTS.contains(&self.merchant_id) || self.key.expose_secret() == PUBLIC_TEST_KEY
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("merchant_id", &self.merchant_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_test_merchants_and_the_public_key_are_recognised() {
        for (merchant_id, key, public) in [
            (1_396_424, "a real looking key", true),
            (1_700_002, "a real looking key", true),
            (1_549_901, "a real looking key", true),
            (42, "test", true),
            (42, "Test", false),
            (42, "a real looking key", false),
        ] {
            let credentials = Credentials {
                merchant_id,
                key: SecretString::from(key),
            };
            assert_eq!(credentials.is_public_test(), public, "{merchant_id} with {key}");
        }
    }

    #[test]
    fn debug_shows_the_merchant_and_not_the_key() {
        let credentials = Credentials {
            merchant_id: 42,
            key: SecretString::from("canary-key"),
        };
        let shown = format!("{credentials:?}");
        assert!(shown.contains("42"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
