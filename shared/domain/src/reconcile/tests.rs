use super::*;

const PATIENCE: Duration = Duration::from_secs(600);
const NOW: UnixMillis = UnixMillis(10_000_000);

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn money(paid: u64, refunded: u64) -> Money {
    Money {
        paid: kopecks(paid),
        refunded: kopecks(refunded),
    }
}

fn made(refund: bool, amount: u64, place: Place) -> Made {
    Made {
        refund,
        amount: kopecks(amount),
        place,
    }
}

fn sale(amount: u64) -> Made {
    made(false, amount, Place::OnTape)
}

fn back(amount: u64) -> Made {
    made(true, amount, Place::OnTape)
}

fn check(gateway: AtGateway, told: Option<Money>, made: &[Made], expected: &[FindingKind]) {
    let sides = Sides {
        gateway,
        told,
        refunded_elsewhere: Kopecks::ZERO,
        apart: Money::default(),
        made,
    };
    let found: Vec<_> = compare(&sides, PATIENCE, NOW).iter().map(|one| one.kind).collect();
    assert_eq!(found, expected, "{gateway:?} {told:?} {made:?}");
}

#[test]
fn an_order_whose_sides_agree_has_no_findings() {
    use AtGateway::{Money as Says, NotAsked};
    for gateway in [NotAsked, Says(money(100, 0))] {
        check(gateway, Some(money(100, 0)), &[sale(100)], &[]);
    }
    check(NotAsked, Some(money(100, 30)), &[sale(100), back(30)], &[]);
    check(NotAsked, Some(money(100, 100)), &[sale(100), back(100)], &[]);
    // A split: the sales of all receivers together.
    check(NotAsked, Some(money(100, 0)), &[sale(60), sale(40)], &[]);
    check(NotAsked, None, &[], &[]);
    check(AtGateway::Nothing, None, &[], &[]);
    check(AtGateway::Nothing, None, &[sale(100), back(100)], &[]);
}

#[test]
fn every_difference_has_its_name() {
    use AtGateway::{Money as Says, NotAsked, Nothing};
    use FindingKind as F;
    check(Says(money(100, 0)), None, &[], &[F::MissedPayment]);
    check(NotAsked, Some(money(100, 0)), &[], &[F::PaidWithoutReceipt]);
    check(Nothing, Some(money(100, 0)), &[sale(100)], &[F::ReceiptWithoutPayment]);
    check(
        Says(money(90, 0)),
        Some(money(100, 0)),
        &[sale(100)],
        &[F::AmountsDiffer],
    );
    check(
        Says(money(110, 0)),
        Some(money(100, 0)),
        &[sale(100)],
        &[F::AmountsDiffer],
    );
    check(
        NotAsked,
        Some(money(100, 0)),
        &[sale(100), sale(100)],
        &[F::DuplicateReceipt],
    );
    check(
        Says(money(100, 40)),
        Some(money(100, 0)),
        &[sale(100)],
        &[F::RefundedWithoutReturn],
    );
    check(
        NotAsked,
        Some(money(100, 10)),
        &[sale(100), back(40)],
        &[F::AmountsDiffer],
    );
}

#[test]
fn a_second_receipt_that_was_returned_is_in_order() {
    check(
        AtGateway::NotAsked,
        Some(money(100, 0)),
        &[sale(100), sale(100), back(100)],
        &[],
    );
}

#[test]
fn what_is_on_its_way_is_given_its_time() {
    let at = |place| made(false, 100, place);
    let told = Some(money(100, 0));
    let fresh = at(Place::UnderWay(NOW.minus(Duration::from_secs(1))));
    check(AtGateway::NotAsked, told, &[fresh], &[]);
    for (place, missing) in [
        (Place::UnderWay(UnixMillis(0)), Missing::UnderWay),
        (
            Place::Held(HoldReason::BasketMismatch),
            Missing::Held(HoldReason::BasketMismatch),
        ),
    ] {
        let made = [at(place)];
        let sides = Sides {
            gateway: AtGateway::NotAsked,
            told,
            refunded_elsewhere: Kopecks::ZERO,
            apart: Money::default(),
            made: &made,
        };
        let found = compare(&sides, PATIENCE, NOW);
        assert_eq!(found.first().and_then(|one| one.missing), Some(missing));
    }
    check(AtGateway::NotAsked, told, &[at(Place::Settled)], &[]);
}

#[test]
fn a_refund_the_shop_told_of_is_not_too_much() {
    let made = [sale(100), back(30)];
    let sides = Sides {
        gateway: AtGateway::Money(money(100, 0)),
        told: Some(money(100, 0)),
        refunded_elsewhere: kopecks(30),
        apart: Money::default(),
        made: &made,
    };
    assert_eq!(compare(&sides, PATIENCE, NOW), []);
}

#[test]
fn a_receiver_without_a_register_is_owed_no_receipt() {
    let made = [sale(60)];
    let sides = Sides {
        gateway: AtGateway::NotAsked,
        told: Some(money(100, 0)),
        refunded_elsewhere: Kopecks::ZERO,
        apart: Money {
            paid: kopecks(40),
            refunded: Kopecks::ZERO,
        },
        made: &made,
    };
    assert_eq!(compare(&sides, PATIENCE, NOW), []);
}

#[test]
fn words_are_distinct_and_read_back() {
    for kind in FindingKind::ALL {
        assert_eq!(FindingKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(FindingKind::parse("other"), None);
}
