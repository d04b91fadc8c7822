use ledger::settings::{Provider, ReceiptMaker};

use super::*;
use secrecy::ExposeSecret as _;

const EXAMPLE: &str = include_str!("../../../deploy/example.toml");
const PROVIDERS: &str = include_str!("../../../deploy/providers.toml");

fn places() -> Places<'static> {
    Places {
        env: &|name| (!name.ends_with("UNSET")).then(|| format!("secret-of-{name} ")),
        file: &|path| {
            if path == "key.dat" {
                Ok(vec![0, 1, 2])
            } else {
                Err(std::io::ErrorKind::NotFound.into())
            }
        },
    }
}

fn problems(text: &str) -> Vec<String> {
    match parse(text, "kasyr.toml", &places()) {
        Err(ApplyError::Problems(problems)) => problems,
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

#[test]
fn the_example_is_understood() {
    let settings = parse(EXAMPLE, "example.toml", &places()).unwrap();
    assert_eq!(
        (
            settings.merchants.len(),
            settings.registers.len(),
            settings.sources.len()
        ),
        (1, 1, 1)
    );
    assert_eq!(
        settings.sources[0].secret.expose_secret(),
        "secret-of-FLOWERS_FONDY_SECRET"
    );
    assert!(settings.sources[0].confirm);
}

#[test]
fn a_register_at_each_provider_is_understood() {
    let settings = parse(PROVIDERS, "providers.toml", &places()).unwrap();
    let providers: Vec<Provider> = settings.registers.iter().map(|register| register.provider).collect();
    assert_eq!(providers, Provider::ALL);
    let kinds: Vec<Option<Provider>> = settings.sources.iter().map(|source| source.kind.provider()).collect();
    assert_eq!(kinds, [Some(Provider::CashDesk), Some(Provider::AtolOnline)]);
}

#[test]
fn notices_of_one_provider_are_not_of_a_register_at_another() {
    let found = problems(&PROVIDERS.replace("register = \"flowers-3\"", "register = \"flowers-1\""));
    assert_eq!(
        found,
        ["source \"flowers-atol\", register: these are notices of ATOL Online, so it must be a register there"]
    );
}

#[test]
fn every_problem_is_told_with_its_place() {
    let text = EXAMPLE
        .replace("4000999001", "40-1")
        .replace("\"23:30\"", "\"25:30\"")
        .replace("provider = \"cashalot\"", "provider = \"paper\"")
        .replace("register = \"flowers-1\"", "register = \"other\"")
        .replace("FLOWERS_FONDY_SECRET", "UNSET");
    let found = problems(&text);
    for expected in [
        "register \"flowers-1\", provider: \"paper\" is not one of: cashalot, cashdesk, atol-online",
        "register \"flowers-1\", fiscal_number: it has only digits",
        "register \"flowers-1\", close_at: it must be a time of day like \"23:30\"",
        "source \"flowers-fondy\", register: the merchant declares no register \"other\"",
        "source \"flowers-fondy\", secret: the environment variable UNSET is not set",
    ] {
        assert!(
            found.iter().any(|problem| problem == expected),
            "{expected} is missing in {found:#?}"
        );
    }
}

#[test]
fn a_broken_file_is_told_by_line_without_showing_it() {
    let text = EXAMPLE.replace(
        "secret = { env = \"FLOWERS_API_KEY\" }",
        "secret = \"canary-secret\" oops",
    );
    let found = problems(&text).concat();
    assert!(found.contains("line "), "{found}");
    assert!(!found.contains("canary"), "{found}");
}

#[test]
fn an_unknown_setting_is_named() {
    let found = problems(&EXAMPLE.replace("close_at", "closing_at")).concat();
    assert!(found.contains("closing_at"), "{found}");
}

#[test]
fn key_files_are_encoded_and_belong_together() {
    let keys = "credentials = { certificate = { file = \"key.dat\" }, private_key = { file = \"key.dat\" }, password = \"p\" }";
    let example = |credentials: &str| {
        let line = EXAMPLE.lines().find(|line| line.starts_with("credentials")).unwrap();
        EXAMPLE.replace(line, credentials)
    };
    let settings = parse(&example(keys), "example.toml", &places()).unwrap();
    match &settings.registers[0].credentials {
        ledger::settings::Credentials::Keys { private_key, .. } => assert_eq!(private_key.expose_secret(), "AAEC"),
        other => panic!("{other:?}"),
    }
    for (wrong, expected) in [
        ("credentials = { certificate = \"a\" }", "belong together"),
        ("credentials = { }", "exactly one of"),
        ("credentials = { key_pin = \"1\", smart_id = true }", "exactly one of"),
        (
            "credentials = { key_pin = { file = \"nowhere\" } }",
            "the file nowhere cannot be read",
        ),
    ] {
        let found = problems(&example(wrong)).concat();
        assert!(found.contains(expected), "{wrong}: {found}");
    }
}

#[test]
fn vat_letters_have_rates() {
    let vat = |tax: &str| {
        parse(
            &EXAMPLE.replace("tax = { vat = \"none\" }", tax),
            "example.toml",
            &places(),
        )
    };
    let settings = vat("tax = { letters = { default = \"А\", \"А\" = 20.0, \"Б\" = 7, \"В\" = \"14.5\" } }").unwrap();
    let domain::tax::VatScheme::Letters { rates, .. } = &settings.registers[0].vat else {
        panic!("no letters");
    };
    assert_eq!(
        rates.values().map(|rate| rate.basis_points()).collect::<Vec<_>>(),
        [2000, 700, 1450]
    );
    for wrong in [
        "tax = { letters = { \"А\" = 20.0 } }",
        "tax = { vat = \"20\" }",
        "tax = { letters = { default = \"А\", \"А\" = 120 } }",
    ] {
        assert!(vat(wrong).is_err(), "{wrong}");
    }
}

fn source(line: &str) -> Result<ledger::settings::Source, String> {
    let example = EXAMPLE.lines().find(|line| line.starts_with("account")).unwrap();
    let settings = parse(&EXAMPLE.replace(example, line), "example.toml", &places());
    settings
        .map(|mut settings| settings.sources.remove(0))
        .map_err(|error| error.to_string())
}

#[test]
fn a_merchants_number_at_fondy_is_written_with_or_without_quotes_and_by_its_name_of_old() {
    for line in [
        "account = \"1396424\"",
        "account = 1396424",
        "gateway_merchant_id = 1396424",
    ] {
        assert_eq!(source(line).unwrap().gateway_merchant_id(), Some(1_396_424), "{line}");
    }
    for (wrong, expected) in [
        ("", "a merchant at Fondy is a number"),
        ("account = \"i12345\"", "a merchant at Fondy is a number"),
        ("account = true", "it must be a text or a number"),
        ("account = 1\ngateway_merchant_id = 1", "give one of them"),
    ] {
        let problem = source(wrong).unwrap_err();
        assert!(problem.contains(expected), "{wrong}: {problem}");
    }
}

#[test]
fn whom_a_source_believes_and_who_makes_its_receipts_is_declared() {
    let usual = source("account = 1").unwrap();
    assert_eq!((usual.old_secret_hours, usual.allowed_addresses.len()), (24, 0));
    assert_eq!((usual.makes_receipts, usual.technical), (ReceiptMaker::Kasyr, false));
    let told = source(
        "account = 1\nold_secret_hours = 0\nallowed_addresses = [\"54.154.216.60\", \"10.0.0.0/8\"]\n\
         mode = \"gateway-fiscalizes\"\ntechnical = true",
    );
    let told = told.unwrap();
    let listed: Vec<String> = told.allowed_addresses.iter().map(ToString::to_string).collect();
    assert_eq!(
        (told.old_secret_hours, listed),
        (0, vec!["54.154.216.60".to_owned(), "10.0.0.0/8".to_owned()])
    );
    assert_eq!((told.makes_receipts, told.technical), (ReceiptMaker::Gateway, true));
    for (wrong, expected) in [
        ("old_secret_hours = 721", "from 0 to 720"),
        ("allowed_addresses = [\"fondy.eu\"]", "an IP address or a network"),
        ("mode = \"nobody\"", "kasyr-fiscalizes, gateway-fiscalizes"),
    ] {
        let problem = source(&format!("account = 1\n{wrong}")).unwrap_err();
        assert!(problem.contains(expected), "{wrong}: {problem}");
    }
}

fn notices(register: &str, lines: &str) -> Result<ledger::settings::Source, Vec<String>> {
    let (registers, _) = PROVIDERS.split_once("[[merchant.source]]").unwrap();
    let text = format!("{registers}[[merchant.source]]\nid = \"told\"\nregister = \"{register}\"\n{lines}");
    match parse(&text, "kasyr.toml", &places()) {
        Ok(mut settings) => Ok(settings.sources.remove(0)),
        Err(ApplyError::Problems(problems)) => Err(problems),
        Err(other) => Err(vec![other.to_string()]),
    }
}

#[test]
fn a_providers_notices_need_a_register_and_a_secret_and_nothing_else() {
    for (register, kind, expected) in [
        ("flowers-2", "cashdesk", ledger::settings::SourceKind::CashDesk),
        ("flowers-3", "atol-online", ledger::settings::SourceKind::AtolOnline),
    ] {
        let source = notices(register, &format!("kind = \"{kind}\"\nsecret = \"0123456789abcdef\"")).unwrap();
        assert_eq!(
            (source.kind, source.confirm, source.api_url.as_str()),
            (expected, true, "")
        );
        for (line, problem) in [
            ("secret = \"0123456789abcde\"", "secret: nothing signs these notices"),
            ("secret = \"0123456789abcde?\"", "secret: nothing signs these notices"),
            (
                "secret = \"0123456789abcdef\"\nconfirm = false",
                "confirm = false cannot be",
            ),
            (
                "secret = \"0123456789abcdef\"\naccount = \"shop\"",
                "account: a provider's notices have no account",
            ),
            (
                "secret = \"0123456789abcdef\"\napi_url = \"https://a.example\"",
                "no account and no api_url",
            ),
            ("secret = \"0123456789abcdef\"\ntechnical = true", "are Fondy's"),
        ] {
            let problems = notices(register, &format!("kind = \"{kind}\"\n{line}")).unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(problem), "{line}: {problems:?}");
        }
    }
    let problems = notices(
        "flowers-1",
        "kind = \"fondy\"\naccount = 77\nsecret = \"0123456789abcdef\"",
    )
    .unwrap_err();
    assert!(problems[0].contains("api_url"), "{problems:?}");
}
