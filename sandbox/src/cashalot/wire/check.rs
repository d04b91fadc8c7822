//! The check object (sheet §6), as far as the simulator validates, totals or prints it.

use serde::Deserialize;

use super::{Decimal, DocSubType, DocType, PartPayType};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct Check {
    pub checkhead: Option<CheckHead>,
    pub checktotal: Option<CheckTotal>,
    pub checkpay: Option<Vec<CheckPay>>,
    pub checktax: Option<Vec<CheckTax>>,
    pub checkbody: Option<Vec<CheckLine>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct CheckHead {
    pub doctype: Option<DocType>,
    pub docsubtype: Option<DocSubType>,
    pub orderretnum: Option<String>,
    pub orderstornum: Option<String>,
    pub cashier: Option<String>,
    pub comment: Option<String>,
    pub logourl: Option<String>,
    pub testing: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct CheckTotal {
    pub sum: Option<Decimal>,
    pub rndsum: Option<Decimal>,
    pub norndsum: Option<Decimal>,
    pub notaxsum: Option<Decimal>,
    pub discountsum: Option<Decimal>,
    pub discountpercent: Option<Decimal>,
    pub partpaytype: Option<PartPayType>,
    pub partpaysum: Option<Decimal>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct CheckPay {
    pub payformcd: Option<Decimal>,
    pub payformnm: Option<String>,
    pub sum: Option<Decimal>,
    pub provided: Option<Decimal>,
    pub remains: Option<Decimal>,
    pub paysys: Option<Vec<PaySystem>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct PaySystem {
    pub sum: Option<Decimal>,
    pub commission: Option<Decimal>,
    pub authcd: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct CheckTax {
    #[serde(rename = "TYPE")]
    pub kind: Option<i32>,
    pub name: Option<String>,
    pub letter: Option<String>,
    pub prc: Option<Decimal>,
    pub sign: Option<bool>,
    pub turnover: Option<Decimal>,
    pub turnoverdiscount: Option<Decimal>,
    pub sourcesum: Option<Decimal>,
    pub sum: Option<Decimal>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct CheckLine {
    pub code: Option<String>,
    pub barcode: Option<String>,
    pub uktzed: Option<String>,
    pub dkpp: Option<String>,
    pub name: Option<String>,
    pub unitnm: Option<String>,
    pub amount: Option<Decimal>,
    pub price: Option<Decimal>,
    pub letters: Option<String>,
    pub cost: Option<Decimal>,
    pub discountsum: Option<Decimal>,
}

/// A Z-report sent by the client: compared with the shift's totals where it says something.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct ZRep {
    pub zreprealiz: Option<ZRepBlock>,
    pub zrepreturn: Option<ZRepBlock>,
    pub zrepbody: Option<ZRepBody>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct ZRepBlock {
    pub sum: Option<Decimal>,
    pub orderscnt: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::cashalot) struct ZRepBody {
    pub serviceinput: Option<Decimal>,
    pub serviceoutput: Option<Decimal>,
}
