use super::*;

#[test]
fn addresses_are_read_with_a_name_and_without() {
    for (text, email, name) in [
        ("olena@example.com", "olena@example.com", None),
        (" olena@example.com ", "olena@example.com", None),
        ("Квіти <shop@example.com>", "shop@example.com", Some("Квіти")),
        (
            "\"Квіти, подарунки\" <shop@example.com>",
            "shop@example.com",
            Some("Квіти, подарунки"),
        ),
        ("o'brien+receipts@example.com", "o'brien+receipts@example.com", None),
        ("olena@квіти.укр", "olena@xn--b1ame7a1g.xn--j1amh", None),
        ("olena@localhost", "olena@localhost", None),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!(address.email(), email, "{text}");
        assert_eq!(address.name.as_deref(), name, "{text}");
    }
}

#[test]
fn what_is_not_an_address_is_refused_without_being_shown() {
    let long = format!("{}@{}.com", "a".repeat(60), vec!["b".repeat(60); 4].join("."));
    for (text, error) in [
        ("", AddressError::NotAnAddress),
        ("canary", AddressError::NotAnAddress),
        ("canary@", AddressError::NotAnAddress),
        ("@example.com", AddressError::NotAnAddress),
        ("canary@exa mple.com", AddressError::NotAnAddress),
        ("canary@[127.0.0.1]", AddressError::NotAnAddress),
        ("canary@127.0.0.1", AddressError::NotAnAddress),
        ("canary@example.com, b@example.com", AddressError::NotAnAddress),
        (
            "canary@example.com>\r\nRCPT TO:<b@example.com",
            AddressError::ControlCharacter,
        ),
        ("canary\n@example.com", AddressError::ControlCharacter),
        ("олена@example.com", AddressError::NotAscii),
        (long.as_str(), AddressError::TooLong),
    ] {
        let refused = Address::parse(text).unwrap_err();
        assert_eq!(refused, error, "{text}");
        assert!(!format!("{refused} {refused:?}").contains("canary"));
    }
}

#[test]
fn another_name_may_be_given_and_taken_away() {
    let address = Address::parse("Old <shop@example.com>").unwrap();
    let named = address.clone().named("Квіти").unwrap();
    assert_eq!(named.name.as_deref(), Some("Квіти"));
    assert_eq!(named.named("").unwrap().name, None);
    assert_eq!(
        address.named("a\r\nBcc: b").unwrap_err(),
        AddressError::ControlCharacter
    );
}

#[test]
fn debug_shows_no_whole_address() {
    let shown = format!("{:?}", Address::parse("Олена <olena.canary@example.com>").unwrap());
    assert_eq!(shown, "o***@example.com");
}
