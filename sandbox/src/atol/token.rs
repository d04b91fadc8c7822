//! Tokens: who they belong to and how long they live.

use rand::Rng as _;
use rand::rngs::StdRng;

use super::config::{Config, TokenPolicy};
use crate::clock::millis;

#[derive(Default)]
pub(super) struct Tokens(Vec<Token>);

struct Token {
    text: String,
    login: String,
    ends_ms: u64,
}

impl Tokens {
    /// A token for a login that has proved its password.
    pub(super) fn issue(&mut self, login: &str, config: &Config, now_ms: u64, dice: &mut StdRng) -> String {
        let newest = self.0.iter().rev().find(|token| token.login == login);
        if let (TokenPolicy::Same, Some(token)) = (config.token_policy, newest.filter(|token| token.ends_ms > now_ms)) {
            return token.text.clone();
        }
        let mut bytes = [0; 64];
        dice.fill_bytes(&mut bytes);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.push(Token {
            text: text.clone(),
            login: login.to_owned(),
            ends_ms: now_ms.saturating_add(millis(config.token_lifetime)),
        });
        text
    }

    /// Whose living token this is.
    pub(super) fn login(&self, text: &str, now_ms: u64) -> Option<&str> {
        let token = self.0.iter().find(|token| token.text == text)?;
        (token.ends_ms > now_ms).then_some(token.login.as_str())
    }

    /// No token lives on.
    pub(super) fn expire(&mut self) {
        self.0.clear();
    }

    pub(super) fn alive(&self, now_ms: u64) -> usize {
        self.0.iter().filter(|token| token.ends_ms > now_ms).count()
    }
}
