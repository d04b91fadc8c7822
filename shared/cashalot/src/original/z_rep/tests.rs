use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use super::*;
use crate::decimal::{Money, Percent};

const BODY: &str = r#"
<ZREP xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="zrep01.xsd">
  <ZREPHEAD>
    <UID>72b9d6a0-0000-4000-8000-000000000001</UID><ORGNM>ФОП Приклад</ORGNM>
    <ORDERNUM>43</ORDERNUM><ORDERTAXNUM> 9000000130 </ORDERTAXNUM><COMMENT/>
  </ZREPHEAD>
  <ZREPREALIZ>
    <SUM>290.00</SUM><RNDSUM>-0.03</RNDSUM><NORNDSUM>289.97</NORNDSUM><ORDERSCNT>3</ORDERSCNT>
    <TOTALCURRENCYCOST>1,5</TOTALCURRENCYCOST>
    <PAYFORMS>
      <ROW ROWNUM="1"><PAYFORMCD>1</PAYFORMCD><PAYFORMNM>Картка &amp; інше</PAYFORMNM><SUM>250.00</SUM></ROW>
      <ROW ROWNUM="2"><PAYFORMCD>0</PAYFORMCD><PAYFORMNM/><SUM>40</SUM></ROW>
      <ROW ROWNUM="3"/>
    </PAYFORMS>
    <TAXES>
      <ROW ROWNUM="1">
        <TYPE>0</TYPE><NAME>ПДВ</NAME><LETTER>А</LETTER><PRC>20.00</PRC><SIGN>false</SIGN><TURNOVER>240.00</TURNOVER>
        <TURNOVERDISCOUNT>0.10</TURNOVERDISCOUNT><SOURCESUM>239.90</SOURCESUM><SUM>39.98</SUM>
      </ROW>
    </TAXES>
  </ZREPREALIZ>
  <ZREPRETURN><SUM>30.00</SUM><ORDERSCNT>1</ORDERSCNT></ZREPRETURN>
  <ZREPCASH><SUM>1.00</SUM></ZREPCASH>
  <ZREPBODY><SERVICEINPUT>7.00</SERVICEINPUT><SERVICEOUTPUT>0.00</SERVICEOUTPUT></ZREPBODY>
</ZREP>"#;

fn money(kopecks: i64) -> Option<Money> {
    Some(Money::from_kopecks(kopecks))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn pay_form(code: u64, name: Option<&str>, kopecks: i64) -> PayFormTotal {
    PayFormTotal {
        payformcd: Some(code),
        payformnm: name.map(str::to_owned),
        sum: money(kopecks),
    }
}

fn full() -> OriginalZRep {
    let sales = TotalsBlock {
        sum: money(29_000),
        rndsum: money(-3),
        norndsum: money(28_997),
        orderscnt: Some(3),
        payforms: vec![pay_form(1, Some("Картка & інше"), 25_000), pay_form(0, None, 4_000)],
        taxes: vec![TaxTotal {
            tax_type: Some(0),
            name: text("ПДВ"),
            letter: text("А"),
            prc: Some(Percent::from_hundredths(2_000)),
            sign: Some(false),
            turnover: money(24_000),
            turnoverdiscount: money(10),
            sourcesum: money(23_990),
            sum: money(3_998),
        }],
    };
    let returns = TotalsBlock {
        sum: money(3_000),
        orderscnt: Some(1),
        ..TotalsBlock::default()
    };
    OriginalZRep {
        order_num: text("43"),
        order_tax_num: text("9000000130"),
        totals: Totals {
            sales: Some(sales),
            returns: Some(returns),
            service_input: money(700),
            service_output: money(0),
        },
    }
}

#[test]
fn a_z_report_is_read_in_whatever_encoding_it_declares() {
    let table: [(&str, &'static Encoding); 4] = [
        (r#"<?xml version="1.0" encoding="windows-1251"?>"#, WINDOWS_1251),
        ("<?xml version='1.0' encoding = 'Windows-1251'?>", WINDOWS_1251),
        (r#"<?xml version="1.0" encoding="utf-8"?>"#, UTF_8),
        ("", UTF_8),
    ];
    for (declaration, encoding) in table {
        let document = format!("{declaration}{BODY}");
        let bytes = encoding.encode(&document).0;
        assert_eq!(OriginalZRep::parse(&bytes).unwrap(), full(), "{declaration}");
    }
}

#[test]
fn prefixes_change_nothing() {
    let prefixed = BODY.replace("</", "</d:").replace('<', "<d:").replace("<d:/d:", "</d:");
    assert!(prefixed.contains("<d:ZREP ") && prefixed.contains("</d:ZREPBODY>"));
    assert_eq!(OriginalZRep::parse(prefixed.as_bytes()).unwrap(), full());
}

fn totals(below_root: &str) -> Totals {
    OriginalZRep::parse(format!("<ZREP>{below_root}</ZREP>").as_bytes())
        .unwrap()
        .totals
}

#[test]
fn what_a_z_report_does_not_say_is_none() {
    for root in ["<ZREP/>", "<ZREP></ZREP>"] {
        assert_eq!(OriginalZRep::parse(root.as_bytes()).unwrap(), OriginalZRep::default());
    }
    let nothing = [
        "<ZREPHEAD/><ZREPBODY/>",
        "<ZREPREALIZ/><ZREPRETURN></ZREPRETURN>",
        "<ZREPREALIZ><SUM/><ORDERSCNT></ORDERSCNT><PAYFORMS/><TAXES><ROW ROWNUM='1'></ROW></TAXES></ZREPREALIZ>",
        "<OTHER><ZREPREALIZ><SUM>1.00</SUM></ZREPREALIZ></OTHER>",
    ];
    for below_root in nothing {
        assert_eq!(totals(below_root), Totals::default(), "{below_root}");
    }
    let empty = totals("<ZREPBODY><SERVICEINPUT>0.00</SERVICEINPUT><SERVICEOUTPUT>0.00</SERVICEOUTPUT></ZREPBODY>");
    assert_eq!(
        empty,
        Totals {
            service_input: money(0),
            service_output: money(0),
            ..Totals::default()
        }
    );
    let only_returns = totals("<ZREPRETURN><SUM>0.00</SUM></ZREPRETURN>");
    assert_eq!((only_returns.sales, only_returns.service_input), (None, None));
    assert_eq!(only_returns.returns.unwrap().sum, money(0));
}

#[test]
fn rows_stand_under_row_or_right_in_their_list() {
    let row = |code: u64, sum: &str| format!("<PAYFORMCD>{code}</PAYFORMCD><SUM>{sum}</SUM>");
    let (first, second) = (row(1, "2.50"), row(0, "0.01"));
    for lists in [
        format!("<PAYFORMS><ROW>{first}</ROW><ROW>{second}</ROW></PAYFORMS>"),
        format!("<PAYFORMS>{first}{second}</PAYFORMS>"),
        format!("<PAYFORMS>{first}</PAYFORMS><PAYFORMS>{second}</PAYFORMS>"),
    ] {
        let block = totals(&format!("<ZREPREALIZ>{lists}</ZREPREALIZ>")).sales.unwrap();
        let expected = [pay_form(1, None, 250), pay_form(0, None, 1)];
        assert_eq!(block.payforms, expected, "{lists}");
    }
    let tax = |letter: &str| format!("<TYPE>0</TYPE><LETTER>{letter}</LETTER><SIGN>1</SIGN>");
    let taxes = format!("<ZREPRETURN><TAXES>{}{}</TAXES></ZREPRETURN>", tax("А"), tax("Б"));
    let returns = totals(&taxes).returns.unwrap();
    let letters: Vec<_> = returns.taxes.iter().filter_map(|tax| tax.letter.as_deref()).collect();
    assert_eq!(letters, ["А", "Б"]);
    assert!(returns.taxes.iter().all(|tax| tax.sign == Some(true)));
}

#[test]
fn what_is_not_a_whole_z_report_is_an_error() {
    type Expected = fn(&OriginalError) -> bool;
    let not_xml: Expected = |error| matches!(error, OriginalError::NotXml(_));
    let another: Expected =
        |error| matches!(error, OriginalError::AnotherRoot { expected: "ZREP", found } if found == "CHECK");
    let number: Expected = |error| matches!(error, OriginalError::Number { .. });
    let table: [(&str, Expected); 9] = [
        ("", not_xml),
        ("<CHECK></CHECK>", another),
        ("<d:CHECK/>", another),
        (&BODY[..BODY.len() - "</ZREP>".len()], not_xml),
        (&BODY[..BODY.find("<ZREPBODY>").unwrap() + 3], not_xml),
        ("<ZREP/><ZREP/>", not_xml),
        ("<ZREP><ZREPREALIZ><SUM>1.005</SUM></ZREPREALIZ></ZREP>", number),
        (
            "<ZREP><ZREPBODY><SERVICEINPUT>7,00</SERVICEINPUT></ZREPBODY></ZREP>",
            number,
        ),
        (
            "<ZREP><ZREPREALIZ><TAXES><ROW><PRC>-1</PRC></ROW></TAXES></ZREPREALIZ></ZREP>",
            |error| matches!(error, OriginalError::Number { element, .. } if element == "ZREPREALIZ/TAXES/ROW/PRC"),
        ),
    ];
    for (document, expected) in table {
        let error = OriginalZRep::parse(document.as_bytes()).unwrap_err();
        assert!(expected(&error), "{document}: {error:?}");
    }
}
