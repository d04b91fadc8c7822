//! Lengths and decimals of a check's fields, as the tax service's schema limits them.

use crate::cashalot::wire::{Check, CheckPay, CheckTax, Decimal, Refusal};

pub(super) fn check(check: &Check) -> Result<(), Refusal> {
    if let Some(head) = &check.checkhead {
        length("ORDERRETNUM", head.orderretnum.as_deref(), 128)?;
        length("ORDERSTORNUM", head.orderstornum.as_deref(), 128)?;
        length("CASHIER", head.cashier.as_deref(), 128)?;
        length("LOGOURL", head.logourl.as_deref(), 256)?;
    }
    if let Some(total) = &check.checktotal {
        let sums = [
            total.sum,
            total.rndsum,
            total.norndsum,
            total.notaxsum,
            total.discountsum,
            total.partpaysum,
        ];
        two_decimals("CHECKTOTAL", &sums)?;
        two_decimals("CHECKTOTAL", &[total.discountpercent])?;
    }
    for pay in check.checkpay.iter().flatten() {
        payment(pay)?;
    }
    for row in check.checktax.iter().flatten() {
        tax(row)?;
    }
    for line in check.checkbody.iter().flatten() {
        length("CODE", line.code.as_deref(), 64)?;
        length("BARCODE", line.barcode.as_deref(), 64)?;
        length("NAME", line.name.as_deref(), 1024)?;
        length("UNITNM", line.unitnm.as_deref(), 64)?;
        length("LETTERS", line.letters.as_deref(), 15)?;
        two_decimals("CHECKBODY", &[line.price, line.cost, line.discountsum])?;
        if line.name.as_deref().unwrap_or_default().is_empty() {
            return Err(Refusal::invalid("CHECKBODY: відсутній елемент NAME"));
        }
        if line.amount.is_some_and(|amount| amount.thousandths().is_none()) {
            return Err(Refusal::invalid("AMOUNT: дозволено не більше трьох знаків після коми"));
        }
        classification(line.uktzed.as_deref(), line.dkpp.as_deref())?;
    }
    Ok(())
}

fn payment(pay: &CheckPay) -> Result<(), Refusal> {
    length("PAYFORMNM", pay.payformnm.as_deref(), 128)?;
    two_decimals("CHECKPAY", &[pay.sum, pay.provided, pay.remains])?;
    for system in pay.paysys.iter().flatten() {
        length("AUTHCD", system.authcd.as_deref(), 64)?;
        two_decimals("PAYSYS", &[system.sum, system.commission])?;
    }
    Ok(())
}

fn tax(tax: &CheckTax) -> Result<(), Refusal> {
    length("NAME", tax.name.as_deref(), 64)?;
    length("LETTER", tax.letter.as_deref(), 1)?;
    two_decimals(
        "CHECKTAX",
        &[tax.prc, tax.turnover, tax.turnoverdiscount, tax.sourcesum, tax.sum],
    )
}

fn classification(uktzed: Option<&str>, dkpp: Option<&str>) -> Result<(), Refusal> {
    let Some(code) = uktzed else { return Ok(()) };
    if dkpp.is_some() {
        return Err(Refusal::invalid("Вказано і UKTZED, і DKPP"));
    }
    let shaped = matches!(code.len(), 4 | 6 | 8 | 10) && code.bytes().all(|byte| byte.is_ascii_digit());
    if shaped {
        Ok(())
    } else {
        Err(Refusal::invalid("UKTZED має містити 4, 6, 8 або 10 цифр"))
    }
}

fn length(name: &str, text: Option<&str>, most: usize) -> Result<(), Refusal> {
    let fits = text.is_none_or(|text| text.chars().count() <= most);
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid(format!("{name}: довжина перевищує {most}")))
    }
}

fn two_decimals(block: &str, amounts: &[Option<Decimal>]) -> Result<(), Refusal> {
    let fits = amounts.iter().flatten().all(|amount| amount.kopecks().is_some());
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid(format!("{block}: дозволено два знаки після коми")))
    }
}
