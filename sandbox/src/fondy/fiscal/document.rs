//! One entry of `get_kkt_logs`, with the mixed typing of the real one: the same sum is a number here, a string there.

use serde::Serialize;

use super::super::Card;
use super::super::amounts::{Literal, fixed_text, number_text};
use super::super::basket::Line;
use super::super::transaction::Kind;

pub(super) struct Facts {
    pub(super) number: u64,
    pub(super) uid: String,
    pub(super) date: String,
    pub(super) time: String,
    pub(super) kind: Kind,
    pub(super) error_code: String,
    pub(super) description: String,
    pub(super) card: Card,
}

#[derive(Serialize)]
pub(super) struct Entry {
    r#type: &'static str,
    request: Request,
    response: Answer,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Request {
    checkhead: Head,
    checktotal: Total,
    checkpay: Vec<Pay>,
    checkbody: Vec<Body>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Head {
    doctype: u8,
    docsubtype: u8,
    uid: String,
    tin: &'static str,
    orgnm: &'static str,
    pointnm: &'static str,
    pointaddr: &'static str,
    cashier: &'static str,
    ordernum: u64,
    orderdate: String,
    ordertime: String,
    cashdesknum: u8,
    cashregisternum: &'static str,
    ver: u8,
    offline: &'static str,
    logourl: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Total {
    sum: Literal,
    rndsum: &'static str,
    norndsum: Literal,
    notaxsum: Literal,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Pay {
    payformcd: u8,
    payformnm: &'static str,
    sum: String,
    paysys: Vec<PaySys>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct PaySys {
    name: String,
    authcd: String,
    epzdetails: String,
    acquiretransid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Body {
    code: usize,
    name: String,
    description: String,
    amount: Literal,
    price: String,
    cost: String,
    unitnm: &'static str,
    valcd: &'static str,
    valnm: &'static str,
    valsymcd: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Answer {
    ordertaxnum: String,
    errorcode: String,
    ordernum: String,
    orderdate: String,
    ordertime: String,
    uid: String,
    ver: &'static str,
}

pub(super) fn entry(facts: &Facts, lines: &[Line], sum: u64) -> Entry {
    let returned = facts.kind == Kind::Reverse;
    let number = || Literal(number_text(sum));
    let card = &facts.card;
    Entry {
        r#type: facts.kind.as_str(),
        request: Request {
            checkhead: Head {
                doctype: 0,
                docsubtype: u8::from(returned),
                uid: facts.uid.clone(),
                tin: "0000000000",
                orgnm: "Тестовий продавець",
                pointnm: "Тестова точка продажу",
                pointaddr: "м. Тест, вул. Тестова, 1",
                cashier: "Тестовий касир",
                ordernum: facts.number,
                orderdate: facts.date.clone(),
                ordertime: facts.time.clone(),
                cashdesknum: 1,
                cashregisternum: "4000000001",
                ver: 1,
                offline: "false",
                logourl: "",
            },
            checktotal: Total {
                sum: number(),
                rndsum: "0.00",
                norndsum: number(),
                notaxsum: number(),
            },
            checkpay: vec![Pay {
                payformcd: 1,
                payformnm: "Електронний платіжний засіб",
                sum: fixed_text(sum),
                paysys: vec![PaySys {
                    name: format!("Fondy {}", card.brand),
                    authcd: card.approval_code.clone(),
                    epzdetails: card.masked.clone(),
                    acquiretransid: card.rrn.clone(),
                }],
            }],
            checkbody: lines
                .iter()
                .enumerate()
                .map(|(position, line)| body(position, line, &facts.description))
                .collect(),
        },
        response: Answer {
            ordertaxnum: if facts.error_code == "0" {
                (7_000_000_000 + facts.number).to_string()
            } else {
                String::new()
            },
            errorcode: facts.error_code.clone(),
            ordernum: facts.number.to_string(),
            orderdate: facts.date.clone(),
            ordertime: facts.time.clone(),
            uid: facts.uid.clone(),
            ver: "1",
        },
    }
}

fn body(position: usize, line: &Line, description: &str) -> Body {
    Body {
        code: position + 1,
        name: line.name.clone(),
        description: description.to_owned(),
        amount: Literal(line.quantity.clone()),
        price: fixed_text(line.price),
        cost: fixed_text(line.total),
        unitnm: "од.",
        valcd: "980",
        valnm: "Гривня",
        valsymcd: "UAH",
    }
}
