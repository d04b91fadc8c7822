//! Nothing secret rests in clear: recognisable secrets of every kind are set, payments are worked, and
//! then the whole database is searched for them, in every form they may have.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ledger::sqlite_file;
use sandbox::fondy::NewOrder;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use secrecy::ExposeSecret;
use tests::bed::{PATIENCE, TestBed, on_each, said};
use tests::db::Database;
use tests::eventually;

use super::{API_KEY, CERTIFICATE, FONDY_KEY, HOOK, PASSWORD, PIN, PRIVATE_KEY, open_shops};

#[tokio::test]
async fn no_secret_rests_in_clear() {
    on_each(async |database| {
        let mut bed = TestBed::start(database).await;
        let endpoint = bed.start_shop().await;
        bed.start_ingress().await;
        let worker = bed.start_worker(tests::bed::short_times()).await;
        bed.keep(worker);
        let shops = open_shops(&bed, &endpoint).await;
        for shop in &shops {
            let order = bed.place_with(shop, bought("A-1"));
            bed.fondy.pay(&order.at_gateway).unwrap();
            bed.until(&order, &["sale registered"]).await;
        }
        bed.at_rest().await;
        // One endpoint's secret can sign, the other's cannot.
        eventually(PATIENCE, async || {
            let messages = bed.messages().await;
            let mut words: Vec<String> = messages.iter().map(said).collect();
            words.sort();
            words == ["registered done", "registered held bad_secret"]
        })
        .await;

        let everything = everything(database, &bed.url).await;
        for there in ["4000999001", "k1.", "A-1", "flowers-fondy"] {
            assert!(stands_in(&everything, there.as_bytes()), "{there} can be found");
        }
        let found: Vec<String> = forbidden()
            .into_iter()
            .filter(|(_, form)| stands_in(&everything, form))
            .map(|(name, _)| name)
            .collect();
        assert!(found.is_empty(), "in clear on {database}: {found:?}");
    })
    .await;
}

/// What a shop and its buyer write into an order is theirs, and kept; these write nothing secret.
fn bought(id: &str) -> NewOrder {
    NewOrder {
        order_id: id.to_owned(),
        amount: 26_750,
        order_desc: "Тюльпани".to_owned(),
        ..NewOrder::default()
    }
}

/// The files of SQLite as they are; of PostgreSQL every row of every table as text.
pub(crate) async fn everything(database: Database, url: &str) -> Vec<u8> {
    match database {
        Database::Sqlite => {
            let file = sqlite_file(url).unwrap();
            let files = ["", "-wal", "-shm"].map(|end| {
                let mut name = file.clone().into_os_string();
                name.push(end);
                std::fs::read(name).unwrap()
            });
            files.concat()
        }
        Database::Postgres => {
            let db = sea_orm::Database::connect(url).await.unwrap();
            let tables = "SELECT table_name FROM information_schema.tables
                WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";
            let tables = texts(&db, tables).await;
            for table in [
                "registers",
                "sources",
                "shop_webhooks",
                "vault",
                "attempts",
                "events",
                "audit",
            ] {
                assert!(tables.iter().any(|found| found == table), "{table} is dumped");
            }
            let mut dump = Vec::new();
            for table in tables {
                let rows = texts(&db, &format!("SELECT row_to_json(it)::text FROM \"{table}\" AS it")).await;
                dump.extend(rows.concat().into_bytes());
            }
            dump
        }
    }
}

async fn texts(db: &DatabaseConnection, select: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), select);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// What must not be found, each with a name that may be shown.
fn forbidden() -> Vec<(String, Vec<u8>)> {
    let key = tests::master_key().expose_secret();
    let mut secrets = vec![
        ("PIN", PIN.as_bytes().to_vec()),
        ("password", PASSWORD.as_bytes().to_vec()),
        ("private key", PRIVATE_KEY.as_bytes().to_vec()),
        ("private key, decoded", STANDARD.decode(PRIVATE_KEY).unwrap()),
        ("certificate", CERTIFICATE.as_bytes().to_vec()),
        ("certificate, decoded", STANDARD.decode(CERTIFICATE).unwrap()),
        ("API key", API_KEY.as_bytes().to_vec()),
        ("payment key", FONDY_KEY.as_bytes().to_vec()),
        ("webhook's secret", HOOK.as_bytes().to_vec()),
        ("master key", key.as_bytes().to_vec()),
        ("master key, decoded", STANDARD.decode(key).unwrap()),
    ];
    let half = STANDARD.decode(key).unwrap()[..16].to_vec();
    secrets.push(("half of the master key", half));
    secrets
        .iter()
        .flat_map(|(name, bytes)| {
            forms(bytes)
                .into_iter()
                .map(move |(form, text)| (format!("{name} {form}"), text))
        })
        .collect()
}

/// As it is, in hex, and in base64 wherever it begins in what was encoded.
pub(crate) fn forms(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("as it is", bytes.to_vec()),
        ("in HEX", hex.to_uppercase().into_bytes()),
        ("in hex", hex.into_bytes()),
    ];
    for shift in 0..3 {
        let shifted = [&vec![0; shift][..], bytes].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&shifted);
            // The characters that also hold bits of what stands before or after.
            let begin = [0, 2, 3][shift];
            let end = text.len() - usize::from(!shifted.len().is_multiple_of(3));
            forms.push(("in base64", text.as_bytes()[begin..end].to_vec()));
        }
    }
    forms
}

pub(crate) fn stands_in(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn every_form_is_found() {
    let secret = b"canary-7711";
    for before in ["", "x", "xy", "xyz"] {
        let around = [before.as_bytes(), secret, b" and more"].concat();
        for text in [
            String::from_utf8(around.clone()).unwrap(),
            STANDARD.encode(&around),
            URL_SAFE_NO_PAD.encode(&around),
            around.iter().map(|byte| format!("{byte:02x}")).collect(),
            around.iter().map(|byte| format!("{byte:02X}")).collect(),
        ] {
            let found = forms(secret).iter().any(|(_, form)| stands_in(text.as_bytes(), form));
            assert!(found, "{text}");
        }
    }
    assert!(!forms(b"canary-7712").iter().any(|(_, form)| stands_in(secret, form)));
}
