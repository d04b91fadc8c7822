use domain::basket::{Basket, Line};
use domain::event::PaymentMeans;
use domain::ids::{DocumentId, ExternalOrderId};
use uuid::Uuid;

use super::*;

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn till(name: &str) -> Till {
    Till {
        register: RegisterId::parse(name).unwrap(),
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
    }
}

fn rules() -> Rules {
    Rules {
        till: till("r1"),
        on_mismatch: MismatchPolicy::Hold,
        unconfirmed: None,
        technical: false,
        tills: BTreeMap::new(),
        stand_in: None,
    }
}

fn event(payment: &str, fact: Fact) -> Event {
    Event {
        payer_email: None,
        order: ExternalOrderId::parse("shop-1").unwrap(),
        payment_id: Some(payment.to_owned()),
        fact,
        means: PaymentMeans::default(),
    }
}

fn money(paid: u64, refunded_total: u64) -> Event {
    let basket = CarriedBasket::Absent;
    event(
        "p1",
        Fact::Money {
            paid: kopecks(paid),
            refunded_total: kopecks(refunded_total),
            basket,
            parts: Vec::new(),
        },
    )
}

fn refund(amount: u64) -> Event {
    event(
        "p1",
        Fact::Refund {
            amount: kopecks(amount),
            lines: None,
            receiver: None,
        },
    )
}

fn planned(slot: &str, kind: Kind, amount: u64, held: Option<HoldReason>) -> Planned {
    Planned {
        id: DocumentId::from_uuid(Uuid::from_u128(u128::from(amount))),
        register: RegisterId::parse("r1").unwrap(),
        kind,
        slot: slot.to_owned(),
        amount: kopecks(amount),
        payment_id: Some("p1".to_owned()),
        held,
        closed: false,
        has_parent: kind.is_refund() && slot != "orphan",
    }
}

fn standing(documents: Vec<Planned>) -> Standing {
    Standing {
        basket: None,
        description: None,
        documents,
        receivers: Vec::new(),
        parts: Vec::new(),
    }
}

fn id() -> EventId {
    EventId::from_uuid(Uuid::from_u128(7))
}

/// A plan in one line: `kind slot amount [held:reason]` per document, then `above N`.
fn check(event: &Event, documents: Vec<Planned>, expected: &[&str]) {
    let found = match decide(id(), event, &standing(documents), &rules()) {
        Plan::Ignore(_) => vec!["ignored".to_owned()],
        Plan::Wait(why) => vec![format!("waits: {why}")],
        Plan::Documents {
            documents,
            exceeding,
            split: _,
        } => {
            let mut lines: Vec<String> = documents.iter().map(line).collect();
            lines.extend(exceeding.iter().map(|(id, _)| format!("above {}", id.uuid().as_u128())));
            lines
        }
    };
    assert_eq!(found, expected, "{:?}", event.fact);
}

fn line(document: &NewDocument) -> String {
    let start = match &document.start {
        Start::Ready(_) => "ready".to_owned(),
        Start::AfterSale => "after-sale".to_owned(),
        Start::Held(reason, _) => format!("held:{}", reason.code()),
    };
    format!(
        "{} {} {} {start}",
        document.kind.as_str(),
        document.slot,
        document.amount.minor()
    )
}

fn sale(amount: u64) -> Planned {
    planned("sale", Kind::Sale, amount, None)
}

#[test]
fn snapshots_become_what_is_not_planned_yet() {
    check(&money(1000, 0), vec![], &["sale sale 1000 ready"]);
    check(&money(1000, 0), vec![sale(1000)], &["ignored"]);
    // The purchase callback was lost: sale and refund together.
    check(
        &money(1000, 400),
        vec![],
        &["sale sale 1000 ready", "return refund:400 400 after-sale"],
    );
    check(
        &money(1000, 1000),
        vec![sale(1000)],
        &["storno refund:1000 1000 after-sale"],
    );
    let earlier = planned("refund:400", Kind::Return, 400, None);
    check(
        &money(1000, 1000),
        vec![sale(1000), earlier.clone()],
        &["return refund:1000 600 after-sale"],
    );
    check(&money(1000, 400), vec![sale(1000), earlier.clone()], &["ignored"]);
    check(&money(1000, 300), vec![sale(1000), earlier], &["ignored"]);
    check(&money(0, 0), vec![], &["ignored"]);
}

#[test]
fn more_than_was_sold_is_held_once() {
    check(
        &money(1000, 1200),
        vec![sale(1000)],
        &["return refund:1200 1200 held:refund_exceeds_sale"],
    );
    let held = planned("refund:1200", Kind::Return, 1200, Some(HoldReason::RefundExceedsSale));
    check(&money(1000, 1200), vec![sale(1000), held.clone()], &["ignored"]);
    // A held refund that exceeds its sale does not stand in the way of a good one.
    check(
        &refund(100),
        vec![sale(1000), held],
        &[&format!("return refund:{} 100 after-sale", id())],
    );
}

#[test]
fn refunds_before_their_sale_wait_and_are_checked_when_it_comes() {
    check(
        &refund(600),
        vec![],
        &[&format!("return refund:{} 600 after-sale", id())],
    );
    let orphans = vec![
        planned("orphan", Kind::Return, 600, None),
        planned("orphan", Kind::Return, 500, None),
    ];
    check(&money(1000, 0), orphans, &["sale sale 1000 ready", "above 500"]);
}

#[test]
fn a_second_payment_and_a_changed_amount_wait_for_a_person() {
    let second = Event {
        payment_id: Some("p2".to_owned()),
        ..money(1000, 0)
    };
    check(&second, vec![sale(1000)], &["sale second:p2 1000 held:second_payment"]);
    let strange = format!("sale strange:{} 900 held:strange_event", id());
    check(&money(900, 0), vec![sale(1000)], &[&strange]);
}

#[test]
fn strange_money_is_held_and_the_rest_is_ignored() {
    let strange = |money_moved| {
        event(
            "p1",
            Fact::Strange {
                why: "?".to_owned(),
                money_moved,
            },
        )
    };
    check(
        &strange(true),
        vec![],
        &[&format!("sale strange:{} 0 held:strange_event", id())],
    );
    check(&strange(false), vec![], &["ignored"]);
    check(
        &event(
            "p1",
            Fact::Nothing {
                why: "declined".to_owned(),
            },
        ),
        vec![],
        &["ignored"],
    );
}

#[test]
fn an_unconfirmed_payment_is_held() {
    let rules = Rules {
        unconfirmed: Some("no answer".to_owned()),
        ..rules()
    };
    let Plan::Documents { documents, .. } = decide(id(), &money(1000, 0), &standing(vec![]), &rules) else {
        panic!("nothing was planned");
    };
    assert_eq!(line(&documents[0]), "sale sale 1000 held:not_confirmed");
}

#[test]
fn the_shops_basket_comes_before_the_payments_and_the_description() {
    let basket = |name: &str| Basket::new(vec![Line::single(name, kopecks(1000)).unwrap()]).unwrap();
    let name_of = |standing: &Standing, carried: CarriedBasket| {
        let fact = Fact::Money {
            paid: kopecks(1000),
            refunded_total: Kopecks::ZERO,
            basket: carried,
            parts: Vec::new(),
        };
        let Plan::Documents { documents, .. } = decide(id(), &event("p1", fact), standing, &rules()) else {
            panic!("nothing was planned");
        };
        match &documents[0].start {
            Start::Ready(receipt) => receipt.basket.lines()[0].name.clone(),
            Start::Held(reason, _) => reason.code().to_owned(),
            Start::AfterSale => "after-sale".to_owned(),
        }
    };
    let mut order = standing(vec![]);
    assert_eq!(name_of(&order, CarriedBasket::Absent), "Оплата замовлення shop-1");
    assert_eq!(
        name_of(&order, CarriedBasket::Broken("not base64".to_owned())),
        "basket_unusable"
    );
    order.description = Some("Квіти".to_owned());
    assert_eq!(name_of(&order, CarriedBasket::Absent), "Квіти");
    assert_eq!(name_of(&order, CarriedBasket::Lines(basket("Тюльпани"))), "Тюльпани");
    order.basket = Some(basket("Троянди"));
    assert_eq!(name_of(&order, CarriedBasket::Lines(basket("Тюльпани"))), "Троянди");
}

#[test]
fn a_new_order_goes_to_the_register_that_stands_in_and_a_sold_one_stays_where_it_was_sold() {
    let down = Rules {
        stand_in: Some(Till {
            refund_policy: RefundPolicy::ReturnOnly,
            ..till("r2")
        }),
        ..rules()
    };
    let sold_at = |name: &str| Planned {
        register: RegisterId::parse(name).unwrap(),
        ..sale(1000)
    };
    let orphan = planned("orphan", Kind::Return, 400, None);
    let table = [
        (&down, money(1000, 0), vec![], "r2"),
        (&down, money(1000, 400), vec![sold_at("r1")], "r1"),
        (&down, refund(400), vec![sold_at("r1")], "r1"),
        // It works again, and what was sold at the other one is given back there.
        (&rules(), refund(400), vec![sold_at("r2")], "r2"),
        // A refund came first: its sale follows it.
        (&down, money(1000, 400), vec![orphan], "r1"),
    ];
    for (rules, event, documents, expected) in table {
        let Plan::Documents { documents, .. } = decide(id(), &event, &standing(documents), rules) else {
            panic!("nothing was planned for {:?}", event.fact);
        };
        assert!(!documents.is_empty(), "{:?}", event.fact);
        for document in documents {
            assert_eq!(document.register.as_str(), expected, "{:?}", event.fact);
        }
    }
}
