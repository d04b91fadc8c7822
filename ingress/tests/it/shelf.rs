//! Orders with documents, as a worker would have planned them.

use domain::basket::{Basket, Line};
use domain::document::Kind;
use domain::event::{CarriedBasket, Event, Fact, PaymentMeans};
use domain::hold::HoldReason;
use domain::ids::{DocumentId, ExternalOrderId, MerchantId, RegisterId};
use domain::money::Kopecks;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::tax::VatScheme;
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::plan::{NewDocument, Plan, SALE, Start};

use crate::bed::Bed;

fn amount(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn ready(minor: u64) -> Start {
    let basket = Basket::new(vec![Line::single("Чай", amount(minor)).unwrap()]).unwrap();
    let receipt = Receipt::sale(
        basket,
        amount(minor),
        MismatchPolicy::Hold,
        &VatScheme::NotAPayer,
        PaymentMeans::default(),
    );
    Start::Ready(Box::new(receipt.unwrap()))
}

/// A sale that may be sent.
pub async fn sold(bed: &Bed, register: &str, order: &str, minor: u64) -> DocumentId {
    plan(bed, register, order, minor, ready(minor)).await
}

/// A sale that waits for a person.
pub async fn held(bed: &Bed, register: &str, order: &str, reason: HoldReason) -> DocumentId {
    plan(bed, register, order, 100, Start::Held(reason, "чому".to_owned())).await
}

async fn plan(bed: &Bed, register: &str, order: &str, minor: u64, start: Start) -> DocumentId {
    let ledger = &bed.parts.ledger;
    let (merchant, _) = register.split_once('-').unwrap();
    let merchant = MerchantId::parse(merchant).unwrap();
    let register = RegisterId::parse(register).unwrap();
    let order = ExternalOrderId::parse(order).unwrap();
    let event = Event {
        payer_email: None,
        order: order.clone(),
        payment_id: None,
        fact: Fact::Money {
            paid: amount(minor),
            refunded_total: Kopecks::ZERO,
            basket: CarriedBasket::Absent,
            parts: Vec::new(),
        },
        means: PaymentMeans::default(),
    };
    let new = NewEvent {
        merchant: merchant.clone(),
        origin: Origin::Api(register.clone()),
        key: order.as_str().to_owned(),
        fingerprint: String::new(),
        event: event.clone(),
        raw: "{}".to_owned(),
        received_at: ledger.now(),
    };
    let recorded = ledger.record_events(&[new]).await.unwrap();
    let [Recorded::New(id)] = recorded[..] else {
        panic!("{recorded:?}")
    };
    let pending = ledger.pending_event(id).await.unwrap().unwrap();
    let sale = NewDocument {
        register,
        kind: Kind::Sale,
        slot: SALE.to_owned(),
        amount: amount(minor),
        start,
        lines: None,
    };
    let plan = |_: &_| Plan::Documents {
        documents: vec![sale],
        exceeding: Vec::new(),
        split: None,
    };
    ledger
        .plan(&pending, &event, ledger.now(), plan)
        .await
        .unwrap()
        .unwrap();
    let view = ledger.order_view(&merchant, &order).await.unwrap().unwrap();
    DocumentId::parse(&view.documents[0].id).unwrap()
}
