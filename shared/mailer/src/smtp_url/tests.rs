use secrecy::ExposeSecret;

use super::*;

#[test]
fn addresses_are_read_with_their_usual_ports() {
    for (text, shown, security) in [
        (
            "smtp://mail.example.com",
            "smtp://mail.example.com:587",
            Security::Required,
        ),
        (
            "smtp://mail.example.com/",
            "smtp://mail.example.com:587",
            Security::Required,
        ),
        (
            "smtps://mail.example.com",
            "smtps://mail.example.com:465",
            Security::FromTheStart,
        ),
        (
            "smtp://MAIL.example.com:25?tls=none",
            "smtp://mail.example.com:25",
            Security::Never,
        ),
        (
            "smtp://u:p@mail.example.com:2525?tls=opportunistic",
            "smtp://mail.example.com:2525",
            Security::Opportunistic,
        ),
        ("smtp://u:p@127.0.0.1?tls=none", "smtp://127.0.0.1:587", Security::Never),
        ("smtp://u:p@[::1]:25?tls=none", "smtp://[::1]:25", Security::Never),
        ("smtp://u:p@localhost?tls=none", "smtp://localhost:587", Security::Never),
        (
            " smtp://пошта.укр\n",
            "smtp://xn--80a1acn3a.xn--j1amh:587",
            Security::Required,
        ),
    ] {
        let url = SmtpUrl::parse(text).unwrap();
        assert_eq!((url.to_string().as_str(), url.security), (shown, security), "{text}");
    }
}

#[test]
fn a_user_and_a_password_are_unescaped() {
    let url = SmtpUrl::parse("smtp://robot%40example.com:p%40%3A%2F%25%D1%97@mail.example.com").unwrap();
    let sign_in = url.sign_in.unwrap();
    assert_eq!(sign_in.user, "robot@example.com");
    assert_eq!(sign_in.password.expose_secret(), "p@:/%ї");
}

#[test]
fn parameters_are_taken() {
    let url = SmtpUrl::parse("smtps://mail.example.com?ca=%2Fetc%2Fown%20ca.pem&hello=kasyr.example.com").unwrap();
    assert_eq!(url.ca, Some(PathBuf::from("/etc/own ca.pem")));
    assert_eq!(url.hello, "kasyr.example.com");
    assert_eq!(SmtpUrl::parse("smtps://mail.example.com").unwrap().hello, "[127.0.0.1]");
}

#[test]
fn mistakes_are_told_apart_and_show_nothing_of_the_password() {
    for (text, error) in [
        ("", SmtpUrlError::NotAUrl),
        ("mail.example.com", SmtpUrlError::NotAUrl),
        ("smtp://u:canary?x@mail.example.com", SmtpUrlError::NotAUrl),
        ("smtp://u:p@mail.example.com:99999", SmtpUrlError::NotAUrl),
        ("https://u:canary@mail.example.com", SmtpUrlError::Scheme),
        ("smtp:mail.example.com", SmtpUrlError::Path),
        ("smtp://", SmtpUrlError::Host),
        ("smtp://u:canary@", SmtpUrlError::NotAUrl),
        ("smtp://u:canary@mail%20x", SmtpUrlError::Host),
        ("smtp://u:12/canary@mail.example.com", SmtpUrlError::Path),
        ("smtp://u:12#canary@mail.example.com", SmtpUrlError::Fragment),
        ("smtp://u:12?canary@mail.example.com", SmtpUrlError::UnknownParameter),
        ("smtp://canary@mail.example.com", SmtpUrlError::HalfSignIn),
        ("smtp://:canary@mail.example.com", SmtpUrlError::HalfSignIn),
        ("smtp://u:canary%@mail.example.com", SmtpUrlError::BadEscape),
        ("smtp://u:canary%4@mail.example.com", SmtpUrlError::BadEscape),
        ("smtp://u:canary%xx@mail.example.com", SmtpUrlError::BadEscape),
        ("smtp://u:canary%ff@mail.example.com", SmtpUrlError::BadEscape),
        ("smtp://u:canary%00x@mail.example.com", SmtpUrlError::BadEscape),
        ("smtp://mail.example.com?tls=yes", SmtpUrlError::BadTls),
        (
            "smtp://mail.example.com?tls=none&tls=required",
            SmtpUrlError::RepeatedParameter,
        ),
        ("smtps://mail.example.com?tls=none", SmtpUrlError::TlsTwice),
        ("smtp://mail.example.com?ca=", SmtpUrlError::BadCa),
        ("smtp://mail.example.com?hello=a%0D%0Ab", SmtpUrlError::BadHello),
        (
            "smtp://u:canary@mail.example.com?tls=none",
            SmtpUrlError::PasswordInClear,
        ),
        ("smtp://u:canary@10.0.0.1?tls=none", SmtpUrlError::PasswordInClear),
    ] {
        let refused = SmtpUrl::parse(text).unwrap_err();
        assert_eq!(refused, error, "{text}");
        assert!(!format!("{refused} {refused:?}").contains("canary"), "{text}");
    }
}

#[test]
fn debug_shows_neither_user_nor_password() {
    let url = SmtpUrl::parse("smtp://canary-user:canary-password@mail.example.com").unwrap();
    let shown = format!("{url:?} {url}");
    assert!(shown.contains("mail.example.com:587"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}
