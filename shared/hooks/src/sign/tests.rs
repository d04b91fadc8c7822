use super::*;

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|text| SecretString::from(*text)).collect()
}

#[test]
fn the_published_example_is_signed_as_published() {
    // The vector of the convention's own libraries.
    let signature = sign(
        &secrets(&["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]),
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1_649_367_553,
        br#"{"email":"test@example.com","username":"test_user"}"#,
    );
    assert_eq!(signature.unwrap(), "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
}

#[test]
fn each_secret_signs_while_they_change() {
    let (old, new) = ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "a secret of the shop's own");
    let one = |secret| sign(&secrets(&[secret]), "msg_1", 1, b"{}").unwrap();
    let both = sign(&secrets(&[old, new]), "msg_1", 1, b"{}").unwrap();
    assert_eq!(both, format!("{} {}", one(old), one(new)));
}

#[test]
fn what_cannot_be_signed_is_told_apart() {
    let good = "a secret of the shop's own";
    let long = "a".repeat(129);
    for (texts, id, error) in [
        (vec![], "msg_1", SignError::NoSecret),
        (
            vec![good, "short"],
            "msg_1",
            SignError::Secret {
                number: 2,
                source: SecretError::TooShort,
            },
        ),
        (vec![good], "", SignError::BadId),
        (vec![good], "msg.1", SignError::BadId),
        (vec![good], "msg 1", SignError::BadId),
        (vec![good], "msg\r\n1", SignError::BadId),
        (vec![good], long.as_str(), SignError::BadId),
    ] {
        assert_eq!(sign(&secrets(&texts), id, 1, b"{}"), Err(error), "{texts:?} {id}");
    }
}
