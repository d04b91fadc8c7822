use ::atol_online::ErrorType;
use ledger::tape::Due;

use super::super::tests::{UUID, document};
use super::*;

fn report(state: State) -> Report {
    Report {
        uuid: Some(UUID.to_owned()),
        external_id: None,
        group_code: None,
        timestamp: Some("21.11.2026 10:15:46".to_owned()),
        daemon_code: None,
        device_code: None,
        warnings: Vec::new(),
        state,
    }
}

fn payload() -> Payload {
    Payload {
        receipt_datetime: Some("21.11.2026 10:15:00".to_owned()),
        total: Some(Money::from_kopecks(30_000)),
        fn_number: Some("9999000000000001".to_owned()),
        fiscal_document_number: Some(133),
        fiscal_document_attribute: Some(3_000_000_007),
        ofd_receipt_url: Some("https://ofd.example/r?i=133".to_owned()),
        ..Payload::default()
    }
}

fn found(state: State, attempts: u32) -> Finding {
    let mut document = document(Due::Pending, Some(UUID));
    document.attempts = attempts;
    let last = Last {
        document: &document,
        uuid: UUID,
        now: UnixMillis(1_795_245_340_000),
        ask_in: Duration::from_secs(20),
        again_in: Duration::from_secs(10),
    };
    finding(&report(state), &last)
}

fn registration(payload: Payload) -> Registration {
    match found(State::Done(Box::new(payload)), 1) {
        Finding::Found(registration) => registration,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_result_names_the_document_by_its_three_numbers() {
    let registered = registration(payload());
    assert_eq!(registered.fiscal_number.as_str(), "9999000000000001-133-3000000007");
    assert_eq!(registered.local_number, 133);
    assert_eq!(registered.registered_at, "2026-11-21T10:15:00+03:00");
    assert_eq!(registered.url.as_deref(), Some("https://ofd.example/r?i=133"));
    assert_eq!(registered.provider_id.as_deref(), Some(UUID));
}

#[test]
fn a_result_without_its_time_has_the_services() {
    let timeless = Payload {
        receipt_datetime: None,
        total: None,
        ..payload()
    };
    assert_eq!(registration(timeless).registered_at, "2026-11-21T10:15:46+03:00");
}

#[test]
fn another_total_is_another_receipt() {
    let other = Payload {
        total: Some(Money::from_kopecks(29_999)),
        ..payload()
    };
    let Finding::Doubtful(why) = found(State::Done(Box::new(other)), 1) else {
        panic!("taken for ours");
    };
    assert!(why.contains("299.99 instead of 300.00"), "{why}");
}

#[test]
fn what_waits_is_asked_about_again() {
    let Finding::Accepted { provider_id, ask_in } = found(State::Wait, 1) else {
        panic!("decided while it waits");
    };
    assert_eq!((provider_id.as_deref(), ask_in.as_secs()), (Some(UUID), 20));
}

#[test]
fn each_failure_leads_where_its_class_says() {
    for (kind, code, attempts, expected) in [
        (ErrorType::Timeout, 1, 1, "dropped"),
        (ErrorType::Timeout, 1, 4, "dropped"),
        (ErrorType::Timeout, 1, 5, "refused"),
        // A person had it sent once more: it has five more tries.
        (ErrorType::Timeout, 1, 6, "dropped"),
        (ErrorType::Timeout, 1, 10, "refused"),
        (ErrorType::Driver, 36, 1, "dropped"),
        (ErrorType::Agent, 2009, 1, "refused"),
        (ErrorType::Driver, 66, 1, "refused"),
        (ErrorType::Driver, 68, 1, "refused"),
        (ErrorType::Driver, 262, 1, "doubtful"),
        (ErrorType::System, 1, 1, "doubtful"),
        (ErrorType::Unknown, 0, 1, "doubtful"),
    ] {
        let trouble = Trouble {
            kind: kind.clone(),
            code,
            text: "why".to_owned(),
            error_id: None,
        };
        let finding = match found(State::Fail(trouble), attempts) {
            Finding::Dropped { .. } => "dropped",
            Finding::Refused(_) => "refused",
            Finding::Doubtful(_) => "doubtful",
            other => panic!("{other:?}"),
        };
        assert_eq!(finding, expected, "{kind:?} {code} after {attempts}");
    }
}
