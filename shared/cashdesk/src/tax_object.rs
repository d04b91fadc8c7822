//! Registers and their state (sheet §5.2).

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::object;
use crate::error::Flaw;
use crate::lenient;

/// A register that the user may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TaxObject {
    /// CashDesk's id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The register's fiscal number.
    #[serde(deserialize_with = "lenient::natural")]
    pub num_fiscal: Option<u64>,
    /// The merchant.
    #[serde(deserialize_with = "lenient::text")]
    pub org_name: Option<String>,
    /// The outlet.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Where it is.
    #[serde(deserialize_with = "lenient::text")]
    pub address: Option<String>,
    /// `is_tas`, which nobody explains.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_tas: Option<bool>,
    /// The merchant's tax number; of a sole trader that is a person's.
    #[serde(deserialize_with = "lenient::text")]
    pub tin: Option<String>,
    /// The merchant's VAT number.
    #[serde(deserialize_with = "lenient::text")]
    pub ipn: Option<String>,
    /// The shift, if there is one.
    #[serde(deserialize_with = "lenient::block")]
    pub shift: Option<ShiftOfRegister>,
}

/// A register's shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ShiftOfRegister {
    /// CashDesk's id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// A mark in unknown words; [`Answer::shift_open`](crate::Answer) says it plainly.
    #[serde(deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// When it was opened, as written.
    #[serde(deserialize_with = "lenient::text")]
    pub open_date: Option<String>,
    /// Does the shift run without a link to the tax service?
    #[serde(deserialize_with = "lenient::flag")]
    pub offline: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct One {
    #[serde(deserialize_with = "lenient::block")]
    data: Option<TaxObject>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Many {
    #[serde(deserialize_with = "lenient::list")]
    data: Option<Vec<TaxObject>>,
}

/// One register: in `data`, or bare.
pub(crate) fn read_one(body: &[u8]) -> Result<TaxObject, Flaw> {
    let read: TaxObject = match object::<One>(body)?.data {
        Some(data) => data,
        None => object(body)?,
    };
    if read.num_fiscal.is_none() && read.id.is_none() {
        return Err(Flaw::Missing("data"));
    }
    Ok(read)
}

/// A list of registers, the likely shape of which is nobody's word: in `data`, or bare.
pub(crate) fn read_many(body: &[u8]) -> Result<Vec<TaxObject>, Flaw> {
    if body.trim_ascii_start().starts_with(b"[") {
        let bare: &RawValue = serde_json::from_slice(body).map_err(|_| Flaw::NotJson)?;
        let wrapped = format!(r#"{{"data":{bare}}}"#);
        return read_many(wrapped.as_bytes());
    }
    object::<Many>(body)?.data.ok_or(Flaw::Missing("data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"id":"17","org_name":"ТОВ Приклад","address":"Київ","is_tas":false,"name":"Крамниця",
        "tin":"12345678","ipn":null,"num_fiscal":4000000017,"shift":{"id":5,"state":"OPEN","open_date":"21.11.2026 08:01",
        "offline":false,"offline_timeline":[]}}"#;

    #[test]
    fn a_register_is_read_in_data_or_bare_alone_or_in_a_list() {
        let bare = read_one(ONE.as_bytes()).unwrap();
        assert_eq!(
            (bare.num_fiscal, bare.name.as_deref()),
            (Some(4_000_000_017), Some("Крамниця"))
        );
        assert_eq!(bare.shift.as_ref().unwrap().state.as_deref(), Some("OPEN"));
        assert_eq!(read_one(format!(r#"{{"data":{ONE}}}"#).as_bytes()).unwrap(), bare);
        let list = vec![bare.clone()];
        assert_eq!(read_many(format!("[{ONE}]").as_bytes()).unwrap(), list);
        assert_eq!(read_many(format!(r#"{{"data":[{ONE}]}}"#).as_bytes()).unwrap(), list);
    }

    #[test]
    fn what_names_no_register_is_not_one() {
        for body in ["{}", r#"{"data":{}}"#, r#"{"data":[]}"#, "[]", "null"] {
            assert!(read_one(body.as_bytes()).is_err(), "{body}");
        }
        for body in ["{}", r#"{"data":null}"#, r#"{"data":{}}"#, "[7]", "<html>"] {
            assert!(read_many(body.as_bytes()).is_err(), "{body}");
        }
        assert_eq!(read_many(b"[]").unwrap(), vec![]);
        let closed = ONE.replace(r#""shift":{"id":5"#, r#""shift":[],"was":{"id":5"#);
        assert_eq!(read_one(closed.as_bytes()).unwrap().shift, None);
    }
}
