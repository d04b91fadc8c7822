use super::*;

fn row(change: impl FnOnce(&mut RegisterRow)) -> RegisterRow {
    let mut row = RegisterRow {
        id: RegisterId::parse("till").unwrap(),
        merchant: MerchantId::parse("shop").unwrap(),
        provider: "cashalot".to_owned(),
        fiscal_number: "4000999001".to_owned(),
        shift: None,
        seen_at: Some(UnixMillis(1)),
        facts: Facts::default(),
        certificate_until: None,
        failures: 0,
        trouble: None,
        rests_until: UnixMillis(0),
        offline_documents: 0,
        open: Open::default(),
        last_receipt: None,
        worst_alert: None,
    };
    change(&mut row);
    row
}

#[test]
fn a_line_is_told_from_the_last_look() {
    for (row, expected) in [
        (row(|_| {}), Line::Online),
        (row(|row| row.seen_at = None), Line::Unknown),
        (row(|row| row.failures = 1), Line::Unknown),
        (row(|row| row.facts.tax_service = Some(true)), Line::Online),
        (row(|row| row.facts.tax_service = Some(false)), Line::Offline),
        (row(|row| row.facts.undelivered = Some(true)), Line::Offline),
        (row(|row| row.offline_documents = 1), Line::Offline),
    ] {
        assert_eq!(row.line(), expected, "{row:?}");
    }
}
