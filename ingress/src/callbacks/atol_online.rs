//! ATOL Online: a document's result as its callback tells it (`atol-online.md` §6).

use atol_online::{ReportError, State};
use ledger::notices::{NewNotice, NoticePlace, Told};
use wire::CallbackError;

use crate::error::ApiError;

/// The group of registers, as the register's settings name it.
const GROUP_CODE: &str = "group_code";

/// Reads a result of this register's group.
pub(super) fn read(place: &NoticePlace, body: &[u8]) -> Result<NewNotice, ApiError> {
    let report = atol_online::read_callback(body).map_err(|error| {
        ApiError::Message(match error {
            ReportError::Malformed(malformed) => CallbackError::Malformed(malformed),
            ReportError::NoDocument => CallbackError::MissingField("uuid"),
        })
    })?;
    let group = place.options.get(GROUP_CODE);
    if let Some((told, ours)) = report.group_code.as_ref().zip(group)
        && told != ours
    {
        return Err(ApiError::OtherRegister(GROUP_CODE));
    }
    let (word, amount, fiscal_number, matter) = match &report.state {
        State::Wait => ("wait", None, None, String::new()),
        State::Done(payload) => (
            "done",
            payload.total.and_then(|total| i64::try_from(total.kopecks()).ok()),
            payload.fiscal_document_number.map(|number| number.to_string()),
            format!("{:?} {:?}", payload.fiscal_sign(), payload.total),
        ),
        State::Fail(trouble) => ("fail", None, None, format!("{:?} {}", trouble.kind, trouble.code)),
        State::Other(word) if word.is_empty() => return Err(ApiError::Message(CallbackError::MissingField("status"))),
        State::Other(_) => return Err(ApiError::Message(CallbackError::BadField("status"))),
    };
    let identity = match (&report.uuid, &report.external_id) {
        (Some(uuid), _) => format!("uuid:{}", uuid.to_ascii_lowercase()),
        (None, id) => format!("external:{}", id.as_deref().unwrap_or_default()),
    };
    Ok(NewNotice {
        provider_id: identity,
        matter: format!("{word} {:?} {matter}", report.external_id),
        number: report.external_id,
        told: Told {
            uuid: report.uuid,
            word: word.to_owned(),
            kind: None,
            fiscal_number,
            written_at: None,
            amount,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::ids::RegisterNumber;
    use serde_json::{Value, json};

    use super::*;

    fn place(group: Option<&str>) -> NoticePlace {
        let options = group.map(|group| (GROUP_CODE.to_owned(), group.to_owned()));
        NoticePlace {
            fiscal_number: RegisterNumber::parse("1").unwrap(),
            options: options.into_iter().collect::<BTreeMap<_, _>>(),
        }
    }

    fn done() -> Value {
        json!({
            "uuid": "5E1F0000-0000-4000-8000-000000000001", "external_id": "0123456789ABC-1", "group_code": "demo_group_1",
            "status": "done", "error": null, "timestamp": "21.11.2026 10:15:46",
            "payload": {"total": 300.00, "fn_number": "9999000000000001", "fiscal_document_number": 133,
                "fiscal_document_attribute": 3_000_000_007_u64},
        })
    }

    fn told(body: &Value, group: Option<&str>) -> Result<NewNotice, &'static str> {
        read(&place(group), body.to_string().as_bytes()).map_err(|error| error.code())
    }

    #[test]
    fn a_result_names_its_document_twice() {
        let notice = told(&done(), Some("demo_group_1")).unwrap();
        assert_eq!(notice.provider_id, "uuid:5e1f0000-0000-4000-8000-000000000001");
        assert_eq!(notice.number.as_deref(), Some("0123456789ABC-1"));
        assert_eq!((notice.told.word.as_str(), notice.told.amount), ("done", Some(30_000)));
        assert_eq!(notice.told.fiscal_number.as_deref(), Some("133"));
    }

    #[test]
    fn told_again_later_it_is_the_same_and_with_another_sign_it_is_not() {
        let with = |name: &str, value: Value| {
            let mut body = done();
            body[name] = value;
            told(&body, None).unwrap().matter
        };
        let before = told(&done(), None).unwrap().matter;
        assert_eq!(before, with("timestamp", "22.11.2026 10:15:46".into()));
        assert_ne!(before, with("status", "fail".into()));
        assert_ne!(
            before,
            with("payload", json!({"total": 300.00, "fiscal_document_number": 134}))
        );
    }

    #[test]
    fn another_group_and_an_unknown_status_are_refused() {
        assert_eq!(told(&done(), Some("demo_group_2")), Err("wrong_register"));
        for (status, code) in [(json!(null), "missing_field"), (json!("dancing"), "bad_field")] {
            let mut body = done();
            body["status"] = status;
            assert_eq!(told(&body, None), Err(code));
        }
    }
}
