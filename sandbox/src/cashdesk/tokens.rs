//! Temporary tokens of `/authenticate`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Tokens with the moment they end, in milliseconds since 1970.
#[derive(Default)]
pub(super) struct Tokens {
    living: Vec<(String, u64)>,
    issued: u64,
}

impl Tokens {
    /// A new token; those of before stay good.
    pub(super) fn issue(&mut self, until_ms: u64) -> String {
        self.issued += 1;
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"sandbox","jti":{}}}"#, self.issued));
        let seal = Sha256::digest(format!("sandbox token {} {}", self.issued, uuid::Uuid::new_v4()));
        let token = format!("{head}.{claims}.{}", URL_SAFE_NO_PAD.encode(seal));
        self.living.push((token.clone(), until_ms));
        token
    }

    /// Whether the token is one of ours and has not ended.
    pub(super) fn accepts(&self, token: &str, now_ms: u64) -> bool {
        self.living
            .iter()
            .any(|(known, until_ms)| known == token && now_ms < *until_ms)
    }

    /// Ends all tokens.
    pub(super) fn expire(&mut self) {
        self.living.clear();
    }
}
