use domain::time::UnixMillis;

use super::*;

fn account(order: &str, paid: u64, refunded: u64) -> Account {
    Account {
        order: order.to_owned(),
        register: 1,
        paid,
        refunded,
        acknowledged_ms: 1_000,
        hold: None,
    }
}

fn slip(number: &str, kind: Kind, sum: u64, order: &str) -> Slip {
    Slip {
        register: 1,
        till: "till-1".to_owned(),
        number: number.to_owned(),
        kind,
        sum,
        orders: [order]
            .into_iter()
            .filter(|order| !order.is_empty())
            .map(str::to_owned)
            .collect(),
        token: format!("token of {number}"),
        at_ms: 1_250,
        offline: false,
    }
}

fn sale(number: &str, sum: u64, order: &str) -> Slip {
    slip(number, Kind::Sale, sum, order)
}

fn back(number: &str, sum: u64, of: &str) -> Slip {
    slip(number, Kind::Return(of.to_owned()), sum, "")
}

fn storno(number: &str, of: &str) -> Slip {
    slip(number, Kind::Storno(of.to_owned()), 0, "")
}

fn document(order: &str, state: &str, hold: Option<(&str, &str)>) -> DocumentView {
    DocumentView {
        id: "1".to_owned(),
        merchant: "shop".to_owned(),
        order: order.to_owned(),
        register: "till-1".to_owned(),
        made_by: "kasyr".to_owned(),
        register_number: None,
        kind: "sale".to_owned(),
        state: state.to_owned(),
        amount: 100,
        parent: None,
        receiver: None,
        fiscal_number: None,
        local_number: None,
        registered_at: None,
        presence: None,
        url: None,
        qr_code: None,
        hold: hold.map(|(reason, text)| (reason.to_owned(), text.to_owned())),
        attempts: 1,
        created_at: UnixMillis(0),
        updated_at: UnixMillis(0),
    }
}

/// Kasyr's ledger as it should be for this tape.
fn remembered(tape: &[Slip]) -> Vec<DocumentView> {
    let registered = |slip: &Slip| DocumentView {
        fiscal_number: Some(slip.number.clone()),
        ..document("", "registered", None)
    };
    tape.iter().map(registered).collect()
}

/// The sizes of the figures, in their order.
fn sizes(accounts: &[Account], tape: &[Slip], documents: &[DocumentView]) -> [usize; 7] {
    judge(accounts, tape, documents).figures().map(|(_, cases)| cases.len())
}

#[test]
fn every_kind_of_wrong_tape_shows() {
    let account = || account("o-1", 100, 0);
    let refunded = |refunded| super::tests::account("o-1", 100, refunded);
    #[rustfmt::skip]
    let table: [(&str, Account, Vec<Slip>, [usize; 7]); 14] = [
        ("right", account(), vec![sale("1", 100, "o-1")], [0, 0, 0, 0, 0, 0, 0]),
        ("nothing", account(), vec![], [1, 0, 0, 0, 0, 0, 0]),
        ("twice", account(), vec![sale("1", 100, "o-1"), sale("2", 100, "o-1")], [0, 1, 0, 0, 0, 0, 0]),
        ("wrong amount", account(), vec![sale("1", 99, "o-1")], [0, 0, 0, 0, 1, 0, 0]),
        ("no order", account(), vec![sale("1", 100, "o-1"), sale("2", 5, "")], [0, 0, 1, 0, 0, 0, 0]),
        ("unknown order", account(), vec![sale("1", 100, "o-1"), sale("2", 5, "o-9")], [0, 0, 1, 0, 0, 0, 0]),
        ("storno", refunded(100), vec![sale("1", 100, "o-1"), storno("2", "1")], [0, 0, 0, 0, 0, 0, 0]),
        ("returns", refunded(100), vec![sale("1", 100, "o-1"), back("2", 40, "1"), back("3", 60, "1")],
            [0, 0, 0, 0, 0, 0, 0]),
        ("no refund", refunded(30), vec![sale("1", 100, "o-1")], [1, 0, 0, 0, 1, 0, 0]),
        ("refund twice", refunded(30), vec![sale("1", 100, "o-1"), back("2", 30, "1"), back("3", 30, "1")],
            [0, 1, 0, 0, 1, 0, 0]),
        ("above the sale", refunded(100), vec![sale("1", 100, "o-1"), storno("2", "1"), back("3", 1, "1")],
            [0, 1, 0, 1, 1, 0, 0]),
        ("refund nobody asked for", account(), vec![sale("1", 100, "o-1"), back("2", 10, "1")],
            [0, 1, 0, 0, 1, 0, 0]),
        ("refund of nothing", account(), vec![sale("1", 100, "o-1"), back("2", 10, "7")], [0, 0, 1, 0, 0, 0, 0]),
        ("not paid", super::tests::account("o-1", 0, 0), vec![sale("1", 100, "o-1")], [0, 0, 1, 0, 0, 0, 0]),
    ];
    for (case, account, tape, expected) in table {
        assert_eq!(sizes(&[account], &tape, &remembered(&tape)), expected, "{case}");
    }
}

#[test]
fn two_documents_with_one_reference_are_doubled() {
    let mut tape = vec![sale("1", 100, "o-1"), sale("2", 100, "o-2")];
    for slip in &mut tape {
        slip.token = "same".to_owned();
    }
    let accounts = [account("o-1", 100, 0), account("o-2", 100, 0)];
    assert_eq!(sizes(&accounts, &tape, &remembered(&tape)), [0, 1, 0, 0, 0, 0, 0]);
}

#[test]
fn a_hold_must_be_expected_and_an_expected_one_must_be_there() {
    let account = |hold| Account {
        hold,
        ..account("o-1", 100, 0)
    };
    let mismatch = Some(HoldReason::BasketMismatch);
    let text = Some(("basket_mismatch", "101 and 100"));
    type Case = (&'static str, Option<HoldReason>, Vec<DocumentView>, usize, usize);
    let table: [Case; 6] = [
        ("as expected", mismatch, vec![document("o-1", "held", text)], 0, 0),
        ("missing", mismatch, vec![], 0, 1),
        (
            "no text",
            mismatch,
            vec![document("o-1", "held", Some(("basket_mismatch", "")))],
            0,
            2,
        ),
        (
            "another reason",
            mismatch,
            vec![document("o-1", "held", Some(("doubt_unresolved", "?")))],
            0,
            2,
        ),
        ("unexpected", None, vec![document("o-1", "held", text)], 1, 1),
        ("open", None, vec![document("o-1", "in_doubt", None)], 1, 1),
    ];
    for (case, hold, documents, lost, unexplained) in table {
        let expected = [lost, 0, 0, 0, 0, unexplained, 0];
        assert_eq!(sizes(&[account(hold)], &[], &documents), expected, "{case}");
    }
}

#[test]
fn what_kasyr_tells_is_compared_with_the_tape() {
    let tape = [sale("1", 100, "o-1")];
    let accounts = [account("o-1", 100, 0)];
    assert_eq!(sizes(&accounts, &tape, &[]), [0, 0, 0, 0, 0, 0, 1]);
    let other = remembered(&[sale("2", 100, "o-1")]);
    assert_eq!(sizes(&accounts, &tape, &other), [0, 0, 0, 0, 0, 0, 2]);
}

#[test]
fn the_wait_runs_from_the_acknowledgement_to_the_receipt() {
    let tape = [sale("1", 100, "o-1")];
    let verdict = judge(&[account("o-1", 100, 0)], &tape, &remembered(&tape));
    assert_eq!(verdict.waits_ms, [250]);
}
