//! Passwords: argon2id, off the threads that serve requests, a few at a time, for each takes 19 MiB and a core.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// Shorter ones are refused. No rules about signs: length is what counts (NIST SP 800-63B §3.1.1).
pub(in super::super) const SHORTEST: usize = 12;
/// Longer ones are refused, so that nobody makes us hash megabytes.
const LONGEST: usize = 1024;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What a password is compared with when nobody has the login, so that the answer takes as long.
static NOBODY: LazyLock<SecretString> = LazyLock::new(|| hashed(&SecretString::from("nobody's")).unwrap_or_default());

/// Is it long enough?
pub(in super::super) fn fits(password: &SecretString) -> bool {
    let text = password.expose_secret();
    text.chars().count() >= SHORTEST && text.len() <= LONGEST
}

/// The password as the ledger keeps it; `None` if the machine has no memory or randomness for it.
pub(in super::super) async fn hash(password: SecretString) -> Option<SecretString> {
    apart(move || hashed(&password)).await.flatten()
}

/// Does the password fit? `None` as hash: nobody has the login, which takes as long and fits never.
pub(in super::super) async fn verify(password: SecretString, hash: Option<SecretString>) -> bool {
    let known = hash.is_some();
    let fits = apart(move || {
        let hash = hash.as_ref().unwrap_or(&NOBODY);
        PasswordHash::new(hash.expose_secret()).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.expose_secret().as_bytes(), &hash)
                .is_ok()
        })
    });
    fits.await.unwrap_or(false) && known
}

fn hashed(password: &SecretString) -> Option<SecretString> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.expose_secret().as_bytes())
        .ok()?;
    Some(hash.to_string().into())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = AT_ONCE.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_s_never() {
        let password = || SecretString::from("кінь батарея скріпка");
        assert!(fits(&password()) && !fits(&"short".into()));
        let hash = hash(password()).await.unwrap();
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify(password(), Some(hash.clone())).await);
        assert!(!verify("кінь батарея скріпки".into(), Some(hash)).await);
        assert!(!verify("nobody's".into(), None).await);
    }
}
