use domain::ids::RegisterId;
use ledger::alerts::Words;
use ledger::shifts::Shift;

use super::*;

const NOW: UnixMillis = UnixMillis(1_772_700_000_000);
const HOUR: u64 = 3600;

fn ago(seconds: u64) -> UnixMillis {
    NOW.minus(Duration::from_secs(seconds))
}

fn ahead(seconds: u64) -> UnixMillis {
    NOW.plus(Duration::from_secs(seconds))
}

/// A register that is well: seen a minute ago, its shift open for an hour.
fn well() -> Known {
    let mut day = Day {
        seen_at: Some(ago(60)),
        shift: Some(shift(HOUR)),
        certificate_until: Some(ahead(100 * DAY)),
        ..Day::default()
    };
    day.facts.shift_open = Some(true);
    day.facts.licence_until = Some(ahead(100 * DAY).0);
    Known {
        id: RegisterId::parse("flowers-1").unwrap().to_string(),
        day,
        condition: Condition::default(),
        open: Open::default(),
        alerts: Vec::new(),
    }
}

fn shift(age: u64) -> Shift {
    Shift {
        id: "1".to_owned(),
        reference: "4000000041".to_owned(),
        provider_id: None,
        operator: Some("Касир Приклад".to_owned()),
        opened_at: ago(age),
        first_seen_at: ago(age),
        close_due: ago(age).plus(Duration::from_secs(23 * HOUR)),
        closed_at: None,
        first_local: Some(1),
        last_local: None,
        closing_number: None,
        z_number: None,
        totals: None,
        foreign_documents: Vec::new(),
        difference: None,
        compared_at: None,
    }
}

fn alert_about(acknowledged: bool) -> AlertView {
    AlertView {
        id: "7".to_owned(),
        kind: "register_trouble".to_owned(),
        subject: "flowers-1".to_owned(),
        severity: "critical".to_owned(),
        register: Some("flowers-1".to_owned()),
        merchant: Some("flowers".to_owned()),
        text: Words::new("It is broken.", "Зламано."),
        next_step: Words::new("Mend it.", "Полагодьте."),
        seen: 1,
        opened_at: ago(60),
        resolved_at: None,
        acknowledged: acknowledged.then(|| (ago(30), "Olena".to_owned())),
    }
}

fn persons(known: &Known) -> Vec<String> {
    let lines = known.lines(NOW).into_iter();
    lines
        .filter_map(|line| match line {
            Line::Person { what, .. } => Some(what),
            Line::Good(_) | Line::Note(_) => None,
        })
        .collect()
}

#[test]
fn a_register_that_is_well_needs_nobody_and_has_nothing_to_note() {
    let lines = well().lines(NOW);
    assert!(lines.iter().all(|line| matches!(line, Line::Good(_))), "{lines:#?}");
}

#[test]
fn only_what_needs_a_person_is_said_to() {
    type Change = fn(&mut Known);
    let table: [(&str, Change, &[&str]); 14] = [
        ("never seen", |known| known.day = Day::default(), &[]),
        (
            "closing due",
            |known| known.day.shift = Some(shift(23 * HOUR + 60)),
            &[],
        ),
        (
            "too old",
            |known| known.day.shift = Some(shift(24 * HOUR)),
            &["longer than the 24 hours"],
        ),
        ("no shift", |known| known.day.shift = None, &[]),
        ("cancelled", |known| known.day.facts.cancelled = true, &["cancelled"]),
        ("offline", |known| known.day.facts.session_minutes = 1727, &[]),
        (
            "long offline",
            |known| known.day.facts.session_minutes = 1728,
            &["1728 of 2160"],
        ),
        (
            "a bad month",
            |known| known.day.facts.month_minutes = 8064,
            &["8064 of 10080"],
        ),
        ("undelivered", |known| known.day.offline_documents = 3, &[]),
        (
            "refused delivery",
            |known| {
                known.day.offline_documents = 3;
                known.day.facts.delivery_trouble = Some("package refused".to_owned());
            },
            &["package refused"],
        ),
        ("held", |known| known.open.held = 1, &["1 on hold"]),
        (
            "key and licence end",
            |known| {
                known.day.certificate_until = Some(ahead(7 * DAY));
                known.day.facts.licence_until = Some(ago(1).0);
            },
            &["its key is valid until", "the provider's licence ended"],
        ),
        (
            "an alert",
            |known| known.alerts.push(alert_about(false)),
            &["It is broken."],
        ),
        ("a known alert", |known| known.alerts.push(alert_about(true)), &[]),
    ];
    for (name, change, expected) in table {
        let mut known = well();
        change(&mut known);
        let told = persons(&known);
        assert_eq!(told.len(), expected.len(), "{name}: {told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.contains(expected), "{name}: {told}");
        }
    }
}

#[test]
fn a_register_in_trouble_says_its_word_and_until_when_it_is_left_alone() {
    let mut known = well();
    known.condition = Condition {
        failures: 3,
        trouble: Some("unreachable".to_owned()),
        rests_until: ahead(60),
    };
    let lines = known.lines(NOW);
    let told = lines.iter().find_map(|line| match line {
        Line::Note(text) => Some(text.as_str()),
        Line::Good(_) | Line::Person { .. } => None,
    });
    assert!(
        told.is_some_and(|text| text.contains("unreachable (3 times in a row), left alone until")),
        "{lines:#?}"
    );
}
