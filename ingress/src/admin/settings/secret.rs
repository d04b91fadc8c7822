//! Secrets go in and never come out: what is shown of one that is kept, and how a new one is made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::settings::SecretInfo;
use maud::{Markup, html};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::language::Language;
use super::super::parts;

/// What is told of a secret that is kept: when it was set, and a fingerprint by which two can be compared.
pub(super) fn secret_line(l: Language, what: &str, info: &SecretInfo) -> Markup {
    html! { p.hint {
        (what) ": " (l.say("задано ", "set on ")) (l.minute(info.set_at))
        (l.say(", відбиток ", ", fingerprint ")) code { (info.fingerprint) } ". "
        (l.say("Порожнє поле залишає його як є.", "An empty field keeps it as it is."))
    } }
}

/// 32 random bytes as text that needs no quoting anywhere.
pub(super) fn new_secret() -> SecretString {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes).into()
}

/// A secret we made, on the one page that ever shows it.
pub(super) fn shown_once(l: Language, title: &str, secret: &SecretString, next: Markup) -> Markup {
    html! {
        section.card.warn aria-labelledby="secret-title" {
            h2 #secret-title { (title) }
            p { (parts::copyable(l, secret.expose_secret())) }
            p {
                strong { (l.say(
                    "Скопіюйте його зараз: більше його ніхто не покаже.",
                    "Copy it now: nobody can show it again.",
                )) }
            }
            (next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_secrets_are_long_and_differ() {
        let (one, other) = (new_secret(), new_secret());
        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
