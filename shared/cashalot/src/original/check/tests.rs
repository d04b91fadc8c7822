use super::*;

const BODY: &str = r#"
<CHECK xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="check01.xsd">
  <CHECKHEAD>
    <DOCTYPE>0</DOCTYPE><DOCSUBTYPE>1</DOCSUBTYPE>
    <ORDERNUM>42</ORDERNUM>
    <COMMENT>Дякуємо &amp; чекаємо &#35;<![CDATA[<K7Q2>]]></COMMENT>
    <ORDERTAXNUM> 9000000120 </ORDERTAXNUM>
    <ORDERRETNUM>9000000110</ORDERRETNUM>
    <ORDERSTORNUM/>
  </CHECKHEAD>
  <CHECKTOTAL><SUM>250.00</SUM></CHECKTOTAL>
  <CHECKPAY><ROW ROWNUM="1"><SUM>1.00</SUM><COMMENT>no</COMMENT></ROW></CHECKPAY>
</CHECK>"#;

fn encoded(declaration: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let text = format!("{declaration}{BODY}");
    encoding.encode(&text).0.into_owned()
}

#[test]
fn a_check_is_read_in_whatever_encoding_it_declares() {
    use encoding_rs::{UTF_8, WINDOWS_1251};
    let mut with_mark = b"\xef\xbb\xbf".to_vec();
    with_mark.extend(encoded(r#"<?xml version="1.0" encoding="utf-8"?>"#, UTF_8));
    let table = [
        encoded(r#"<?xml version="1.0" encoding="windows-1251"?>"#, WINDOWS_1251),
        encoded(
            "<?xml version='1.0' encoding = 'Windows-1251' standalone='yes'?>",
            WINDOWS_1251,
        ),
        encoded(r#"<?xml version="1.0" encoding="utf-8"?>"#, UTF_8),
        encoded(r#"<?xml version="1.0"?>"#, UTF_8),
        encoded("", UTF_8),
        with_mark,
    ];
    for bytes in table {
        let check = OriginalCheck::parse(&bytes).unwrap();
        assert_eq!(
            check,
            OriginalCheck {
                doc_type: Some(DocType::SaleGoods),
                doc_sub_type: Some(DocSubType::CheckReturn),
                comment: Some("Дякуємо & чекаємо #<K7Q2>".to_owned()),
                sum: Some(Money::from_kopecks(25_000)),
                order_num: Some("42".to_owned()),
                order_tax_num: Some("9000000120".to_owned()),
                return_of: Some("9000000110".to_owned()),
                storno_of: None,
            }
        );
    }
}

type Expected = fn(&OriginalError) -> bool;

#[test]
fn what_is_not_a_whole_check_is_an_error() {
    let table: [(&[u8], Expected); 11] = [
        (b"", |error| matches!(error, OriginalError::NotXml(_))),
        (b"<CHECK><CHECKHEAD><COMMENT>K7", |error| {
            matches!(error, OriginalError::NotXml(_))
        }),
        (b"<CHECK><CHECKHEAD></CHECK>", |error| {
            matches!(error, OriginalError::NotXml(_))
        }),
        (b"\x30\x82\x01\x02signed", |error| {
            matches!(error, OriginalError::Undecodable | OriginalError::NotXml(_))
        }),
        (
            b"<ZREP></ZREP>",
            |error| matches!(error, OriginalError::AnotherRoot { found, .. } if found == "ZREP"),
        ),
        (b"<ZREP/>", |error| {
            matches!(error, OriginalError::AnotherRoot { expected: "CHECK", .. })
        }),
        (b"<CHECK/><CHECK/>", |error| matches!(error, OriginalError::NotXml(_))),
        (b"<CHECK>\xff</CHECK>", |error| {
            matches!(error, OriginalError::Undecodable)
        }),
        (
            b"<?xml version='1.0' encoding='klingon'?><CHECK/>",
            |error| matches!(error, OriginalError::UnknownEncoding(label) if label == "klingon"),
        ),
        (
            b"<CHECK><CHECKTOTAL><SUM>1,00</SUM></CHECKTOTAL></CHECK>",
            |error| matches!(error, OriginalError::Number { element, .. } if element == "CHECKTOTAL/SUM"),
        ),
        (
            b"<!DOCTYPE x [<!ENTITY e 'boom'>]><CHECK><CHECKHEAD><COMMENT>&e;</COMMENT></CHECKHEAD></CHECK>",
            |error| matches!(error, OriginalError::NotXml(_)),
        ),
    ];
    for (bytes, expected) in table {
        let error = OriginalCheck::parse(bytes).unwrap_err();
        assert!(expected(&error), "{}: {error:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_empty_check_is_a_check_that_says_nothing() {
    assert_eq!(OriginalCheck::parse(b"<CHECK/>").unwrap(), OriginalCheck::default());
}
