//! The last check that the tax service has (sheet §5.6). Its fields beyond the meaning are unknown: those of a check's
//! representation are read.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::object;
use crate::error::Flaw;
use crate::kind::CheckType;
use crate::lenient;

/// The last check of the current shift at the tax service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, from = "Wire")]
pub struct LastCheck {
    /// What it is.
    pub check_type: Option<CheckType>,
    /// CashDesk's id.
    pub uuid: Option<String>,
    /// The fiscal number.
    pub order_num: Option<String>,
    /// `YYYY-MM-DD`.
    pub order_date: Option<String>,
    /// `HH:MM:SS`.
    pub order_time: Option<String>,
    /// The client's number; none on a document of moved cash.
    pub local_number: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "lenient::text")]
    check_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    uuid: Option<String>,
    #[serde(rename = "ORDERNUM", deserialize_with = "lenient::text")]
    order_num: Option<String>,
    #[serde(rename = "ORDERDATE", deserialize_with = "lenient::text")]
    order_date: Option<String>,
    #[serde(rename = "ORDERTIME", deserialize_with = "lenient::text")]
    order_time: Option<String>,
    #[serde(deserialize_with = "lenient::natural")]
    local_number: Option<u64>,
}

impl From<Wire> for LastCheck {
    fn from(wire: Wire) -> Self {
        Self {
            check_type: wire.check_type.map(|word| CheckType::from_wire(word.trim())),
            uuid: wire.uuid,
            order_num: wire.order_num,
            order_date: wire.order_date,
            order_time: wire.order_time,
            local_number: wire.local_number,
        }
    }
}

/// Of these at least one must be written, if only as `null`: an answer of other names says nothing about checks.
const NAMES: [&str; 3] = ["ORDERNUM", "uuid", "local_number"];

/// None if the shift has no operations: then every field is `null`.
pub(crate) fn read(body: &[u8]) -> Result<Option<LastCheck>, Flaw> {
    let names: Map<String, Value> = object(body)?;
    if !NAMES.iter().any(|name| names.contains_key(*name)) {
        return Err(Flaw::Missing("ORDERNUM"));
    }
    let last: LastCheck = object(body)?;
    Ok(Some(last).filter(|last| *last != LastCheck::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operations_are_told_apart_from_another_answer() {
        let nulls = br#"{"ORDERNUM":null,"uuid":null,"local_number":null,"num_fiscal":null}"#;
        assert_eq!(read(nulls).unwrap(), None);
        for body in ["{}", r#"{"last":{"number":1}}"#, "[]", "<html>"] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
        let check = br#"{"num_fiscal":4000000017,"check_type":"Z_SALE","ORDERNUM":"TST_a1","ORDERDATE":"2026-11-21",
            "ORDERTIME":"10:15:41","uuid":"u","local_number":"90017"}"#;
        let expected = LastCheck {
            check_type: Some(CheckType::Sale),
            uuid: Some("u".to_owned()),
            order_num: Some("TST_a1".to_owned()),
            order_date: Some("2026-11-21".to_owned()),
            order_time: Some("10:15:41".to_owned()),
            local_number: Some(90_017),
        };
        assert_eq!(read(check).unwrap(), Some(expected));
        let moved = read(br#"{"ORDERNUM":7,"local_number":null}"#).unwrap().unwrap();
        assert_eq!((moved.order_num.as_deref(), moved.local_number), (Some("7"), None));
    }
}
