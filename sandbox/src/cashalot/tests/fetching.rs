//! `GetCheck`, `GetZRep`, `Shifts` and `Documents`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Bed, Config, REGISTER, RegisterSetup, Simulator, XmlEncoding, check, sale};

fn get(bed: &Bed, number: &str, kind: &str) -> Value {
    let body = json!({ "Command": "GetCheck", "RegistrarNumFiscal": REGISTER, "NumFiscal": number, "Type": kind, "GetQrCode": true });
    bed.raw("GetCheck", &body)
}

fn decoded(answer: &Value, field: &str) -> Vec<u8> {
    STANDARD.decode(answer[field].as_str().unwrap()).unwrap()
}

#[test]
fn the_original_xml_carries_reference_and_sum_in_its_declared_encoding() {
    for (encoding, name) in [(XmlEncoding::Windows1251, "windows-1251"), (XmlEncoding::Utf8, "utf-8")] {
        let mut bed = Bed::new();
        bed.simulator = Simulator::new(Config {
            xml_encoding: encoding,
            ..Config::default()
        });
        bed.simulator.add_register(RegisterSetup::new(REGISTER));
        let mut back = check("CheckReturn", 25_050);
        back["CHECKHEAD"]["COMMENT"] = json!("№ 7 <а&б>");
        back["CHECKHEAD"]["ORDERRETNUM"] = json!("9000000001");
        let made = bed.ok("RegisterCheck", json!({ "AutoOpenShift": true, "Check": back }));
        let answer = get(&bed, made["NumFiscal"].as_str().unwrap(), "OriginalXml");
        assert_eq!(
            (&answer["ErrorCode"], &answer["ResultCode"]),
            (&json!("Ok"), &json!("Ok"))
        );
        assert_eq!(answer["Url"], made["Url"]);
        let bytes = decoded(&answer, "Data");
        let text = encoding_rs::Encoding::for_label(name.as_bytes())
            .unwrap()
            .decode(&bytes)
            .0
            .into_owned();
        assert!(
            text.starts_with(&format!("<?xml version=\"1.0\" encoding=\"{name}\"?>")),
            "{text}"
        );
        for part in [
            "<DOCTYPE>0</DOCTYPE><DOCSUBTYPE>1</DOCSUBTYPE>",
            "<COMMENT>№ 7 &lt;а&amp;б&gt;</COMMENT>",
            "<ORDERRETNUM>9000000001</ORDERRETNUM>",
            "<CHECKTOTAL><SUM>250.50</SUM></CHECKTOTAL>",
            "<ORDERNUM>2</ORDERNUM>",
            "<CASHREGISTERNUM>4000999001</CASHREGISTERNUM>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(text.contains(&format!(
            "<ORDERTAXNUM>{}</ORDERTAXNUM>",
            made["NumFiscal"].as_str().unwrap()
        )));
    }
}

#[test]
fn numbers_without_a_document_say_why() {
    let bed = Bed::new();
    let sold = bed.sell(100);
    let session = bed.state()["OfflineSessionId"].as_u64().unwrap();
    bed.simulator.set_fsko(false);
    let offline = bed.sell(100);
    let offline = offline["NumFiscal"].as_str().unwrap().to_owned();
    bed.ok("SetupRegistrar", json!({ "WorkMode": "DisableOnline" }));
    bed.simulator.set_fsko(true);
    let result = |number: &str| {
        get(&bed, number, "Availability")["ResultCode"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(result(sold["NumFiscal"].as_str().unwrap()), "Ok");
    assert_eq!(result("1"), "OnlineDocumentAbsent");
    assert_eq!(result(&offline), "OfflineNumberReserved");
    assert_eq!(result(&format!("{session}.77.1234")), "OfflineNumberReserved");
    assert_eq!(result("1.2.3"), "OfflineNumberNotReserved");
    bed.ok("SetupRegistrar", json!({ "WorkMode": "Normal" }));
    assert_eq!(result(&offline), "Ok");
    let stranger = json!({ "RegistrarNumFiscal": 7, "NumFiscal": "1", "Type": 0 });
    assert_eq!(
        bed.raw("GetCheck", &stranger)["ResultCode"],
        "TransactionsRegistrarNotRegistered"
    );
    let wrong = json!({ "RegistrarNumFiscal": REGISTER, "NumFiscal": "1", "Type": "Everything" });
    assert_eq!(bed.raw("GetCheck", &wrong)["ErrorCode"], "InvalidQueryParameter");
}

#[test]
fn a_z_report_is_fetched_by_its_own_command() {
    let bed = Bed::new();
    bed.sell(25_000);
    let z = bed.ok("RegisterZRep", json!({}));
    let number = z["NumFiscal"].as_str().unwrap();
    let body = json!({ "RegistrarNumFiscal": REGISTER, "NumFiscal": number, "Type": 3 });
    let answer = bed.raw("GetZRep", &body);
    assert!(String::from_utf8(decoded(&answer, "Data")).unwrap().contains("Z-ЗВІТ"));
    assert_eq!(answer["Url"], Value::Null);
    assert_eq!(get(&bed, number, "Availability")["ResultCode"], "OnlineDocumentAbsent");
}

#[test]
fn the_xml_of_a_z_report_carries_the_totals_of_its_shift() {
    for (encoding, name) in [(XmlEncoding::Windows1251, "windows-1251"), (XmlEncoding::Utf8, "utf-8")] {
        let mut bed = Bed::new();
        bed.simulator = Simulator::new(Config {
            xml_encoding: encoding,
            ..Config::default()
        });
        bed.simulator.add_register(RegisterSetup::new(REGISTER));
        let mut taxed = sale(12_000);
        taxed["CHECKTAX"] = json!([{ "TYPE": 0, "NAME": "ПДВ", "LETTER": "А", "PRC": 20, "SIGN": false,
            "TURNOVER": "120.00", "SOURCESUM": "120.00", "SUM": "20.00" }]);
        taxed["CHECKPAY"][0]["PAYFORMNM"] = json!("Картка <&>");
        bed.ok("RegisterCheck", json!({ "AutoOpenShift": true, "Check": taxed }));
        bed.ok("RegisterCheck", json!({ "Check": check("ServiceDeposit", 705) }));
        let (text, number) = z_report(&bed, name);
        let expected = concat!(
            "</ZREPHEAD><ZREPREALIZ><SUM>120.00</SUM><RNDSUM>0.00</RNDSUM><NORNDSUM>120.00</NORNDSUM>",
            "<ORDERSCNT>1</ORDERSCNT><PAYFORMS><ROW ROWNUM=\"1\"><PAYFORMCD>1</PAYFORMCD>",
            "<PAYFORMNM>Картка &lt;&amp;&gt;</PAYFORMNM><SUM>120.00</SUM></ROW></PAYFORMS>",
            "<TAXES><ROW ROWNUM=\"1\"><TYPE>0</TYPE><NAME>ПДВ</NAME><LETTER>А</LETTER><PRC>20.00</PRC><SIGN>false</SIGN>",
            "<TURNOVER>120.00</TURNOVER><TURNOVERDISCOUNT>0.00</TURNOVERDISCOUNT><SOURCESUM>120.00</SOURCESUM>",
            "<SUM>20.00</SUM></ROW></TAXES></ZREPREALIZ>",
            "<ZREPBODY><SERVICEINPUT>7.05</SERVICEINPUT><SERVICEOUTPUT>0.00</SERVICEOUTPUT></ZREPBODY></ZREP>\n",
        );
        assert!(text.ends_with(expected), "{text}");
        for part in [
            "<ORDERNUM>4</ORDERNUM>".to_owned(),
            format!("<ORDERTAXNUM>{number}</ORDERTAXNUM>"),
        ] {
            assert!(text.contains(&part), "{part} in {text}");
        }
    }
}

#[test]
fn the_sums_of_a_z_report_are_the_shifts() {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    let (empty, _) = z_report(&bed, "windows-1251");
    assert!(empty.contains("</ZREPHEAD><ZREPBODY>"), "{empty}");
    bed.ok("CloseShift", json!({}));
    bed.sell(10_001);
    bed.sell(5_009);
    bed.ok("RegisterCheck", json!({ "Check": check("CheckReturn", 3_010) }));
    let totals = bed.ok("LastShiftTotals", json!({}))["Totals"].clone();
    let (text, _) = z_report(&bed, "windows-1251");
    for block in ["ZREPREALIZ", "ZREPRETURN"] {
        let inside = text.split_once(&format!("<{block}>")).unwrap().1;
        let inside = inside.split_once(&format!("</{block}>")).unwrap().0;
        let money = |value: &Value| format!("{:.2}", value.as_f64().unwrap());
        let total = &totals[block];
        assert!(
            inside.starts_with(&format!("<SUM>{}</SUM>", money(&total["SUM"]))),
            "{inside}"
        );
        assert!(inside.contains(&format!("<ORDERSCNT>{}</ORDERSCNT>", total["ORDERSCNT"])));
        let paid = &total["PAYFORMS"][0]["SUM"];
        assert!(inside.contains(&format!("<SUM>{}</SUM></ROW></PAYFORMS>", money(paid))));
        assert!(!inside.contains("TAXES"), "no taxes, no list");
    }
    assert!(text.contains("<SUM>150.10</SUM>") && text.contains("<SUM>30.10</SUM>"));
}

/// Registers the Z-report of the open shift and fetches its XML and its number.
fn z_report(bed: &Bed, encoding: &str) -> (String, String) {
    let number = bed.ok("RegisterZRep", json!({}))["NumFiscal"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({ "RegistrarNumFiscal": REGISTER, "NumFiscal": number, "Type": "OriginalXml" });
    let bytes = decoded(&bed.raw("GetZRep", &body), "Data");
    let encoding = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap();
    let text = encoding.decode(&bytes).0.into_owned();
    let declaration = format!("encoding=\"{}\"?>", encoding.name().to_lowercase());
    assert!(text.contains(&declaration), "{text}");
    (text, number)
}

#[test]
fn the_rendering_names_document_register_sum_and_line() {
    let bed = Bed::new();
    for as_html in [false, true] {
        let fields =
            json!({ "AutoOpenShift": true, "Check": sale(25_000), "Visualization": true, "VisAsHtml": as_html });
        let sold = bed.ok("RegisterCheck", fields);
        let text = String::from_utf8(decoded(&sold, "Visualization")).unwrap();
        for part in [sold["NumFiscal"].as_str().unwrap(), "4000999001", "250.00", "онлайн"] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(text.starts_with("<!DOCTYPE html>"), as_html);
    }
}

#[test]
fn the_qr_image_is_a_png_of_about_the_wanted_size() {
    let bed = Bed::new();
    for (size, least) in [(Value::Null, 180), (json!(256), 180), (json!(600), 500), (json!(1), 30)] {
        let fields = json!({ "AutoOpenShift": true, "Check": sale(100), "GetQrCode": true, "QrSize": size });
        let image = decoded(&bed.ok("RegisterCheck", fields), "QrCode");
        let reader = png::Decoder::new(std::io::Cursor::new(image)).read_info().unwrap();
        let most = size.as_u64().unwrap_or(256).max(80);
        let side = u64::from(reader.info().width);
        assert!((least..=most).contains(&side), "{side} for {size}");
    }
    assert_eq!(bed.sell(100)["QrCode"], Value::Null);
}

#[test]
fn shifts_that_overlap_the_period_are_listed_with_their_documents() {
    let bed = Bed::new();
    let sold = bed.sell(100);
    bed.ok("CloseShift", json!({ "ZRepAuto": true }));
    bed.simulator.advance_clock(jiff::SignedDuration::from_hours(24));
    bed.sell(100);
    let list = |from: &str, to: &str| {
        let answer = bed.ok("Shifts", json!({ "From": from, "To": to }));
        answer["Shifts"].as_array().unwrap().clone()
    };
    assert_eq!(list("2026-03-01", "2026-03-04").len(), 0);
    assert_eq!(list("2026-03-01", "2026-03-05T23:00:00+02:00").len(), 1);
    let both = list("2026-03-05T00:00:00", "2026-03-07T00:00:00");
    assert_eq!(both.len(), 2);
    assert_eq!(both[0]["Opened"], "2026-03-05T11:22:33.123456");
    assert!(both[0]["CloseShiftFiscalNum"].is_string() && both[0]["ZRepFiscalNum"].is_string());
    assert_eq!(
        (&both[1]["CloseShiftFiscalNum"], &both[1]["Closed"]),
        (&Value::Null, &Value::Null)
    );
    let too_long = json!({ "From": "2026-01-01", "To": "2026-03-07" });
    assert_eq!(bed.code("Shifts", too_long), "InvalidQueryParameter");

    for by in [
        json!({ "ShiftId": both[0]["ShiftId"] }),
        json!({ "OpenShiftFiscalNum": both[0]["OpenShiftFiscalNum"] }),
    ] {
        let documents = bed.ok("Documents", by)["Documents"].as_array().unwrap().clone();
        let classes: Vec<_> = documents
            .iter()
            .map(|document| document["DocClass"].as_str().unwrap())
            .collect();
        assert_eq!(classes, ["Check", "Check", "ZRep", "Check"]);
        assert_eq!(documents[1]["NumFiscal"], sold["NumFiscal"]);
        assert_eq!(documents[1]["CheckDocType"], "SaleGoods");
        assert_eq!(documents[2]["CheckDocType"], Value::Null);
    }
    assert_eq!(bed.ok("Documents", json!({ "ShiftId": 1 }))["Documents"], json!([]));
    assert_eq!(bed.code("Documents", json!({})), "InvalidQueryParameter");
}

#[test]
fn the_rendering_has_letters_discounts_rounding_payments_and_taxes() {
    let bed = Bed::new();
    let check = json!({
        "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": "CheckGoods" },
        "CHECKTOTAL": { "SUM": "90.10", "RNDSUM": "-0.02", "NORNDSUM": "90.08", "DISCOUNTSUM": "9.92" },
        "CHECKPAY": [{ "PAYFORMCD": 0, "PAYFORMNM": "ГОТІВКА", "SUM": "90.10" }],
        "CHECKTAX": [{ "TYPE": 0, "NAME": "ПДВ", "LETTER": "А", "PRC": "20", "SIGN": false, "TURNOVER": "100.00",
            "SOURCESUM": "90.08", "SUM": "15.01" }],
        "CHECKBODY": [{ "NAME": "Тюльпани", "AMOUNT": "2.5", "PRICE": "40.00", "LETTERS": "А", "COST": "100.00",
            "DISCOUNTSUM": "9.92" }],
    });
    let sold = bed.ok(
        "RegisterCheck",
        json!({ "AutoOpenShift": true, "Check": check, "Visualization": true }),
    );
    let text = String::from_utf8(decoded(&sold, "Visualization")).unwrap();
    let expected = [
        "Тюльпани",
        "  2.500 x 40.00 = 100.00 А",
        "  Знижка 9.92",
        "СУМА 90.10",
        "Знижка 9.92",
        "Заокруглення -0.02",
        "Без заокруглення 90.08",
        "ГОТІВКА 90.10",
        "ПДВ А 20.00% 15.01",
    ];
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.iter().position(|line| *line == expected[0]).unwrap();
    assert_eq!(lines[from..from + expected.len()], expected);
}
