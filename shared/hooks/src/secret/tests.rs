use super::*;

fn read(text: &str) -> Result<Vec<u8>, SecretError> {
    key(&SecretString::from(text)).map(|key| key.to_vec())
}

#[test]
fn secrets_are_read_in_both_forms() {
    let ascii: Vec<u8> = (0..25).collect();
    assert_eq!(read("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA==").unwrap(), ascii);
    assert_eq!(read("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA").unwrap(), ascii);
    assert_eq!(read("a secret of our own").unwrap(), b"a secret of our own");
}

#[test]
fn what_cannot_sign_is_told_apart_and_not_shown() {
    let long = format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode([7; 65]));
    let long_text = "a".repeat(257);
    for (text, error) in [
        ("", SecretError::TooShort),
        ("canary", SecretError::TooShort),
        ("whsec_", SecretError::TooShort),
        ("whsec_Y2FuYXJ5", SecretError::TooShort),
        ("whsec_canary canary canary canary canary", SecretError::NotBase64),
        ("whsk_canarycanarycanarycanary", SecretError::Asymmetric),
        ("whpk_canarycanarycanarycanary", SecretError::Asymmetric),
        (long.as_str(), SecretError::TooLong),
        (long_text.as_str(), SecretError::TooLong),
    ] {
        let refused = read(text).unwrap_err();
        assert_eq!(refused, error, "{text}");
        assert!(!format!("{refused} {refused:?}").contains("canary"));
    }
}

#[test]
fn a_new_secret_is_in_the_conventions_form_and_never_the_same() {
    let (one, two) = (new_secret(), new_secret());
    assert!(one.expose_secret().starts_with(PREFIX));
    assert_eq!(key(&one).unwrap().len(), 32);
    assert_ne!(one.expose_secret(), two.expose_secret());
}
