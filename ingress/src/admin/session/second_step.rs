//! The second step: codes of a phone's application (TOTP, RFC 6238: SHA-1, six digits, 30 seconds).

use domain::time::UnixMillis;
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret; RFC 4226 §4 recommends 160 bits.
const LENGTH: usize = 20;

/// One user's second step.
pub(crate) struct SecondStep(Totp);

impl SecondStep {
    /// A new secret.
    pub fn invent(login: &str) -> Option<Self> {
        Self::from_bytes(rand::random::<[u8; LENGTH]>().to_vec(), login)
    }

    /// Of a secret in base32, as the ledger keeps it and as people type it into their phone.
    pub fn of(secret: &SecretString, login: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(secret.expose_secret().trim()).ok()?;
        Self::build(secret, login)
    }

    fn from_bytes(bytes: Vec<u8>, login: &str) -> Option<Self> {
        Self::build(Secret::from(bytes), login)
    }

    fn build(secret: Secret, login: &str) -> Option<Self> {
        Builder::new()
            .with_secret(secret)
            .with_issuer(Some("Kasyr"))
            .with_account_name(login)
            .build()
            .ok()
            .map(Self)
    }

    /// In base32.
    pub fn secret(&self) -> SecretString {
        self.0.secret().to_base32().into()
    }

    /// What the phone's camera reads.
    pub fn address(&self) -> SecretString {
        self.0.to_url().map(SecretString::from).unwrap_or_default()
    }

    /// The time step whose code this is, if it is one of now or of a step around: phones' clocks differ.
    pub fn step_of(&self, code: &str, now: UnixMillis) -> Option<i64> {
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        i64::try_from(self.0.check(&code, seconds)?).ok()
    }
}
