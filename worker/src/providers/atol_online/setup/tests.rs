use super::super::tests::register;
use super::*;

fn unfit(options: &[(&str, &str)]) -> Option<Unfit> {
    Setup::of(&register(options)).err()
}

#[test]
fn settings_that_cannot_be_are_named() {
    assert_eq!(unfit(&[]), None);
    for (option, value) in [
        ("group_code", " "),
        ("protocol", "v3"),
        ("inn", "12345"),
        ("inn", "12345678AB"),
        ("payment_address", ""),
        ("email", ""),
        ("payment_object", "bread"),
        ("vat_types", "А"),
        ("vat_types", "АБ=vat20"),
        ("vat_types", "А=vat99"),
    ] {
        assert_eq!(unfit(&[(option, value)]), Some(Unfit::BadOption(option)), "{value}");
    }
    assert_eq!(unfit(&[("protocol", "v5")]), Some(Unfit::BadOption("sno")));
}

#[test]
fn the_address_may_end_with_its_version() {
    for (base_url, protocol, address) in [
        (
            "https://kassa.example/possystem/v4",
            "v4",
            Ok("https://kassa.example/possystem"),
        ),
        (
            "https://kassa.example/possystem/v5/",
            "v5",
            Ok("https://kassa.example/possystem"),
        ),
        (
            "https://kassa.example/possystem",
            "v5",
            Ok("https://kassa.example/possystem"),
        ),
        ("https://kassa.example", "v4", Ok("https://kassa.example")),
        ("https://kassa.example/v5", "v4", Err(Unfit::OtherVersion)),
        ("kassa", "v4", Err(Unfit::BadAddress)),
        ("mailto:v4", "v4", Err(Unfit::BadAddress)),
    ] {
        let register = Register {
            base_url: base_url.to_owned(),
            ..register(&[("protocol", protocol), ("sno", "osn")])
        };
        let found = Setup::of(&register).map(|setup| setup.address);
        assert_eq!(found, address.map(str::to_owned), "{base_url}");
    }
}

#[test]
fn only_a_login_is_a_key() {
    let register = Register {
        credentials: settings::Credentials::ApiToken("key".into()),
        ..register(&[])
    };
    assert_eq!(Setup::of(&register).err(), Some(Unfit::WrongKey));
}

#[test]
fn a_letter_has_the_type_of_the_settings_or_of_its_rate() {
    let letter = |text| VatLetter::parse(text).unwrap();
    let points = |points| Rate::from_basis_points(points).unwrap();
    let rates = [("А", 2000), ("Б", 1000), ("В", 2300)].map(|(name, rate)| (letter(name), points(rate)));
    let scheme = VatScheme::letters(letter("А"), rates.into()).unwrap();
    let with = |types: &str| {
        Setup::of(&Register {
            vat: scheme.clone(),
            ..register(&[("vat_types", types)])
        })
    };
    let found = |types: &str, name, rate| {
        let kind = with(types).unwrap().vat_type(letter(name), points(rate));
        kind.map(|kind| kind.as_str().to_owned())
    };
    assert_eq!(found("", "А", 2000).as_deref(), Some("vat20"));
    assert_eq!(found("", "Б", 1000).as_deref(), Some("vat10"));
    assert_eq!(found("", "В", 2300), None);
    assert_eq!(found("А=vat120, Б=vat10", "А", 2000).as_deref(), Some("vat120"));
    // A rate that came by law after this was written.
    assert_eq!(found("В=vat23", "В", 2300).as_deref(), Some("vat23"));
    assert_eq!(with("А=vat10").err(), Some(Unfit::BadOption("vat_types")));
}
