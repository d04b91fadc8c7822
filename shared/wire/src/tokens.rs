//! Tokens that a provider gives for a while: kept in memory, asked for once however many want one.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

/// A token is not used so shortly before its end: the request that carries it must still arrive.
const MARGIN: Duration = Duration::from_secs(60);

/// The tokens of many accounts. Cloning is cheap, and clones share what they hold.
#[derive(Clone, Default)]
pub struct Tokens(Arc<Mutex<HashMap<String, Arc<Account>>>>);

type Account = tokio::sync::Mutex<Kept>;

#[derive(Default)]
struct Kept {
    issue: u64,
    token: Option<(SecretString, Option<SystemTime>)>,
}

/// A token as it is lent for one request.
#[derive(Clone, Debug)]
pub struct Token {
    /// Never printed.
    pub secret: SecretString,
    /// Which one this is; say it when the token was refused.
    pub issue: u64,
}

/// What a provider gave.
pub struct Issued {
    /// The token.
    pub secret: SecretString,
    /// When it ends, if that is told or known.
    pub until: Option<SystemTime>,
}

impl Tokens {
    /// The account's token: the one at hand, or the one that `ask` brings. Of many callers at once one asks and the
    /// others wait for its answer; when it fails, the next one asks for itself. `refused` is the issue that the
    /// provider did not take, if that is why we are here: it is replaced, unless another caller has done so already.
    /// `account` names the address, the login and the protocol's version; it should hold no secret.
    pub async fn get<E>(
        &self,
        account: &str,
        refused: Option<u64>,
        ask: impl AsyncFnOnce() -> Result<Issued, E>,
    ) -> Result<Token, E> {
        let account = {
            let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(accounts.entry(account.to_owned()).or_default())
        };
        let mut kept = account.lock().await;
        if refused != Some(kept.issue)
            && let Some((secret, until)) = &kept.token
            && until.is_none_or(|until| SystemTime::now() + MARGIN < until)
        {
            return Ok(Token {
                secret: secret.clone(),
                issue: kept.issue,
            });
        }
        let issued = ask().await?;
        kept.issue += 1;
        kept.token = Some((issued.secret.clone(), issued.until));
        Ok(Token {
            secret: issued.secret,
            issue: kept.issue,
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Tokens").field("accounts", &accounts.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn ask(tokens: &Tokens, asked: &AtomicU32, refused: Option<u64>, until: Option<SystemTime>) -> u64 {
        let issued = async || {
            asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(Issued {
                secret: "token".into(),
                until,
            })
        };
        let Ok(token) = tokens.get("one", refused, issued).await;
        token.issue
    }

    #[tokio::test]
    async fn many_callers_ask_once() {
        let (tokens, asked) = (Tokens::default(), AtomicU32::new(0));
        let one = || ask(&tokens, &asked, None, None);
        assert_eq!(tokio::join!(one(), one(), one()), (1, 1, 1));
        // All of them are refused, and one replaces it.
        let again = || ask(&tokens, &asked, Some(1), None);
        assert_eq!(tokio::join!(again(), again(), again()), (2, 2, 2));
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_token_is_left_before_its_end() {
        let (tokens, asked) = (Tokens::default(), AtomicU32::new(0));
        let soon = Some(SystemTime::now() + MARGIN / 2);
        assert_eq!(ask(&tokens, &asked, None, soon).await, 1);
        assert_eq!(
            ask(&tokens, &asked, None, Some(SystemTime::now() + MARGIN * 60)).await,
            2
        );
        assert_eq!(ask(&tokens, &asked, None, None).await, 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let tokens = Tokens::default();
        let failed = tokens.get("one", None, async || Err("away")).await;
        assert_eq!(failed.err(), Some("away"));
        assert_eq!(ask(&tokens, &AtomicU32::new(0), None, None).await, 1);
        assert!(!format!("{tokens:?}").contains("token"));
    }
}
