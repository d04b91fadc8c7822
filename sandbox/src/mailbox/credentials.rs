//! Credentials as they come over the wire (RFC 4616, and LOGIN as everybody does it).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::config::User;

/// What `AUTH LOGIN` asks for, in base64: `Username:` and `Password:`.
pub(super) const PROMPTS: [&str; 2] = ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"];

/// The name and the password of a `PLAIN` answer: `[identity] NUL name NUL password`.
pub(super) fn plain(answer: &str) -> Option<User> {
    let text = decoded(answer)?;
    let mut parts = text.split('\0');
    let (_identity, name, password) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none();
    whole.then(|| User {
        name: name.to_owned(),
        password: password.to_owned(),
    })
}

/// One answer of `LOGIN`; `=` is the empty one.
pub(super) fn decoded(answer: &str) -> Option<String> {
    if answer == "=" {
        return Some(String::new());
    }
    String::from_utf8(STANDARD.decode(answer).ok()?).ok()
}

/// Whether these are the user's.
pub(super) fn are_right(sent: &User, user: &User) -> bool {
    sent.name == user.name && sent.password == user.password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_answer_has_three_parts() {
        let read = |text: &str| plain(&STANDARD.encode(text)).map(|user| (user.name, user.password));
        let expected = Some(("каса".to_owned(), "p w".to_owned()));
        assert_eq!(read("\0каса\0p w"), expected);
        assert_eq!(read("someone\0каса\0p w"), expected);
        assert_eq!(read("каса\0p w"), None);
        assert_eq!(read("\0a\0b\0c"), None);
        assert!(plain("not base64!").is_none());
        assert_eq!(
            PROMPTS.map(|prompt| decoded(prompt).unwrap()),
            ["Username:", "Password:"]
        );
        assert_eq!(decoded("="), Some(String::new()));
    }
}
