//! CashDesk: a check as its register's webhook tells it (`cashdesk.md` §11).

use cashdesk::{CheckType, CheckView, Money};
use domain::document::Kind;
use ledger::notices::{NewNotice, NoticePlace, Told};

use crate::error::ApiError;

/// Reads a check of this register; pictures and forms are left where they are.
pub(super) fn read(place: &NoticePlace, body: &[u8]) -> Result<NewNotice, ApiError> {
    let view = cashdesk::read_webhook(body).map_err(ApiError::Message)?;
    if view.num_fiscal != place.fiscal_number.get() {
        return Err(ApiError::OtherRegister("num_fiscal"));
    }
    Ok(NewNotice {
        provider_id: view.identity(),
        number: view.local_number.map(|number| number.to_string()),
        matter: matter(&view),
        told: Told {
            word: word(&view.check_type),
            kind: kind(&view.check_type).map(|kind| kind.as_str().to_owned()),
            written_at: written_at(&view),
            amount: view.data.total_sum.map(Money::kopecks),
            fiscal_number: view.order_num,
            uuid: view.uuid,
        },
    })
}

/// What it does in our words; none: the register's own.
const fn kind(check_type: &CheckType) -> Option<Kind> {
    match check_type {
        CheckType::Sale => Some(Kind::Sale),
        CheckType::Return => Some(Kind::Return),
        CheckType::ServiceInput => Some(Kind::CashIn),
        CheckType::ServiceOutput => Some(Kind::CashOut),
        CheckType::OpenShift | CheckType::ZReport | CheckType::Other(_) => None,
    }
}

fn word(check_type: &CheckType) -> String {
    plain(check_type.as_str())
}

fn written_at(view: &CheckView) -> Option<String> {
    let date = view.order_date.as_deref()?;
    let time = view.order_time.as_deref().unwrap_or_default();
    Some(plain(&format!("{date} {time}")))
}

/// It may be a stranger's: short, and nothing that a database does not take.
fn plain(text: &str) -> String {
    let visible: String = text.chars().filter(|letter| !letter.is_control()).collect();
    wire::shorten(visible.trim())
}

/// What was sold and paid. The tax service's number is no part of it: an offline check gets one when it is delivered,
/// and that is no other story.
fn matter(view: &CheckView) -> String {
    let mut matter = format!(
        "{} {} {:?} {:?} {:?} {:?}",
        view.num_fiscal,
        view.check_type.as_str(),
        view.local_number,
        view.data.total_sum,
        view.data.round_sum,
        view.data.global_discount,
    );
    for paid in &view.data.payments {
        matter.push_str(&format!("\npaid {:?} {:?}", paid.code, paid.sum));
    }
    for sold in &view.data.products {
        matter.push_str(&format!(
            "\nsold {:?} {:?} {:?} {:?}",
            sold.code, sold.name, sold.amount, sold.cost
        ));
    }
    matter
}

#[cfg(test)]
mod tests {
    use domain::ids::RegisterNumber;
    use serde_json::{Value, json};

    use super::*;

    fn place() -> NoticePlace {
        NoticePlace {
            fiscal_number: RegisterNumber::parse("4000000017").unwrap(),
            options: std::collections::BTreeMap::new(),
        }
    }

    fn check() -> Value {
        json!({
            "num_fiscal": "4000000017", "check_type": "Z_SALE", "ORDERNUM": "TST_a1", "ORDERDATE": "2026-11-21",
            "ORDERTIME": "10:15:41", "is_offline": false, "uuid": "6F0C5A3E-0000-4000-8000-0000000000aa",
            "local_number": 90017, "pdf": "QUJD",
            "check_data": {
                "total_sum": 124.10, "round_sum": -0.01, "payments": [{"code": 0, "name": "CASH", "sum": 124.10}],
                "products": [{"name": "Notebook", "amount": 3, "cost": 124.11}],
            },
        })
    }

    fn read_it(check: &Value) -> NewNotice {
        read(&place(), check.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_check_says_what_it_is_and_nothing_heavy() {
        let notice = read_it(&check());
        assert_eq!(notice.provider_id, "uuid:6f0c5a3e-0000-4000-8000-0000000000aa");
        assert_eq!(notice.number.as_deref(), Some("90017"));
        assert_eq!(
            notice.told,
            Told {
                uuid: Some("6F0C5A3E-0000-4000-8000-0000000000aa".to_owned()),
                word: "Z_SALE".to_owned(),
                kind: Some("sale".to_owned()),
                fiscal_number: Some("TST_a1".to_owned()),
                written_at: Some("2026-11-21 10:15:41".to_owned()),
                amount: Some(12_410),
            }
        );
        assert!(!notice.matter.contains("QUJD"));
    }

    #[test]
    fn what_changes_when_an_offline_check_is_delivered_is_no_other_story_and_a_sum_is() {
        let with = |change: fn(&mut Value)| {
            let mut changed = check();
            change(&mut changed);
            read_it(&changed).matter
        };
        let before = read_it(&check()).matter;
        let delivered = with(|check| {
            check["is_offline"] = true.into();
            check["ORDERNUM"] = "1.2.3".into();
            check["pdf"] = "REVG".into();
        });
        assert_eq!(before, delivered);
        for changed in [
            with(|check| check["check_data"]["total_sum"] = json!(125.00)),
            with(|check| check["check_data"]["payments"][0]["code"] = 1.into()),
            with(|check| check["check_data"]["products"][0]["amount"] = 4.into()),
            with(|check| check["check_type"] = "Z_RETURN".into()),
        ] {
            assert_ne!(before, changed);
        }
    }

    #[test]
    fn each_kind_of_document_has_its_word() {
        for (word, kind) in [
            ("Z_RETURN", Some("return")),
            ("SERVICE_INPUT", Some("cash_in")),
            ("SERVICE_OUTPUT", Some("cash_out")),
            ("Z_REPORT", None),
            ("DANCE", None),
        ] {
            let mut check = check();
            check["check_type"] = word.into();
            assert_eq!(read_it(&check).told.kind.as_deref(), kind, "{word}");
        }
    }
}
