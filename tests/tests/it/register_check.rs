//! What the settings pages ask before a register is saved, asked of the provider's simulator.

use domain::ids::RegisterNumber;
use ingress::register_check::{Certificate, Probe, TroubleKind};
use ledger::settings::Credentials;
use sandbox::cashalot::{self, DEFAULT_KEY_PIN, OperatorSetup, RegisterSetup};
use tests::bed::TestBed;
use tests::db::Database;

const NUMBER: u64 = 4_000_999_071;

fn number(number: u64) -> RegisterNumber {
    RegisterNumber::parse(&number.to_string()).unwrap()
}

fn keys() -> (Credentials, cashalot::Credentials) {
    let (certificate, private_key, password) = ("MIIB", "MIIC", "canary password");
    let ours = Credentials::Keys {
        certificate: certificate.into(),
        private_key: private_key.into(),
        password: password.into(),
    };
    let theirs = cashalot::Credentials::Keys {
        certificate: certificate.to_owned(),
        private_key: private_key.to_owned(),
        password: password.to_owned(),
    };
    (ours, theirs)
}

fn probe(bed: &TestBed, credentials: &Credentials) -> Probe {
    let url = format!("http://{}/", bed.cashalot_addr).parse().unwrap();
    Probe::new(url, credentials).unwrap()
}

#[tokio::test]
async fn a_key_shows_its_registers_and_its_owner() {
    let bed = TestBed::start(Database::Sqlite).await;
    let (ours, theirs) = keys();
    bed.cashalot.add_register(RegisterSetup::new(NUMBER));
    let operator = OperatorSetup {
        name: "Власник ключа".to_owned(),
        credentials: theirs,
        chief: true,
    };
    assert!(bed.cashalot.add_operator(NUMBER, operator));
    let probe = probe(&bed, &ours);
    let key = probe.key().await.unwrap();
    let Certificate::Known { owner, until, .. } = &key.certificate else {
        panic!("{key:?}");
    };
    assert_eq!(owner.as_deref(), Some("Власник ключа"));
    assert_eq!(until.unwrap().0, 2_064_257_999_000, "the end of 31 May 2035 in Kyiv");
    let listed: Vec<RegisterNumber> = key
        .units
        .iter()
        .flat_map(|unit| &unit.registers)
        .map(|register| register.number.clone())
        .collect();
    assert_eq!(listed, [number(NUMBER)]);
    assert!(!key.tax_service_away);
    let register = probe.register(&number(NUMBER)).await.unwrap();
    assert_eq!(
        (register.shift_open, register.cancelled, register.offline),
        (Some(false), false, Some(true))
    );
    assert!(bed.cashalot.documents(NUMBER).is_empty(), "asking changes nothing");
}

#[tokio::test]
async fn what_is_wrong_is_told_apart() {
    let bed = TestBed::start(Database::Sqlite).await;
    bed.cashalot.add_register(RegisterSetup::new(NUMBER));
    let mut other = RegisterSetup::new(NUMBER + 1);
    other.credentials = Some(cashalot::Credentials::KeyPin("another".to_owned()));
    bed.cashalot.add_register(other);

    let wrong = probe(&bed, &Credentials::KeyPin("canary-wrong".into()))
        .key()
        .await
        .unwrap_err();
    assert_eq!(wrong.kind, TroubleKind::WrongKey);
    let unknown = probe(&bed, &keys().0).key().await.unwrap_err();
    assert_eq!(unknown.kind, TroubleKind::BadCertificate);

    let right = probe(&bed, &Credentials::KeyPin(DEFAULT_KEY_PIN.into()));
    assert_eq!(right.key().await.unwrap().certificate, Certificate::AtProvider);
    let absent = right.register(&number(1)).await.unwrap_err();
    assert_eq!(absent.kind, TroubleKind::UnknownRegister);
    let foreign = right.register(&number(NUMBER + 1)).await.unwrap_err();
    assert_eq!(foreign.kind, TroubleKind::NotGranted);

    bed.cashalot.set_fsko(false);
    let away = right.key().await.unwrap_err();
    assert_eq!(away.kind, TroubleKind::TaxServiceAway);
    assert!(away.kind.is_outage());
}
