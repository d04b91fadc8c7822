use super::*;
use crate::{Amount, DocSubType, DocType, Money, Percent};

fn money(kopecks: i64) -> Money {
    Money::from_kopecks(kopecks)
}

fn sale() -> Check {
    let head = CheckHead {
        comment: Some("K7Q2".to_owned()),
        ..CheckHead::new(DocType::SaleGoods, DocSubType::CheckGoods)
    };
    let gateway = PaySys {
        name: Some("LiqPay".to_owned()),
        transaction_id: Some("2222333344".to_owned()),
        sum: Some(money(25_000)),
        ..PaySys::default()
    };
    let pay = CheckPay {
        pay_sys: vec![gateway],
        ..CheckPay::new(pay_form::CARD, "Банківська картка", money(25_000))
    };
    let line = CheckLine {
        code: Some("SKU-1".to_owned()),
        unit_code: Some(2009),
        unit_name: Some("шт".to_owned()),
        letters: Some("А".to_owned()),
        ..CheckLine::new(
            "Консультація «\"\\\u{1f600}»",
            Amount::from_thousandths(1000),
            money(25_000),
            money(25_000),
        )
    };
    let tax = CheckTax {
        tax_type: tax_type::VAT,
        name: "ПДВ".to_owned(),
        letter: Some("А".to_owned()),
        rate: Percent::from_hundredths(2000),
        added: Some(false),
        turnover: Some(money(25_000)),
        turnover_discount: None,
        source_sum: Some(money(25_000)),
        sum: money(4167),
    };
    Check {
        head,
        total: Some(CheckTotal::new(money(25_000))),
        pay: vec![pay],
        tax: vec![tax],
        body: vec![line],
    }
}

#[test]
fn a_sale_is_written_in_the_providers_names_with_exact_decimals() {
    assert_eq!(
        serde_json::to_string(&sale()).unwrap(),
        concat!(
            r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckGoods","COMMENT":"K7Q2"},"CHECKTOTAL":{"SUM":250.00},"#,
            r#""CHECKPAY":[{"PAYFORMCD":1,"PAYFORMNM":"Банківська картка","SUM":250.00,"#,
            r#""PAYSYS":[{"NAME":"LiqPay","ACQUIRETRANSID":"2222333344","SUM":250.00}]}],"#,
            r#""CHECKTAX":[{"TYPE":0,"NAME":"ПДВ","LETTER":"А","PRC":20.00,"SIGN":false,"TURNOVER":250.00,"SOURCESUM":250.00,"SUM":41.67}],"#,
            r#""CHECKBODY":[{"CODE":"SKU-1","NAME":"Консультація «\"\\😀»","UNITCD":2009,"UNITNM":"шт","#,
            r#""AMOUNT":1,"PRICE":250.00,"LETTERS":"А","COST":250.00}]}"#,
        )
    );
}

/// Every field set, so that one left out of reading or writing shows.
fn everything() -> Check {
    let text = || Some("т".to_owned());
    let sum = || Some(money(1));
    let mut check = sale();
    check.head = CheckHead {
        return_of: text(),
        return_of_registrar: text(),
        return_of_date: text(),
        storno_of: text(),
        cashier: text(),
        comment: text(),
        logo_url: text(),
        testing: Some(true),
        ..check.head
    };
    check.total = Some(CheckTotal {
        sum: money(5900),
        rounding: Some(money(-3)),
        sum_before_rounding: sum(),
        sum_without_tax: sum(),
        commission: sum(),
        usage_type: Some(1),
        sub_check: sum(),
        discount_type: Some(DiscountType::Percent),
        discount_percent: Some(Percent::from_hundredths(1050)),
        discount_sum: sum(),
        part_pay_type: Some(PartPayType::FinalPayment),
        part_pay_percent: Some(Percent::from_hundredths(5000)),
        part_pay_sum: sum(),
        part_pay_prepayment: text(),
    });
    check.pay[0].provided = sum();
    check.pay[0].remains = sum();
    check.pay[0].pay_sys[0] = PaySys {
        tax_number: text(),
        name: text(),
        acquirer_id: text(),
        acquirer_tax_number: text(),
        acquirer_name: text(),
        transaction_id: text(),
        transaction_date: text(),
        transaction_number: text(),
        device_id: text(),
        masked_card: text(),
        auth_code: text(),
        client_info: text(),
        sum: sum(),
        commission: sum(),
    };
    check.tax[0].turnover_discount = sum();
    check.body[0] = CheckLine {
        barcode: text(),
        uktzed: text(),
        dkpp: text(),
        description: text(),
        amount: Amount::from_thousandths(150),
        discount_type: Some(DiscountType::Sum),
        discount_percent: Some(Percent::from_hundredths(1)),
        discount_sum: sum(),
        subtotal: sum(),
        usage_type: Some(2),
        discount_number: Some(3),
        discount_tax: text(),
        part_pay_sum: sum(),
        comment: text(),
        excise_labels: vec![ExciseLabel {
            label: "AB12".to_owned(),
        }],
        ..check.body[0].clone()
    };
    check
}

#[test]
fn a_check_kept_as_json_comes_back_byte_for_byte() {
    let storno = Check::new(CheckHead {
        storno_of: Some("9000000120".to_owned()),
        ..CheckHead::new(DocType::SaleGoods, DocSubType::CheckStorno)
    });
    let deposit = Check {
        total: Some(CheckTotal::new(money(10_000))),
        ..Check::new(CheckHead::new(DocType::SaleGoods, DocSubType::ServiceDeposit))
    };
    for check in [sale(), everything(), storno, deposit] {
        let kept = serde_json::to_string(&check).unwrap();
        let back: Check = serde_json::from_str(&kept).unwrap();
        assert_eq!(back, check);
        assert_eq!(serde_json::to_string(&back).unwrap(), kept);
        assert!(!kept.contains("null"), "{kept}");
    }
}

#[test]
fn a_storno_may_be_a_head_alone_and_a_deposit_a_head_and_a_total() {
    let storno = Check::new(CheckHead::new(DocType::SaleGoods, DocSubType::CheckStorno));
    assert_eq!(
        serde_json::to_string(&storno).unwrap(),
        r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckStorno"}}"#
    );
}

#[test]
fn a_field_that_would_be_lost_is_an_error() {
    let kept = r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckGoods","OPERTYPENM":"x"}}"#;
    assert!(serde_json::from_str::<Check>(kept).is_err());
    let wrong_enum = r#"{"CHECKHEAD":{"DOCTYPE":0,"DOCSUBTYPE":0},"CHECKTOTAL":{"SUM":1,"PARTPAYTYPE":9}}"#;
    assert!(serde_json::from_str::<Check>(wrong_enum).is_err());
}
