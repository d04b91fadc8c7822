use std::time::Duration;

use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use ledger::gateway::{Purpose, Totals, alert};

use super::*;

const SINCE: UnixMillis = UnixMillis(1_800_000_000_000);
const HOUR: Duration = Duration::from_secs(3_600);

fn totals(sold: u64, returned: u64) -> Totals {
    let kopecks = |minor| Kopecks::from_minor(minor).unwrap();
    Totals {
        sold: kopecks(sold),
        returned: kopecks(returned),
    }
}

fn standing(expected: Totals, found: Totals) -> Standing {
    Standing {
        expected,
        found,
        since: SINCE,
        refused: Vec::new(),
        without_file: None,
    }
}

fn settled(standing: &Standing, age: Duration) -> Settlement {
    let claim = Claim::for_tests(
        "e-1",
        MerchantId::parse("flowers").unwrap(),
        SourceId::parse("flowers-fondy").unwrap(),
        ExternalOrderId::parse("A-1").unwrap(),
        Purpose::Receipt,
        SINCE,
    );
    let rules = Rules {
        claim: &claim,
        trouble: None,
        files: true,
        times: &LookTimes::default(),
        now: SINCE.plus(age),
    };
    of(standing, &rules)
}

fn kinds(settlement: &Settlement) -> Vec<(&'static str, Severity)> {
    settlement
        .alerts
        .iter()
        .map(|alert| (alert.kind, alert.severity))
        .collect()
}

#[test]
fn nothing_is_said_while_a_receipt_is_only_a_little_late() {
    let settled = settled(&standing(totals(100, 0), totals(0, 0)), HOUR - Duration::from_secs(1));
    assert_eq!((settled.progress, kinds(&settled)), (Progress::Open, vec![]));
    assert_eq!(settled.look_at, Some(SINCE.plus(HOUR)));
}

#[test]
fn a_missing_receipt_is_a_warning_and_then_critical() {
    let standing = standing(totals(100, 0), totals(0, 0));
    let late = settled(&standing, HOUR);
    assert_eq!(
        (late.progress, kinds(&late)),
        (Progress::Open, vec![(alert::MISSING, Severity::Warning)])
    );
    let missed = settled(&standing, HOUR * 24);
    assert_eq!(
        (missed.progress, kinds(&missed)),
        (Progress::Missed, vec![(alert::MISSING, Severity::Critical)])
    );
    let long_ago = settled(&standing, HOUR * 24 * 30);
    assert_eq!((long_ago.progress, long_ago.look_at), (Progress::Missed, None));
}

#[test]
fn what_is_all_there_is_looked_at_no_more_once_its_files_are() {
    let met = standing(totals(100, 30), totals(100, 30));
    let rest = settled(&met, HOUR);
    assert_eq!(
        (rest.progress, rest.look_at, kinds(&rest)),
        (Progress::Met, None, vec![])
    );
    let without = Standing {
        without_file: Some(SINCE.plus(HOUR)),
        ..met
    };
    let soon = SINCE.plus(HOUR + Duration::from_secs(20));
    assert_eq!(settled(&without, HOUR).look_at, Some(soon));
    assert_eq!(settled(&without, HOUR * 26).look_at, None);
}

#[test]
fn another_sum_of_a_sale_is_told_at_once_and_of_refunds_when_it_is_overdue() {
    let critical = |kind| vec![(kind, Severity::Critical)];
    let soon = Duration::from_secs(20);
    for (expected, found, age, alerts) in [
        (totals(100, 0), totals(90, 0), soon, critical(alert::DIFFERS)),
        (totals(100, 0), totals(110, 0), soon, critical(alert::DIFFERS)),
        // A reversal of which no message came yet.
        (totals(100, 0), totals(100, 30), soon, vec![]),
        (totals(100, 0), totals(100, 30), HOUR, critical(alert::DIFFERS)),
        // One of two reversals.
        (totals(100, 50), totals(100, 30), soon, vec![]),
        (totals(100, 50), totals(100, 30), HOUR, critical(alert::DIFFERS)),
        (
            totals(100, 50),
            totals(100, 0),
            HOUR,
            vec![(alert::MISSING, Severity::Warning)],
        ),
    ] {
        let settled = settled(&standing(expected, found), age);
        assert_eq!(kinds(&settled), alerts, "{expected:?} {found:?} after {age:?}");
        assert_eq!(settled.progress, Progress::Open);
    }
}

#[test]
fn a_refused_receipt_is_told_at_once_and_an_unanswered_one_when_it_is_overdue() {
    let transaction = "7".to_owned();
    let refused = Found::Refused {
        transaction: transaction.clone(),
        code: "9".to_owned(),
    };
    let unanswered = Found::Unanswered { transaction };
    let soon = Duration::from_secs(20);
    for (one, age, told) in [
        (&refused, soon, true),
        (&unanswered, soon, false),
        (&unanswered, HOUR, true),
    ] {
        let standing = Standing {
            refused: vec![one.clone()],
            ..standing(totals(100, 0), totals(0, 0))
        };
        let settled = settled(&standing, age);
        let is_told = kinds(&settled).contains(&(alert::REFUSED, Severity::Critical));
        assert_eq!(is_told, told, "{one:?} after {age:?}");
    }
}

#[test]
fn what_the_alert_says_names_the_order_the_code_and_no_secret() {
    let standing = Standing {
        refused: vec![Found::Refused {
            transaction: "7".to_owned(),
            code: "12".to_owned(),
        }],
        ..standing(totals(26_750, 0), totals(0, 0))
    };
    let settled = settled(&standing, HOUR);
    let [refused, missing] = settled.alerts.as_slice() else {
        panic!("{settled:?}")
    };
    assert!(
        refused.text.en.contains("A-1") && refused.text.en.contains("code 12"),
        "{refused:?}"
    );
    assert!(refused.text.uk.contains("ключ касира"), "{refused:?}");
    assert!(missing.text.en.contains("0.00 of 267.50 sold"), "{missing:?}");
}
