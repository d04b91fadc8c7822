use super::*;

#[test]
fn endpoints_are_web_addresses_without_secrets_in_front() {
    let long = format!("https://shop.example/{}", "a".repeat(MAX_LENGTH));
    for (text, error) in [
        ("https://shop.example/hooks/fiscal?key=1", None),
        ("http://127.0.0.1:9501/fiscal", None),
        ("HTTPS://SHOP.example", None),
        ("", Some(EndpointError::NotAUrl)),
        ("shop.example/hooks", Some(EndpointError::NotAUrl)),
        ("https://", Some(EndpointError::NotAUrl)),
        ("https://shop.example:99999/", Some(EndpointError::NotAUrl)),
        ("ftp://shop.example/", Some(EndpointError::Scheme)),
        ("file:///etc/passwd", Some(EndpointError::Scheme)),
        ("gopher://shop.example/", Some(EndpointError::Scheme)),
        ("https://canary@shop.example/", Some(EndpointError::UserInfo)),
        ("https://:canary@shop.example/", Some(EndpointError::UserInfo)),
        ("https://shop.example/#canary", Some(EndpointError::Fragment)),
        (long.as_str(), Some(EndpointError::TooLong)),
    ] {
        assert_eq!(Endpoint::parse(text).err(), error, "{text}");
    }
}

#[test]
fn an_address_is_found_in_every_disguise() {
    for (text, ip) in [
        ("http://127.0.0.1/", Some("127.0.0.1")),
        ("http://2130706433/", Some("127.0.0.1")),
        ("http://0x7f000001/", Some("127.0.0.1")),
        ("http://0x7f.1/", Some("127.0.0.1")),
        ("http://0177.0.0.1/", Some("127.0.0.1")),
        ("http://127.1./", Some("127.0.0.1")),
        ("http://１２７.0.0.1/", Some("127.0.0.1")),
        ("http://%31%32%37.0.0.1/", Some("127.0.0.1")),
        ("http://[::ffff:127.0.0.1]/", Some("::ffff:7f00:1")),
        ("http://[::1]:8080/", Some("::1")),
        ("http://0/", Some("0.0.0.0")),
        ("https://shop.example/", None),
        ("http://localhost/", None),
    ] {
        let expected: Option<IpAddr> = ip.map(|ip| ip.parse().unwrap());
        assert_eq!(Endpoint::parse(text).unwrap().ip(), expected, "{text}");
    }
}

#[test]
fn only_the_origin_is_shown() {
    let endpoint = Endpoint::parse("https://shop.example:8443/canary/hook?key=canary").unwrap();
    assert_eq!(endpoint.to_string(), "https://shop.example:8443");
    assert!(!format!("{endpoint:?}").contains("canary"));
}
