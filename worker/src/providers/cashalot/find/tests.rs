use super::*;

fn listed(local_number: u64, doc_type: DocType) -> TapeDocument {
    TapeDocument {
        fiscal_number: format!("90000{local_number}"),
        local_number,
        doc_date_time: None,
        class: Some(DocClass::Check),
        doc_type: Some(doc_type),
        doc_sub_type: None,
        revoked: false,
        storned: false,
    }
}

fn state(next_local: u64, offline_present: Option<bool>) -> Before {
    Before {
        next_local: Some(next_local),
        offline_present,
        ..Before::default()
    }
}

#[test]
fn only_checks_since_the_intent_are_candidates() {
    let revoked = TapeDocument {
        revoked: true,
        ..listed(44, DocType::SaleGoods)
    };
    let documents = vec![
        listed(41, DocType::SaleGoods),
        listed(42, DocType::OpenShift),
        listed(43, DocType::SaleGoods),
        revoked,
    ];
    let tape = Tape::new(&state(42, Some(false)), &state(45, Some(false)), documents);
    let numbers: Vec<_> = tape.checks.iter().map(|check| check.local_number).collect();
    assert_eq!((numbers, tape.unseen), (vec![43], None));
}

#[test]
fn a_number_nobody_lists_keeps_the_doubt_until_everything_is_delivered() {
    for (offline_present, unclear) in [(Some(true), true), (None, true), (Some(false), false)] {
        let tape = Tape::new(
            &state(42, Some(false)),
            &state(44, offline_present),
            vec![listed(43, DocType::SaleGoods)],
        );
        assert_eq!(tape.unseen.is_some(), unclear, "{offline_present:?}");
    }
}

#[test]
fn a_register_that_tells_no_number_proves_nothing() {
    assert!(
        Tape::new(&Before::default(), &Before::default(), Vec::new())
            .unseen
            .is_some()
    );
    assert!(
        Tape::new(&state(50, Some(false)), &state(42, Some(false)), Vec::new())
            .unseen
            .is_some()
    );
}
