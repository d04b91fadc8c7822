use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Accounts and keys printed in WayForPay's public documents and kits.
const PUBLIC_TEST_ACCOUNTS: [&str; 2] = ["test_merch_n1", "test_merchant"];
const PUBLIC_TEST_KEY: &str = "flk3409refn54t54t*FNJRET";

/// One merchant account and its secret key. `Debug` shows the account only.
#[derive(Clone)]
pub struct Credentials {
    /// `merchantAccount`.
    pub account: String,
    /// Whoever has it can forge a callback.
    pub key: SecretString,
}

impl Credentials {
    /// True for what is printed in public documents: anyone can forge a valid callback for it, so
    /// production configuration must refuse it.
    pub fn is_public_test(&self) -> bool {
        PUBLIC_TEST_ACCOUNTS.contains(&self.account.as_str()) || self.key.expose_secret() == PUBLIC_TEST_KEY
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_test_merchant_and_its_key_are_recognised_and_no_key_is_shown() {
        for (account, key, public) in [
            ("test_merch_n1", "canary", true),
            ("flowers_com_ua", PUBLIC_TEST_KEY, true),
            ("flowers_com_ua", "canary", false),
        ] {
            let credentials = Credentials {
                account: account.to_owned(),
                key: key.into(),
            };
            assert_eq!(credentials.is_public_test(), public, "{account}");
            assert!(!format!("{credentials:?}").contains(key));
        }
    }
}
