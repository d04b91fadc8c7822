//! Looking for a check whose answer was lost (sheet §10).

use crate::kind::CheckType;
use crate::report::{Report, ReportCheck};

/// What a look into a report found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search<'a> {
    /// It is there. More than one means that it was registered more than once. Compare the sum.
    Found(Vec<&'a ReportCheck>),
    /// The list is whole and does not have it. That is about the shift, or the period, that was asked for: after a
    /// Z-report the X-report no longer lists what came before.
    Absent,
    /// The list proves nothing: it was not told, its sales and returns carry no numbers of their clients, or our number
    /// is on something that does not say what it is.
    Blind,
}

/// Looks for a sale or a return by its kind **and** number: a return may carry its sale's number, and a document of moved
/// cash carries the register's own counter.
pub fn search<'a>(report: &'a Report, check_type: &CheckType, local_number: u64) -> Search<'a> {
    let Some(checks) = &report.checks else {
        return Search::Blind;
    };
    let ours = |check: &&ReportCheck| check.local_number == Some(local_number);
    let found: Vec<_> = checks
        .iter()
        .filter(ours)
        .filter(|check| check.check_type.as_ref() == Some(check_type))
        .collect();
    if !found.is_empty() {
        return Search::Found(found);
    }
    let mut trades = checks.iter().filter(|check| may_be_trade(check)).peekable();
    let numberless = trades.peek().is_some() && trades.all(|check| check.local_number.is_none());
    if numberless || checks.iter().filter(ours).any(is_nameless) {
        return Search::Blind;
    }
    Search::Absent
}

fn is_nameless(check: &ReportCheck) -> bool {
    matches!(&check.check_type, None | Some(CheckType::Other(_)))
}

fn may_be_trade(check: &ReportCheck) -> bool {
    match &check.check_type {
        None | Some(CheckType::Sale | CheckType::Return | CheckType::Other(_)) => true,
        Some(CheckType::ServiceInput | CheckType::ServiceOutput | CheckType::OpenShift | CheckType::ZReport) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(checks: &str) -> Report {
        Report::read(format!(r#"{{"shift_state":true,"checks_list":{checks}}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn only_a_whole_look_proves_that_a_check_is_not_there() {
        let sale = |number: &str| format!(r#"{{"type_":"Z_SALE","local_number":{number},"sum":1}}"#);
        for (checks, expected) in [
            ("null".to_owned(), "blind"),
            ("{}".to_owned(), "blind"),
            ("[]".to_owned(), "absent"),
            (format!("[{}]", sale("\"7\"")), "found 1"),
            (format!("[{},{}]", sale("7"), sale("\"7\"")), "found 2"),
            (format!("[{},{}]", sale("6"), sale("null")), "absent"),
            (format!("[{},{}]", sale("null"), sale("\"\"")), "blind"),
            (r#"[{"type_":"Z_RETURN","local_number":"7"}]"#.to_owned(), "absent"),
            (r#"[{"type_":"SERVICE_INPUT","local_number":"7"}]"#.to_owned(), "absent"),
            (
                r#"[{"type_":"SERVICE_INPUT","local_number":null}]"#.to_owned(),
                "absent",
            ),
            (r#"[{"type":"Z_SALE","local_number":"7"}]"#.to_owned(), "blind"),
            (r#"[{"type_":"NEW","local_number":7}]"#.to_owned(), "blind"),
        ] {
            let report = report(&checks);
            let is = match search(&report, &CheckType::Sale, 7) {
                Search::Found(found) => format!("found {}", found.len()),
                Search::Absent => "absent".to_owned(),
                Search::Blind => "blind".to_owned(),
            };
            assert_eq!(is, expected, "{checks}");
        }
    }
}
