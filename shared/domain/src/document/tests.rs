use super::*;

fn registration(presence: Presence) -> Registration {
    Registration {
        fiscal_number: FiscalNumber::parse("9000000120").unwrap(),
        local_number: 42,
        registered_at: "2026-03-05T11:22:33.1234567+02:00".to_owned(),
        presence,
        url: None,
        qr_code: None,
        rendering: None,
        provider_id: None,
    }
}

fn states() -> Vec<State> {
    vec![
        State::Waiting,
        State::Ready,
        State::Sending,
        State::InDoubt,
        State::Pending,
        State::Registered(registration(Presence::Online)),
        State::Registered(registration(Presence::Offline)),
        State::Held(HoldReason::RefusedByProvider),
        State::Closed(HoldReason::RefusedByProvider),
    ]
}

fn happenings() -> Vec<Happening> {
    vec![
        Happening::ParentRegistered,
        Happening::IntentCommitted,
        Happening::NotDone,
        Happening::AnswerLost,
        Happening::AcceptedForLater,
        Happening::Done(registration(Presence::Online)),
        Happening::Stopped(HoldReason::RefusedByProvider),
        Happening::Resent,
        Happening::Closed,
        Happening::Delivered,
    ]
}

/// The whole table: rows are states, columns happenings; `-` is an illegal move.
#[test]
fn every_pair_of_state_and_happening_is_decided() {
    let expected = [
        "waiting    ready - - - - - held - - -",
        "ready      - sending - - - - held - - -",
        "sending    - - ready in_doubt pending registered held - - -",
        "in_doubt   - - ready - pending registered held - - -",
        "pending    - - ready - - registered held - - -",
        "registered - - - - - - - - - -",
        "registered - - - - - - - - - registered",
        "held       - - - - - - - ready closed -",
        "closed     - - - - - - - - - -",
    ];
    for (state, row) in states().into_iter().zip(expected) {
        let mut words = row.split_whitespace();
        assert_eq!(words.next(), Some(state.tag()));
        for happening in happenings() {
            let next = state.clone().on(happening.clone());
            let tag = next.as_ref().map_or("-", State::tag);
            assert_eq!(words.next(), Some(tag), "{} on {}", state.tag(), happening.word());
        }
    }
}

#[test]
fn nothing_leaves_doubt_by_sending_again() {
    let refused = State::InDoubt.on(Happening::IntentCommitted).unwrap_err();
    assert_eq!((refused.from, refused.happening), ("in_doubt", "intent_committed"));
}

#[test]
fn delivery_keeps_the_offline_number() {
    let delivered = State::Registered(registration(Presence::Offline))
        .on(Happening::Delivered)
        .unwrap();
    assert_eq!(delivered, State::Registered(registration(Presence::Delivered)));
}
