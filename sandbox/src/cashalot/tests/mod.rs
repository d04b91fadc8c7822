//! The simulator against chapter 11 of the protocol sheet.

mod access;
mod check_rules;
mod cleanup;
mod conditions;
mod control;
mod fetching;
mod offline_mode;
mod sending;
mod shift_machine;
mod sockets;
mod storno;
mod totals_report;
mod transport;

use serde_json::{Value, json};

use super::*;

const REGISTER: u64 = 4_000_999_001;
const OTHER: u64 = 4_000_999_002;

/// One simulator in process, with the clock standing still.
struct Bed {
    simulator: Simulator,
}

impl Bed {
    fn new() -> Self {
        Self::with(RegisterSetup::new(REGISTER))
    }

    fn with(setup: RegisterSetup) -> Self {
        let simulator = Simulator::new(Config::default());
        simulator.set_clock(Clock::Fixed("2026-03-05T09:22:33.1234567Z".parse().unwrap()));
        simulator.add_register(setup);
        Self { simulator }
    }

    /// Calls a command for the register with the default PIN and these further fields.
    fn call(&self, command: &str, fields: Value) -> Value {
        let mut body = json!({ "Command": command, "NumFiscal": REGISTER, "KeyPin": DEFAULT_KEY_PIN });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        self.raw(command, &body)
    }

    fn raw(&self, command: &str, body: &Value) -> Value {
        serde_json::from_str(&self.simulator.call(command, &body.to_string()).unwrap()).unwrap()
    }

    /// Calls a command that must succeed.
    fn ok(&self, command: &str, fields: Value) -> Value {
        let answer = self.call(command, fields);
        assert_eq!(answer["ErrorCode"], "Ok", "{command}: {answer}");
        assert_eq!(answer["ErrorMessage"], Value::Null);
        answer
    }

    /// Calls a command that must be refused, and returns the code.
    fn code(&self, command: &str, fields: Value) -> String {
        let answer = self.call(command, fields);
        let code = answer["ErrorCode"].as_str().unwrap().to_owned();
        assert!(
            code == "Ok" || answer["ErrorMessage"].as_str().is_some_and(|text| !text.is_empty()),
            "{answer}"
        );
        code
    }

    fn sell(&self, kopecks: i64) -> Value {
        self.ok(
            "RegisterCheck",
            json!({ "AutoOpenShift": true, "Check": sale(kopecks) }),
        )
    }

    fn state(&self) -> Value {
        self.ok("TransactionsRegistrarState", json!({}))
    }

    /// Types and subtypes on the tape, in order.
    fn tape(&self) -> Vec<String> {
        self.simulator.documents(REGISTER).iter().map(kind).collect()
    }
}

fn kind(document: &RecordedDocument) -> String {
    match (document.doc_type, document.doc_sub_type) {
        (Some(DocType::SaleGoods), Some(sub_type)) => sub_type.name().to_owned(),
        (Some(doc_type), _) => doc_type.name().to_owned(),
        (None, _) => "ZRep".to_owned(),
    }
}

/// A check as JSON text with exact decimals.
fn sale(kopecks: i64) -> Value {
    check("CheckGoods", kopecks)
}

fn check(sub_type: &str, kopecks: i64) -> Value {
    let sum = format!("{}.{:02}", kopecks / 100, kopecks % 100);
    json!({
        "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": sub_type, "COMMENT": format!("k{kopecks}") },
        "CHECKTOTAL": { "SUM": sum },
        "CHECKPAY": [{ "PAYFORMCD": 1, "PAYFORMNM": "Банківська картка", "SUM": sum }],
        "CHECKBODY": [{ "NAME": "Консультація", "AMOUNT": 1, "PRICE": sum, "COST": sum }],
    })
}

/// A storno of the document with this number.
fn storno_of(number: &Value) -> Value {
    json!({ "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": "CheckStorno", "ORDERSTORNUM": number } })
}
