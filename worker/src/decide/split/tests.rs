use std::collections::BTreeMap;

use domain::basket::Line;
use domain::event::{Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, RegisterId};
use domain::receipt::MismatchPolicy;
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use uuid::Uuid;

use super::super::{Till, decide};
use super::*;

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn receiver(name: &str) -> Receiver {
    Receiver::parse(name).unwrap()
}

fn basket(minor: u64) -> Basket {
    Basket::new(vec![Line::single("Чай", kopecks(minor)).unwrap()]).unwrap()
}

/// Receivers `a` and `b` have registers.
fn rules(technical: bool) -> Rules {
    let till = |name: &str| Till {
        register: RegisterId::parse(name).unwrap(),
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
    };
    Rules {
        till: till("own"),
        on_mismatch: MismatchPolicy::Hold,
        unconfirmed: None,
        technical,
        tills: ["a", "b"]
            .map(|name| (receiver(name), till(&format!("till-{name}"))))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        stand_in: None,
    }
}

fn part(name: &str, amount: u64, refunded: Option<u64>) -> Part {
    Part {
        receiver: receiver(name),
        amount: kopecks(amount),
        refunded: refunded.map(kopecks),
        basket: CarriedBasket::Lines(basket(amount)),
    }
}

fn event(fact: Fact) -> Event {
    Event {
        order: ExternalOrderId::parse("shop-1").unwrap(),
        payment_id: Some("p1".to_owned()),
        fact,
        means: PaymentMeans::default(),
        payer_email: None,
    }
}

fn money(paid: u64, refunded_total: u64, parts: Vec<Part>) -> Event {
    event(Fact::Money {
        paid: kopecks(paid),
        refunded_total: kopecks(refunded_total),
        basket: CarriedBasket::Absent,
        parts,
    })
}

fn refund(amount: u64, whose: Option<&str>) -> Event {
    event(Fact::Refund {
        amount: kopecks(amount),
        lines: None,
        receiver: whose.map(receiver),
    })
}

/// An order as a ledger would keep it.
#[derive(Clone)]
struct Kept(Standing, u128);

impl Kept {
    fn new() -> Self {
        let standing = Standing {
            basket: None,
            description: None,
            documents: Vec::new(),
            receivers: Vec::new(),
            parts: Vec::new(),
        };
        Self(standing, 0)
    }

    /// Plans an event and keeps what follows; says it in words.
    fn take(&mut self, event: &Event, rules: &Rules) -> Vec<String> {
        self.1 += 1;
        let id = EventId::from_uuid(Uuid::from_u128(self.1));
        let plan = decide(id, event, &self.0, rules);
        let (documents, split) = match plan {
            Plan::Ignore(_) => return vec!["ignored".to_owned()],
            Plan::Wait(_) => return vec!["waits".to_owned()],
            Plan::Documents { documents, split, .. } => (documents, split),
        };
        let mut said: Vec<String> = documents.iter().map(|new| self.keep(new)).collect();
        if let Some(split) = split {
            for (held, _) in &split.settled {
                let found = self.0.documents.iter_mut().find(|one| one.id == *held).unwrap();
                found.closed = true;
                said.push(format!("settled {}", found.slot));
            }
            self.0.parts = split.parts;
        }
        said
    }

    fn keep(&mut self, new: &NewDocument) -> String {
        let held = match &new.start {
            Start::Held(reason, _) => Some(*reason),
            Start::Ready(_) | Start::AfterSale => None,
        };
        let number = u128::try_from(self.0.documents.len()).unwrap() + 1;
        self.0.documents.push(Planned {
            id: DocumentId::from_uuid(Uuid::from_u128(number)),
            register: new.register.clone(),
            kind: new.kind,
            slot: new.slot.clone(),
            amount: new.amount,
            payment_id: Some("p1".to_owned()),
            held,
            closed: false,
            has_parent: true,
        });
        let why = held.map(|reason| format!(" {}", reason.code())).unwrap_or_default();
        let event = Uuid::from_u128(self.1).to_string();
        let slot = new.slot.replace(&event, "event");
        format!(
            "{} {} {} on {}{why}",
            new.kind.as_str(),
            slot,
            new.amount.minor(),
            new.register
        )
    }
}

/// Events one after the other, each with what follows from it.
fn check(rules: &Rules, steps: &[(Event, &[&str])]) {
    let mut kept = Kept::new();
    for (place, (event, expected)) in steps.iter().enumerate() {
        assert_eq!(
            kept.take(event, rules),
            *expected,
            "step {}: {:?}",
            place + 1,
            event.fact
        );
        // The same once more says nothing new; a refund told as such is new each time.
        if matches!(event.fact, Fact::Money { .. }) && expected.first() != Some(&"waits") {
            assert_eq!(kept.take(event, rules), ["ignored"], "step {} again", place + 1);
        }
    }
}

fn parts() -> Vec<Part> {
    vec![part("a", 600, None), part("b", 400, None)]
}

const SALES: &[&str] = &["sale sale@a 600 on till-a", "sale sale@b 400 on till-b"];

#[test]
fn each_part_with_a_register_and_a_basket_is_a_sale() {
    check(&rules(false), &[(money(1000, 0, parts()), SALES)]);
    let stranger = vec![part("a", 600, None), part("stranger", 400, None)];
    check(
        &rules(false),
        &[(money(1000, 0, stranger), &["sale sale@a 600 on till-a"])],
    );
    let bare = Part {
        basket: CarriedBasket::Absent,
        ..part("b", 400, None)
    };
    let bare = vec![part("a", 600, None), bare];
    check(
        &rules(false),
        &[
            (money(1000, 0, bare), &["sale sale@a 600 on till-a"]),
            // What it sold is told later.
            (money(1000, 0, parts()), &["sale sale@b 400 on till-b"]),
        ],
    );
}

#[test]
fn a_technical_purchase_waits_and_any_other_is_whole() {
    check(
        &rules(true),
        &[(money(1000, 0, vec![]), &["waits"]), (money(1000, 0, parts()), SALES)],
    );
    check(
        &rules(false),
        &[
            (money(1000, 0, vec![]), &["sale sale 1000 on own"]),
            (money(1000, 0, parts()), &["sale split:late 1000 on own split_too_late"]),
            (money(1000, 1000, parts()), &["storno refund:1000 1000 on own"]),
        ],
    );
}

#[test]
fn sums_that_do_not_fit_make_no_receipt() {
    let wrong = vec![part("a", 600, None), part("b", 399, None)];
    check(
        &rules(true),
        &[
            (money(1000, 0, wrong), &["sale split:1 1000 on own split_mismatch"]),
            (
                money(1000, 0, parts()),
                &[
                    "sale sale@a 600 on till-a",
                    "sale sale@b 400 on till-b",
                    "settled split:1",
                ],
            ),
        ],
    );
    let otherwise = vec![part("a", 500, None), part("b", 500, None)];
    check(
        &rules(true),
        &[
            (money(1000, 0, parts()), SALES),
            (
                money(1000, 0, otherwise),
                &["sale split:late 1000 on own split_too_late"],
            ),
        ],
    );
}

#[test]
fn refunds_land_on_their_parts() {
    let told = |a, b| vec![part("a", 600, Some(a)), part("b", 400, Some(b))];
    check(
        &rules(false),
        &[
            (money(1000, 0, parts()), SALES),
            (money(1000, 100, told(100, 0)), &["return refund@a:100 100 on till-a"]),
            (
                money(1000, 350, told(150, 200)),
                &["return refund@a:150 50 on till-a", "return refund@b:200 200 on till-b"],
            ),
            // An older snapshot.
            (money(1000, 100, told(100, 0)), &["ignored"]),
            (
                money(1000, 1000, vec![]),
                &["return refund@a:600 450 on till-a", "return refund@b:400 200 on till-b"],
            ),
        ],
    );
    // The first snapshot that is seen.
    check(
        &rules(true),
        &[(
            money(1000, 1000, parts()),
            &[
                "sale sale@a 600 on till-a",
                "sale sale@b 400 on till-b",
                "storno refund@a:600 600 on till-a",
                "storno refund@b:400 400 on till-b",
            ],
        )],
    );
}

#[test]
fn a_refund_of_nobody_in_particular_is_a_question_until_it_is_answered() {
    check(
        &rules(false),
        &[
            (money(1000, 0, parts()), SALES),
            (
                money(1000, 100, vec![]),
                &["return refund:100 100 on own receiver_unknown"],
            ),
            (
                money(1000, 250, vec![]),
                &["return refund:250 150 on own receiver_unknown"],
            ),
            (
                refund(100, Some("b")),
                &["return refund@b:event 100 on till-b", "settled refund:100"],
            ),
            (
                refund(150, Some("a")),
                &["return refund@a:event 150 on till-a", "settled refund:250"],
            ),
            (money(1000, 250, vec![]), &["ignored"]),
            (refund(1, None), &["return refund:event 1 on own receiver_unknown"]),
            (refund(1, Some("c")), &["return refund:event 1 on own receiver_unknown"]),
            (
                refund(451, Some("a")),
                &["return refund@a:event 451 on till-a refund_exceeds_sale"],
            ),
            (
                refund(750, None),
                &[
                    "return refund@a:event 450 on till-a",
                    "return refund@b:event 300 on till-b",
                ],
            ),
        ],
    );
}
