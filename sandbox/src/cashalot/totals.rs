//! A shift's totals in the shape of a Z-report (sheet §4.9).

use super::wire::{Answer, Check, CheckPay, CheckTax, Decimal, DocSubType, ZRep, money};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    sales: Block,
    returns: Block,
    cash_in: i64,
    cash_out: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
    sum: i64,
    rounding: i64,
    before_rounding: i64,
    orders: i64,
    pay_forms: Vec<PayForm>,
    taxes: Vec<TaxRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PayForm {
    code: i64,
    name: String,
    sum: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct TaxRow {
    kind: i32,
    name: String,
    letter: String,
    percent: Decimal,
    added: bool,
    turnover: i64,
    turnover_discount: i64,
    source: i64,
    sum: i64,
}

/// Whether a check enters the totals or leaves them again (storno).
#[derive(Clone, Copy)]
enum Direction {
    In,
    Out,
}

impl Direction {
    fn of(self, amount: i64) -> i64 {
        match self {
            Self::In => amount,
            Self::Out => -amount,
        }
    }
}

impl Totals {
    /// Counts a validated check.
    pub(super) fn add(&mut self, kind: DocSubType, check: &Check) {
        self.apply(Direction::In, kind, check);
    }

    /// Takes a storned check out again.
    pub(super) fn remove(&mut self, kind: DocSubType, check: &Check) {
        self.apply(Direction::Out, kind, check);
    }

    fn apply(&mut self, direction: Direction, kind: DocSubType, check: &Check) {
        let sum = direction.of(check.sum().unwrap_or(0));
        match kind {
            DocSubType::CheckGoods => self.sales.apply(direction, check),
            DocSubType::CheckReturn => self.returns.apply(direction, check),
            DocSubType::ServiceDeposit | DocSubType::AdditionalDeposit => self.cash_in += sum,
            DocSubType::ServiceIssue => self.cash_out += sum,
            // A storno counts nowhere itself.
            DocSubType::CheckStorno => {}
        }
    }

    /// `Totals` of an answer.
    pub(super) fn to_answer(&self) -> Answer {
        let body = Answer::new()
            .with_money("SERVICEINPUT", self.cash_in)
            .with_money("SERVICEOUTPUT", self.cash_out);
        Answer::new()
            .with_object("ZREPREALIZ", self.sales.to_answer().as_ref())
            .with_object("ZREPRETURN", self.returns.to_answer().as_ref())
            .with_object("ZREPBODY", Some(&body))
    }

    /// What a Z-report of the client says differently, in words.
    pub(super) fn difference(&self, sent: &ZRep) -> Option<String> {
        let body = sent.zrepbody.as_ref();
        let pairs = [
            (
                "ZREPREALIZ",
                sent.zreprealiz.as_ref().and_then(|block| block.sum),
                self.sales.sum,
            ),
            (
                "ZREPRETURN",
                sent.zrepreturn.as_ref().and_then(|block| block.sum),
                self.returns.sum,
            ),
            ("SERVICEINPUT", body.and_then(|body| body.serviceinput), self.cash_in),
            ("SERVICEOUTPUT", body.and_then(|body| body.serviceoutput), self.cash_out),
        ];
        for (name, said, own) in pairs {
            if said.is_some_and(|said| said.kopecks() != Some(own)) {
                return Some(format!("{name}: підсумок не дорівнює {}", money(own)));
            }
        }
        let counts = [
            (
                "ZREPREALIZ",
                sent.zreprealiz.as_ref().and_then(|block| block.orderscnt),
                self.sales.orders,
            ),
            (
                "ZREPRETURN",
                sent.zrepreturn.as_ref().and_then(|block| block.orderscnt),
                self.returns.orders,
            ),
        ];
        let wrong = counts
            .iter()
            .find(|(_, said, own)| said.is_some_and(|said| said != *own));
        wrong.map(|(name, _, own)| format!("{name}: кількість чеків не дорівнює {own}"))
    }

    /// Sum and number of sales, then of returns, for the printed report.
    pub(super) fn summary(&self) -> [(i64, i64); 2] {
        [
            (self.sales.sum, self.sales.orders),
            (self.returns.sum, self.returns.orders),
        ]
    }
}

impl Block {
    fn apply(&mut self, direction: Direction, check: &Check) {
        let paid = check.paid().unwrap_or(0);
        self.sum += direction.of(paid);
        self.rounding += direction.of(check.rounding().unwrap_or(0));
        self.before_rounding += direction.of(check.before_rounding().unwrap_or(paid));
        self.orders += direction.of(1);
        for pay in check.checkpay.iter().flatten() {
            self.pay(direction, pay);
        }
        for tax in check.checktax.iter().flatten() {
            self.tax(direction, tax);
        }
        self.pay_forms.retain(|row| row.sum != 0);
        self.taxes
            .retain(|row| (row.turnover, row.source, row.sum) != (0, 0, 0));
    }

    fn pay(&mut self, direction: Direction, pay: &CheckPay) {
        let code = pay.payformcd.and_then(whole).unwrap_or(0);
        let sum = direction.of(kopecks(pay.sum));
        match self.pay_forms.iter_mut().find(|row| row.code == code) {
            Some(row) => row.sum += sum,
            None => self.pay_forms.push(PayForm {
                code,
                name: pay.payformnm.clone().unwrap_or_default(),
                sum,
            }),
        }
    }

    fn tax(&mut self, direction: Direction, tax: &CheckTax) {
        let fresh = TaxRow {
            kind: tax.kind.unwrap_or(0),
            name: tax.name.clone().unwrap_or_default(),
            letter: tax.letter.clone().unwrap_or_default(),
            percent: tax.prc.unwrap_or_default(),
            added: tax.sign.unwrap_or(false),
            turnover: direction.of(kopecks(tax.turnover)),
            turnover_discount: direction.of(kopecks(tax.turnoverdiscount)),
            source: direction.of(kopecks(tax.sourcesum)),
            sum: direction.of(kopecks(tax.sum)),
        };
        match self.taxes.iter_mut().find(|row| row.is_like(&fresh)) {
            Some(row) => {
                row.turnover += fresh.turnover;
                row.turnover_discount += fresh.turnover_discount;
                row.source += fresh.source;
                row.sum += fresh.sum;
            }
            None => self.taxes.push(fresh),
        }
    }

    /// None when nothing was counted: an empty block is null on the wire.
    fn to_answer(&self) -> Option<Answer> {
        if self.orders == 0 {
            return None;
        }
        let pay_forms: Vec<_> = self.pay_forms.iter().map(PayForm::to_answer).collect();
        let taxes: Vec<_> = self.taxes.iter().map(TaxRow::to_answer).collect();
        Some(
            Answer::new()
                .with_money("SUM", self.sum)
                .with_money("RNDSUM", self.rounding)
                .with_money("NORNDSUM", self.before_rounding)
                .with("ORDERSCNT", self.orders)
                .with_list("PAYFORMS", &pay_forms)
                .with_list("TAXES", &taxes),
        )
    }
}

impl PayForm {
    fn to_answer(&self) -> Answer {
        Answer::new()
            .with("PAYFORMCD", self.code)
            .with("PAYFORMNM", &self.name)
            .with_money("SUM", self.sum)
    }
}

impl TaxRow {
    fn is_like(&self, other: &Self) -> bool {
        let key = |row: &Self| (row.kind, row.name.clone(), row.letter.clone(), row.percent, row.added);
        key(self) == key(other)
    }

    fn to_answer(&self) -> Answer {
        Answer::new()
            .with("TYPE", self.kind)
            .with("NAME", &self.name)
            .with("LETTER", &self.letter)
            .with_money("PRC", self.percent.kopecks().unwrap_or(0))
            .with("SIGN", self.added)
            .with_money("TURNOVER", self.turnover)
            .with_money("TURNOVERDISCOUNT", self.turnover_discount)
            .with_money("SOURCESUM", self.source)
            .with_money("SUM", self.sum)
    }
}

impl Check {
    fn total(&self, field: impl Fn(&super::wire::CheckTotal) -> Option<Decimal>) -> Option<i64> {
        self.checktotal.as_ref().and_then(field).and_then(Decimal::kopecks)
    }

    /// `CHECKTOTAL.SUM` in kopecks.
    pub(super) fn sum(&self) -> Option<i64> {
        self.total(|total| total.sum)
    }

    /// What was paid now, in kopecks: `PARTPAYSUM` of a part payment, else `SUM`.
    pub(super) fn paid(&self) -> Option<i64> {
        let in_parts = self
            .checktotal
            .as_ref()
            .is_some_and(|total| total.partpaytype.is_some());
        if in_parts {
            self.total(|total| total.partpaysum)
        } else {
            self.sum()
        }
    }

    /// `RNDSUM` in kopecks.
    pub(super) fn rounding(&self) -> Option<i64> {
        self.total(|total| total.rndsum)
    }

    /// `NORNDSUM` in kopecks.
    pub(super) fn before_rounding(&self) -> Option<i64> {
        self.total(|total| total.norndsum)
    }
}

/// Kopecks of a validated amount; an absent one is nothing.
pub(super) fn kopecks(amount: Option<Decimal>) -> i64 {
    amount.and_then(Decimal::kopecks).unwrap_or(0)
}

/// A decimal without a fraction.
pub(super) fn whole(value: Decimal) -> Option<i64> {
    value
        .kopecks()
        .filter(|kopecks| kopecks % 100 == 0)
        .map(|kopecks| kopecks / 100)
}
