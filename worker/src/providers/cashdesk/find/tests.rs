use ::cashdesk::PaidBy;

use super::*;

const SENT: &str = "2026-11-21T10:00:00+02:00";

fn check(check_type: CheckType, order_num: &str, local_number: Option<u64>, sum: i64) -> ReportCheck {
    ReportCheck {
        check_type: Some(check_type),
        order_num: Some(order_num.to_owned()),
        datetime: Some("21.11.2026 10:00:01".to_owned()),
        local_number,
        sum: Some(Money::from_kopecks(sum)),
        payments: vec![PaidBy {
            code: Some(1),
            sum: Some(Money::from_kopecks(sum)),
            ..PaidBy::default()
        }],
        taxes: Vec::new(),
    }
}

fn report(checks: impl Into<Option<Vec<ReportCheck>>>) -> Report {
    Report {
        shift_state: Some(true),
        opened: None,
        cash_in_box: None,
        cash_in_box_start: None,
        service_input: None,
        service_output: None,
        sales_count: None,
        sales_sum: None,
        checks: checks.into(),
    }
}

/// The same with what was in the box before and after, in kopecks.
fn boxed(start: i64, end: i64, checks: Vec<ReportCheck>) -> Report {
    Report {
        cash_in_box_start: Some(Money::from_kopecks(start)),
        cash_in_box: Some(Money::from_kopecks(end)),
        ..report(checks)
    }
}

fn seen(running: Report, days: Vec<Report>) -> Seen {
    Seen {
        running: Some(running),
        days,
        unseen: None,
    }
}

fn wanted(check_type: CheckType, number: Option<u64>, sum: i64) -> Wanted {
    Wanted {
        check_type,
        number,
        sum: Money::from_kopecks(sum),
        sent_at: kyiv::read(SENT).unwrap(),
    }
}

fn told(seen: &Seen, wanted: &Wanted, known: &[&str]) -> String {
    let known: Vec<String> = known.iter().map(|&number| number.to_owned()).collect();
    match judge(seen, wanted, &known) {
        Verdict::Found(check) => format!("found {}", check.order_num.as_deref().unwrap_or("?")),
        Verdict::Absent => "absent".to_owned(),
        Verdict::Unclear(why) => format!("unclear: {why}"),
    }
}

#[test]
fn a_sale_is_found_by_its_kind_and_number_and_only_a_whole_look_proves_it_absent() {
    use CheckType::{Return, Sale};
    let ours = || check(Sale, "TST_1", Some(7), 100);
    let other = || check(Sale, "TST_2", Some(6), 100);
    let blind = || check(Sale, "TST_3", None, 100);
    for (name, seen, expected) in [
        ("running", seen(report(vec![other(), ours()]), vec![]), "found TST_1"),
        (
            "closed meanwhile",
            seen(report(vec![]), vec![report(vec![ours()])]),
            "found TST_1",
        ),
        (
            "told twice",
            seen(report(vec![ours()]), vec![report(vec![ours()])]),
            "found TST_1",
        ),
        ("another", seen(report(vec![other()]), vec![]), "absent"),
        ("empty", seen(report(vec![]), vec![report(vec![])]), "absent"),
        (
            "its return",
            seen(report(vec![check(Return, "TST_4", Some(7), 100)]), vec![]),
            "absent",
        ),
        (
            "no list",
            seen(report(None), vec![]),
            "unclear: the list of checks does not tell our numbers",
        ),
        (
            "a day without its list",
            seen(report(vec![other()]), vec![report(None)]),
            "unclear: the list of checks does not tell our numbers",
        ),
        (
            "numberless",
            seen(report(vec![blind()]), vec![]),
            "unclear: the list of checks does not tell our numbers",
        ),
        (
            "another sum",
            seen(report(vec![check(Sale, "TST_1", Some(7), 101)]), vec![]),
            "unclear: number 7 is on a check of another sum",
        ),
        (
            "twice",
            seen(report(vec![ours(), check(Sale, "TST_9", Some(7), 100)]), vec![]),
            "unclear: 2 checks have number 7",
        ),
    ] {
        assert_eq!(told(&seen, &wanted(Sale, Some(7), 100), &[]), expected, "{name}");
    }
    let nowhere = seen(report(vec![]), vec![]);
    assert!(told(&nowhere, &wanted(Sale, None, 100), &[]).starts_with("unclear"));
}

#[test]
fn what_could_not_be_asked_leaves_the_doubt_unless_it_is_found_anyway() {
    let unseen = |checks| Seen {
        unseen: Some("the queue is not empty".to_owned()),
        ..seen(report(checks), vec![])
    };
    let sale = wanted(CheckType::Sale, Some(7), 100);
    assert_eq!(told(&unseen(vec![]), &sale, &[]), "unclear: the queue is not empty");
    let listed = vec![check(CheckType::Sale, "12.1.33", Some(7), 100)];
    assert_eq!(told(&unseen(listed), &sale, &[]), "found 12.1.33");
}

#[test]
fn moved_cash_is_what_nothing_else_explains() {
    use CheckType::{Sale, ServiceInput, ServiceOutput};
    let moved = |number: &str, kind: &CheckType, sum| check(kind.clone(), number, Some(3), sum);
    let early = |number: &str| ReportCheck {
        datetime: Some("21.11.2026 09:00:00".to_owned()),
        ..moved(number, &ServiceInput, 500)
    };
    let known = &["TST_1"];
    for (name, report, expected) in [
        (
            "ours",
            boxed(0, 500, vec![moved("TST_2", &ServiceInput, 500)]),
            "found TST_2",
        ),
        (
            "beside a known one",
            boxed(
                0,
                1_000,
                vec![moved("TST_1", &ServiceInput, 500), moved("TST_2", &ServiceInput, 500)],
            ),
            "found TST_2",
        ),
        (
            "known",
            boxed(0, 500, vec![moved("TST_1", &ServiceInput, 500)]),
            "absent",
        ),
        ("nothing", boxed(700, 700, vec![]), "absent"),
        ("long before", boxed(0, 500, vec![early("TST_3")]), "absent"),
        (
            "the other way",
            boxed(500, 0, vec![moved("TST_3", &ServiceOutput, 500)]),
            "absent",
        ),
        (
            "a sale by card",
            boxed(0, 0, vec![check(Sale, "TST_5", Some(9), 500)]),
            "absent",
        ),
        (
            "another sum",
            boxed(0, 400, vec![moved("TST_3", &ServiceInput, 400)]),
            "absent",
        ),
        (
            "two of a kind",
            boxed(
                0,
                1_000,
                vec![moved("TST_2", &ServiceInput, 500), moved("TST_3", &ServiceInput, 500)],
            ),
            "unclear: 2 documents could be it",
        ),
        (
            "cash from nowhere",
            boxed(0, 500, vec![]),
            "unclear: the cash in the box is not explained by the listed documents",
        ),
        (
            "a box that is not told",
            report(vec![]),
            "unclear: the cash in the box is not explained by the listed documents",
        ),
    ] {
        let seen = seen(report, vec![]);
        assert_eq!(
            told(&seen, &wanted(ServiceInput, Some(8), 500), known),
            expected,
            "{name}"
        );
    }
}

#[test]
fn what_is_found_offline_is_delivered_once_a_days_report_has_it() {
    let listed = check(CheckType::Sale, "12.1.3345", Some(7), 100);
    for (number, delivered, presence) in [
        ("12.1.3345", false, Presence::Offline),
        ("12.1.3345", true, Presence::Delivered),
        ("TST_1", false, Presence::Online),
    ] {
        let listed = ReportCheck {
            order_num: Some(number.to_owned()),
            ..listed.clone()
        };
        let found = found(&listed, Some(7), delivered).unwrap();
        assert_eq!((found.presence, found.local_number), (presence, 7), "{number}");
        assert_eq!(found.registered_at, "2026-11-21T10:00:01+02:00");
    }
    let nameless = ReportCheck {
        order_num: None,
        ..listed
    };
    assert!(found(&nameless, Some(7), false).is_none());
}
