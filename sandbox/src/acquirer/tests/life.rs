use super::*;

#[test]
fn a_payment_goes_its_way_and_no_other() {
    let sim = simulator();
    let id = sim.create(NewPayment::new("a", 26_750)).unwrap();
    assert_eq!(sim.capture_all(id), Err(Illegal::Stage(Stage::Created)));
    assert_eq!(sim.refund_all(id), Err(Illegal::Stage(Stage::Created)));
    sim.decline(id).unwrap();
    assert!(sim.payment(id).unwrap().failure.is_some());
    sim.pay(id).unwrap();
    let paid = sim.payment(id).unwrap();
    assert_eq!(
        (paid.stage, paid.charged, paid.failure.clone()),
        (Stage::Paid, 26_750, None)
    );
    assert_eq!(sim.pay(id), Err(Illegal::Stage(Stage::Paid)));
    assert_eq!(sim.expire(id), Err(Illegal::Stage(Stage::Paid)));
    assert_eq!(sim.refund(id, 26_751), Err(Illegal::Sum { left: 26_750 }));
    assert_eq!(sim.refund(id, 0), Err(Illegal::Sum { left: 26_750 }));
    sim.refund(id, 12_750).unwrap();
    assert_eq!(sim.payment(id).unwrap().stage, Stage::Paid);
    sim.refund_all(id).unwrap();
    let reversed = sim.payment(id).unwrap();
    assert_eq!(
        (reversed.stage, reversed.refunded(), reversed.refundable()),
        (Stage::Reversed, 26_750, 0)
    );
    assert_eq!(sim.refund_all(id), Err(Illegal::Stage(Stage::Reversed)));
}

#[test]
fn a_hold_is_taken_in_part_or_released_as_a_whole() {
    let sim = simulator();
    let held = |order| {
        let id = sim.paid(NewPayment::new(order, 1000).two_stage()).unwrap();
        assert_eq!(sim.payment(id).unwrap().stage, Stage::Held);
        id
    };
    let taken = held("taken");
    assert_eq!(sim.capture(taken, 1001), Err(Illegal::Sum { left: 1000 }));
    sim.capture(taken, 700).unwrap();
    assert_eq!(sim.capture(taken, 700), Err(Illegal::Stage(Stage::Paid)));
    assert_eq!(sim.payment(taken).unwrap().refundable(), 700);
    let released = held("released");
    assert_eq!(sim.refund(released, 400), Err(Illegal::PartOfHold));
    sim.refund_all(released).unwrap();
    assert!(sim.payment(released).unwrap().is_voided());
}

#[test]
fn what_cannot_be_made_is_refused() {
    let sim = simulator();
    sim.create(NewPayment::new("a", 1)).unwrap();
    let table = [
        (NewPayment::new("a", 1), Illegal::Duplicate),
        (NewPayment::new("", 1), Illegal::Empty("order_id")),
        (NewPayment::new("b", 0), Illegal::Sum { left: u64::MAX }),
        (NewPayment::new("b", 1).of("nobody"), Illegal::UnknownMerchant),
    ];
    for (new, illegal) in table {
        assert_eq!(sim.create(new), Err(illegal));
    }
    assert_eq!(sim.pay(PaymentId(7)), Err(Illegal::UnknownPayment));
    sim.add_merchant(Merchant::new("other", "key"));
    sim.create(NewPayment::new("a", 1).of("other")).unwrap();
    assert_eq!(sim.find("other", "a").unwrap().id, PaymentId(1));
}

#[test]
fn a_refund_that_waits_is_claimed_and_ends_either_way() {
    let sim = simulator();
    let id = sim.paid(NewPayment::new("a", 1000)).unwrap();
    let ask = |amount| sim.change(|books| books.refund(id, amount, None, true));
    ask(600).unwrap();
    let waiting = sim.payment(id).unwrap();
    assert_eq!(
        (waiting.refunded(), waiting.refundable(), waiting.stage),
        (0, 400, Stage::Paid)
    );
    assert_eq!(ask(500), Err(Illegal::Sum { left: 400 }));
    assert_eq!(sim.finish_refunds(RefundState::Failed), 1);
    assert_eq!(sim.payment(id).unwrap().refundable(), 1000);
    ask(1000).unwrap();
    assert_eq!(sim.finish_refunds(RefundState::Done), 1);
    assert_eq!(sim.payment(id).unwrap().stage, Stage::Reversed);
    assert_eq!(sim.finish_refunds(RefundState::Done), 0);
}
