use sha2::{Digest as _, Sha256};

/// The lines between the parts of one letter: the same for the same Message-ID.
///
/// They begin with `=_`, which cannot stand in a quoted-printable or base64 part (RFC 2045 §6.7), so no text can break
/// out of its part.
pub(super) struct Boundaries {
    digest: String,
}

impl Boundaries {
    pub(super) fn of(message_id: &str) -> Self {
        let digest = Sha256::digest(message_id.as_bytes());
        Self {
            digest: digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// Of one multipart; each needs its own, and none may begin another.
    pub(super) fn named(&self, part: &str) -> String {
        format!("=_{part}_{}", self.digest)
    }
}
