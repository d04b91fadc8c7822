//! `get_kkt_logs` with its signature, and the receipt link for `receipt` and `zreport`, as the document writes them.

use fondy::{Client, Credentials, FileKind, KktCode, TranType, read_kkt_logs};
use reqwest::Method;
use sandbox::fondy::{Merchant, NewOrder, TEST_MERCHANT};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tests::bed::TestBed;
use tests::db::Database;

/// The order of the document's request.
const ORDER: &str = "13731336126512";

async fn gateway() -> (TestBed, Client, reqwest::Client, String) {
    let bed = TestBed::start(Database::Sqlite).await;
    bed.fondy.add_merchant(Merchant {
        own_prro: true,
        ..Merchant::new(TEST_MERCHANT, "test")
    });
    let order = bed.fondy.create_order(NewOrder {
        order_id: ORDER.to_owned(),
        amount: 8_000,
        order_desc: "desc".to_owned(),
        ..NewOrder::default()
    });
    bed.fondy.pay(&order.unwrap()).unwrap();
    let base = format!("http://{}", bed.fondy_addr);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let credentials = Credentials {
        merchant_id: TEST_MERCHANT,
        key: SecretString::from("test"),
    };
    let timeout = tests::bed::PATIENCE;
    let client = Client::new(http.clone(), base.parse().unwrap(), credentials, timeout);
    (bed, client, http, base)
}

async fn post(http: &reqwest::Client, url: String, body: Value) -> Value {
    let answer = http.request(Method::POST, url).json(&body).send().await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test]
async fn the_fiscal_log_is_asked_for_and_answered_as_the_document_writes_it() {
    let (_bed, client, http, base) = gateway().await;
    // The request of the document; its printed signature is a placeholder, so the right one stands here.
    let request = json!({ "request": {
        "order_id": ORDER,
        "merchant_id": 1_396_424,
        "signature": "b995b2f2992de6f16f47bff43bb2d2c3c7cca744",
    }});
    let answer = post(&http, format!("{base}/api/get_kkt_logs"), request).await;
    let response = answer["response"].as_object().unwrap();
    assert_eq!(response["response_status"], "success");
    let digits = |key: &&String| key.bytes().all(|byte| byte.is_ascii_digit());
    let keys: Vec<&String> = response.keys().filter(digits).collect();
    let [transaction] = keys.as_slice() else {
        panic!("{answer}")
    };
    let entry = &response[*transaction];
    assert_eq!(
        (&entry["type"], &entry["response"]["ERRORCODE"]),
        (&json!("purchase"), &json!("0"))
    );

    let logs = client.kkt_logs(ORDER).await.unwrap();
    let [read] = logs.entries.as_slice() else {
        panic!("{logs:?}")
    };
    assert_eq!((&read.transaction_id, read.total), (*transaction, 8_000));
    assert_eq!(read.kind, TranType::Purchase);
    assert_eq!(read.registered(), entry["response"]["ORDERTAXNUM"].as_str());
    let listed = client.transaction_list(ORDER).await.unwrap();
    assert_eq!((&listed[0].id, listed[0].amount), (*transaction, Some(8_000)));
}

#[test]
fn the_documents_own_example_of_a_log_is_understood() {
    let text = r#"{ "response": { "1499968937": { "request": { "CHECKPAY": [ { "SUM": "80.00", "PAYSYS": [ { "NAME": "ПЛАТІЖНА СИСТЕМА MasterCard", "AUTHCD": "46049Z", "EPZDETAILS": "444444XXXXXX1111", "ACQUIRETRANSID": "024046466130" } ], "PAYFORMCD": 1, "PAYFORMNM": "Електронним платіжним засобом" } ], "CHECKBODY": [ { "CODE": 476657827, "COST": "80.00", "NAME": "Заказ №", "PRICE": "80.00", "VALCD": "980", "VALNM": "грн.", "AMOUNT": 1, "UNITNM": "од.", "VALSYMCD": "UAH", "DESCRIPTION": "desc" } ], "CHECKHEAD": { "TIN": "3263608852", "UID": "0E9B042D-888D-452C-B36B-12F283B76B02", "VER": 1, "ORGNM": "ТЕСТОВИЙ ПЛАТНИК", "CASHIER": "Тестовий платник", "DOCTYPE": 0, "LOGOURL": "https://logo.io/uploads/2021/logo.png", "OFFLINE": "false", "POINTNM": "ФОП Тестовий", "ORDERNUM": 4765, "ORDERDATE": "28122021", "ORDERTIME": "103735", "POINTADDR": "УКРАЇНА, ТЕРНОПIЛЬСЬКА ОБЛ., М. ТЕРНОПІЛЬ, м.Тернопіль, вул.Корольова,7/185", "DOCSUBTYPE": 0, "CASHDESKNUM": 1, "CASHREGISTERNUM": 4000000000 }, "CHECKTOTAL": { "SUM": 80, "RNDSUM": "0.00", "NORNDSUM": 80, "NOTAXSUM": 80 } }, "response": { "UID": "0E9B042D-888D-452C-B36B-12F283B76B02", "VER": "1", "ORDERNUM": "4765", "ERRORCODE": "0", "ORDERDATE": "28122021", "ORDERTIME": "103717", "ORDERTAXNUM": "123456789" }, "type": "purchase" }, "response_status": "success" } }"#;
    let logs = read_kkt_logs(text).unwrap();
    assert_eq!(logs.unreadable, []);
    let entry = &logs.entries[0];
    assert_eq!(entry.transaction_id, "1499968937");
    assert_eq!(
        (&entry.code, entry.registered()),
        (&KktCode::Accepted, Some("123456789"))
    );
    assert_eq!(
        (entry.total, entry.lines[0].cost, entry.payments[0].sum),
        (8_000, 8_000, 8_000)
    );
    assert_eq!(entry.register_number.as_deref(), Some("4000000000"));
    assert_eq!(entry.local_number, Some(4765));
}

#[tokio::test]
async fn the_receipt_link_is_given_for_receipt_and_zreport() {
    let (_bed, client, http, base) = gateway().await;
    let transaction = client.transaction_list(ORDER).await.unwrap().remove(0).id;
    for (kind, word) in [(FileKind::Receipt, "receipt"), (FileKind::ZReport, "zreport")] {
        let signature = fondy::sign_v1(
            &SecretString::from("test"),
            [
                ("transaction_id", transaction.as_str()),
                ("merchant_id", "1396424"),
                ("receipt_type", word),
            ],
        );
        let request = json!({ "request": {
            "transaction_id": transaction,
            "merchant_id": 1_396_424,
            "receipt_type": word,
            "signature": signature,
        }});
        let answer = post(&http, format!("{base}/api/receipt_link"), request).await;
        let expected = answer["check_url"].as_str().unwrap();
        let link = client.receipt_link("receipt_link", &transaction, kind).await.unwrap();
        let path = |url: &str| url.split('?').next().unwrap().to_owned();
        assert_eq!(path(link.expose().expose_secret()), path(expected), "{word}");
        let file = http.get(expected).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], "application/pdf");
        assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));
    }
    // K2 and K3 of the sheet: the same two questions about the document's transaction.
    for (word, signature) in [
        ("receipt", "c4c87ea08e13d939a049e793fc334d56f3a5b0de"),
        ("zreport", "795425d8f9023044c59a7b1f595378511b497fe9"),
    ] {
        let fields = [
            ("transaction_id", "1499968937"),
            ("merchant_id", "1396424"),
            ("receipt_type", word),
        ];
        assert_eq!(fondy::sign_v1(&SecretString::from("test"), fields), signature);
        let request = json!({ "request": {
            "transaction_id": "1499968937", "merchant_id": 1_396_424, "receipt_type": word, "signature": signature,
        }});
        let answer = post(&http, format!("{base}/api/receipt_link"), request).await;
        // Well signed; only the transaction is not this simulator's.
        assert_eq!(answer["response"]["error_code"], 1018, "{answer}");
    }
}
