use super::*;
use crate::decimal::{Amount, Rate};
use crate::kind::CashMove;
use crate::letters::Letters;

fn kopecks(kopecks: i64) -> Money {
    Money::from_kopecks(kopecks)
}

#[test]
fn a_check_is_written_as_the_sheet_shows_it() {
    let mut check = Check::new(4_000_000_017, ActionType::Sale, 90_017, kopecks(12_410));
    check.round_sum = Some(kopecks(-1));
    check.products = vec![Product {
        code: Some("A-1".to_owned()),
        unit_code: Some("2009".to_owned()),
        unit_name: Some("штука".to_owned()),
        sum_discount: Some(kopecks(0)),
        letters: Some(Letters::new("A")),
        tax_prc: Some(Rate::from_hundredths(2000)),
        ..Product::new("Зошит", Amount::from_thousandths(3000), kopecks(4_137), kopecks(12_411))
    }];
    check.payments = vec![Payment {
        sum_provided: Some(kopecks(20_000)),
        sum_remains: Some(kopecks(7_590)),
        ..Payment::new(CASH, "ГОТІВКА", kopecks(12_410))
    }];
    let text = serde_json::to_string(&check).unwrap();
    assert_eq!(
        text,
        "{\"num_fiscal\":4000000017,\"action_type\":\"Z_SALE\",\"local_number\":90017,\"total_sum\":124.10,\
         \"round_sum\":-0.01,\"products\":[{\"code\":\"A-1\",\"unit_code\":\"2009\",\"unit_name\":\"штука\",\
         \"name\":\"Зошит\",\"amount\":3,\"price\":41.37,\"cost\":124.11,\"sum_discount\":0.00,\
         \"letters\":\"\u{410}\",\"tax_prc\":20}],\"payments\":[{\"code\":0,\"name\":\"ГОТІВКА\",\"sum\":124.10,\
         \"sum_provided\":200.00,\"sum_remains\":75.90}],\"no_pdf\":true,\"no_qr\":true,\"no_text_print\":true}"
    );
    let read: Check = serde_json::from_str(&text).unwrap();
    assert_eq!(read, check);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

#[test]
fn a_kept_check_with_an_unknown_field_is_not_sent_without_it() {
    let check = Check::new(1, ActionType::Return, 2, kopecks(100));
    let text = serde_json::to_string(&check).unwrap();
    assert!(text.contains(r#""action_type":"Z_RETURN""#), "{text}");
    let more = text.replacen('{', r#"{"new_field":1,"#, 1);
    assert!(serde_json::from_str::<Check>(&more).is_err());
}

#[test]
fn moved_cash_is_written_as_the_sheet_shows_it() {
    let document = ServiceDocument::new(4_000_000_017, CashMove::In, kopecks(50_000));
    assert_eq!(
        serde_json::to_string(&document).unwrap(),
        r#"{"num_fiscal":4000000017,"action_type":"SERVICE_INPUT","type":0,"name":"ГОТІВКА","sum":500.00,"no_pdf":true}"#
    );
}
