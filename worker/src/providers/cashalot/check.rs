//! Our receipts as Cashälot's check objects (`cashalot.md` §6), written as JSON text: exactly this
//! text is stored, sent, and sent again as `StornedCheck`.

use ::cashalot::{
    Amount, Check, CheckHead, CheckLine, CheckPay, CheckTax, CheckTotal, DiscountType, DocSubType, DocType, Money,
    PaySys, Percent, pay_form, tax_type,
};
use domain::basket::Line;
use domain::document::Kind;
use domain::money::Kopecks;
use domain::receipt::{Receipt, TaxRow};

/// The name of the payment form on a receipt paid by card on a site (`cashalot.md` §6.3).
const CARD_PAYMENT: &str = "Банківська картка";

/// A sale with our reference.
pub(crate) fn sale(receipt: &Receipt, token: &str) -> String {
    let head = CheckHead::new(DocType::SaleGoods, DocSubType::CheckGoods);
    write(&with_content(head, receipt, token))
}

/// A return of (a part of) the sale `of`.
pub(crate) fn return_of(receipt: &Receipt, token: &str, of: &str) -> String {
    let head = CheckHead {
        return_of: Some(of.to_owned()),
        ..CheckHead::new(DocType::SaleGoods, DocSubType::CheckReturn)
    };
    write(&with_content(head, receipt, token))
}

/// The cancellation of the sale `of`: a head only; the original goes beside it (`cashalot.md` §6.8).
pub(crate) fn storno_of(token: &str, of: &str) -> String {
    write(&Check::new(CheckHead {
        storno_of: Some(of.to_owned()),
        comment: Some(token.to_owned()),
        ..CheckHead::new(DocType::SaleGoods, DocSubType::CheckStorno)
    }))
}

/// Cash put into the drawer or taken out of it: a head and a sum (`cashalot.md` §4.6).
pub(crate) fn cash(kind: Kind, amount: Kopecks, token: &str) -> String {
    let sub_type = match kind {
        Kind::CashIn => DocSubType::ServiceDeposit,
        Kind::CashOut | Kind::Sale | Kind::Storno | Kind::Return | Kind::ZReport | Kind::Closing => {
            DocSubType::ServiceIssue
        }
    };
    write(&Check {
        total: Some(CheckTotal::new(money(amount))),
        ..Check::new(CheckHead {
            comment: Some(token.to_owned()),
            ..CheckHead::new(DocType::SaleGoods, sub_type)
        })
    })
}

/// The same, marked as a test document.
pub(crate) fn as_test(sent: &str) -> String {
    let Ok(mut check) = serde_json::from_str::<Check>(sent) else {
        return sent.to_owned();
    };
    check.head.testing = Some(true);
    write(&check)
}

/// Plain structs of ours always serialise; an empty text would be refused before it is sent.
fn write(check: &Check) -> String {
    serde_json::to_string(check).unwrap_or_default()
}

fn with_content(head: CheckHead, receipt: &Receipt, token: &str) -> Check {
    let total = receipt.total();
    let discount = Kopecks::sum(receipt.basket.lines().iter().map(|line| line.discount)).unwrap_or(Kopecks::ZERO);
    Check {
        total: Some(CheckTotal {
            discount_type: (!discount.is_zero()).then_some(DiscountType::Sum),
            discount_sum: (!discount.is_zero()).then(|| money(discount)),
            ..CheckTotal::new(money(total))
        }),
        pay: vec![pay(receipt, total)],
        tax: receipt.taxes.iter().map(tax).collect(),
        body: receipt.basket.lines().iter().map(line).collect(),
        ..Check::new(CheckHead {
            comment: Some(token.to_owned()),
            ..head
        })
    }
}

fn pay(receipt: &Receipt, total: Kopecks) -> CheckPay {
    let means = &receipt.means;
    CheckPay {
        pay_sys: vec![PaySys {
            name: means.system.clone(),
            masked_card: means.masked_card.clone(),
            auth_code: means.auth_code.clone(),
            transaction_id: means.transaction_id.clone(),
            sum: Some(money(total)),
            ..PaySys::default()
        }],
        ..CheckPay::new(pay_form::CARD, CARD_PAYMENT, money(total))
    }
}

fn line(line: &Line) -> CheckLine {
    let discount = (!line.discount.is_zero()).then(|| money(line.discount));
    CheckLine {
        code: line.code.clone(),
        uktzed: line.uktzed.clone(),
        unit_code: Some(line.unit.code),
        unit_name: Some(line.unit.name.clone()),
        letters: line.letter.map(|letter| letter.to_string()),
        discount_type: discount.is_some().then_some(DiscountType::Sum),
        discount_sum: discount,
        ..CheckLine::new(
            line.name.as_str(),
            Amount::from_thousandths(line.quantity.thousandths()),
            money(line.price),
            money(line.cost),
        )
    }
}

fn tax(row: &TaxRow) -> CheckTax {
    CheckTax {
        tax_type: tax_type::VAT,
        name: "ПДВ".to_owned(),
        letter: Some(row.letter.to_string()),
        rate: Percent::from_hundredths(row.rate.basis_points()),
        added: Some(false),
        turnover: Some(money(row.turnover)),
        turnover_discount: None,
        source_sum: Some(money(row.taxable)),
        sum: money(row.tax),
    }
}

fn money(amount: Kopecks) -> Money {
    // Kopecks::MAX fits by far.
    Money::from_kopecks(i64::try_from(amount.minor()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::basket::Basket;
    use domain::event::PaymentMeans;
    use domain::quantity::Quantity;
    use domain::receipt::MismatchPolicy;
    use domain::tax::{Rate, VatLetter, VatScheme};

    fn kopecks(minor: u64) -> Kopecks {
        Kopecks::from_minor(minor).unwrap()
    }

    fn receipt() -> Receipt {
        let letter = VatLetter::parse("А").unwrap();
        let vat = VatScheme::letters(letter, [(letter, Rate::from_basis_points(2_000).unwrap())].into()).unwrap();
        let nuts = Line::with_total(
            "Мигдаль",
            Quantity::parse("0.2").unwrap(),
            kopecks(70_000),
            kopecks(13_000),
        );
        let basket = Basket::new(vec![nuts.unwrap()]).unwrap();
        let means = PaymentMeans {
            system: Some("Fondy VISA".to_owned()),
            ..PaymentMeans::default()
        };
        Receipt::sale(basket, kopecks(13_000), MismatchPolicy::Hold, &vat, means).unwrap()
    }

    #[test]
    fn a_sale_says_lines_discounts_taxes_and_our_reference() {
        let expected = concat!(
            r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckGoods","COMMENT":"TOKEN"},"#,
            r#""CHECKTOTAL":{"SUM":130.00,"DISCOUNTTYPE":0,"DISCOUNTSUM":10.00},"#,
            r#""CHECKPAY":[{"PAYFORMCD":1,"PAYFORMNM":"Банківська картка","SUM":130.00,"#,
            r#""PAYSYS":[{"NAME":"Fondy VISA","SUM":130.00}]}],"#,
            r#""CHECKTAX":[{"TYPE":0,"NAME":"ПДВ","LETTER":"А","PRC":20.00,"SIGN":false,"#,
            r#""TURNOVER":140.00,"SOURCESUM":130.00,"SUM":21.67}],"#,
            r#""CHECKBODY":[{"NAME":"Мигдаль","UNITCD":2009,"UNITNM":"шт","AMOUNT":0.2,"PRICE":700.00,"#,
            r#""LETTERS":"А","COST":140.00,"DISCOUNTTYPE":0,"DISCOUNTSUM":10.00}]}"#,
        );
        assert_eq!(sale(&receipt(), "TOKEN"), expected);
    }

    #[test]
    fn refunds_name_their_sale() {
        assert!(return_of(&receipt(), "TOKEN", "9000000120").contains(r#""ORDERRETNUM":"9000000120""#));
        assert_eq!(
            storno_of("TOKEN", "9000000120"),
            r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckStorno","ORDERSTORNUM":"9000000120","COMMENT":"TOKEN"}}"#
        );
    }
}
