use std::fmt;

use secrecy::SecretString;

/// An account and the group of registers it works. `Debug` shows the group only.
#[derive(Clone)]
pub struct Credentials {
    /// `login`, at most 100 characters. One login covers all groups of an account.
    pub login: String,
    /// `pass`, at most 100 characters.
    pub pass: SecretString,
    /// `group_code`, a part of addresses. It must belong to the login (error 20).
    pub group_code: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("group_code", &self.group_code)
            .finish_non_exhaustive()
    }
}
