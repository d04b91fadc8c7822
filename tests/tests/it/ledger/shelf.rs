//! A second merchant beside the usual shop, and orders at chosen times, for what is found and listed.

use domain::event::{Event, PaymentMeans};
use domain::ids::{DocumentId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::people::Reach;
use ledger::plan::{NewDocument, Plan};
use ledger::search::{OrderFilter, OrderRow};
use ledger::settings::{Merchant, Register, Settings};

use super::bed::{self, Bed, incoming, merchant, only, order, paid, register, register_id, sale};

pub fn bakery() -> MerchantId {
    MerchantId::parse("bakery").unwrap()
}

pub fn bakery_till() -> RegisterId {
    register_id("bakery-1")
}

pub fn flowers_only() -> Reach {
    Reach::Merchants(vec![merchant()])
}

pub fn bakery_only() -> Reach {
    Reach::Merchants(vec![bakery()])
}

/// Whoever may see both, said in two ways.
pub fn wide() -> [Reach; 2] {
    [Reach::Everything, Reach::Merchants(vec![bakery(), merchant()])]
}

/// Whoever may not see the flower shop.
pub fn strangers() -> [Reach; 2] {
    [bakery_only(), Reach::Merchants(Vec::new())]
}

/// Everything that both merchants have: the shop's settings and a bakery with one register.
pub async fn add_bakery(bed: &Bed) {
    let usual = bed::shop();
    let of_bakery = Register {
        merchant: bakery(),
        ..register("bakery-1", 4_000_999_777)
    };
    let settings = Settings {
        merchants: usual
            .merchants
            .into_iter()
            .chain([Merchant {
                id: bakery(),
                name: "ФОП Пекар".to_owned(),
            }])
            .collect(),
        registers: usual
            .registers
            .into_iter()
            .chain([register("flowers-2", 4_000_999_002), of_bakery])
            .collect(),
        sources: usual.sources,
        ..Settings::default()
    };
    bed.ledger.apply(&settings, "the test", bed::NOW).await.unwrap();
    bed::looked_at(&bed.ledger).await;
}

/// An order of the flower shop with a ready sale, made at `now`.
pub async fn sold_at(bed: &Bed, id: &str, amount: u64, now: UnixMillis) -> DocumentId {
    planned(bed, merchant(), paid(id, amount), sale(amount), now).await
}

/// The same, paid with this card.
pub async fn sold_by_card(bed: &Bed, id: &str, amount: u64, card: &str) -> DocumentId {
    let event = Event {
        means: PaymentMeans {
            masked_card: Some(card.to_owned()),
            ..PaymentMeans::default()
        },
        ..paid(id, amount)
    };
    planned(bed, merchant(), event, sale(amount), bed::NOW).await
}

/// An order of the bakery with a ready sale.
pub async fn baked(bed: &Bed, id: &str, amount: u64) -> DocumentId {
    let sale = NewDocument {
        register: bakery_till(),
        ..sale(amount)
    };
    planned(bed, bakery(), paid(id, amount), sale, bed::NOW).await
}

/// Records an event and plans this one document for it, at `now`.
pub async fn planned(bed: &Bed, merchant: MerchantId, event: Event, new: NewDocument, now: UnixMillis) -> DocumentId {
    let id = event.order.clone();
    let recorded = NewEvent {
        merchant: merchant.clone(),
        origin: Origin::Api(new.register.clone()),
        received_at: now,
        ..incoming(&format!("{} {} {}", id.as_str(), new.slot, now.0), event)
    };
    let recorded = bed.ledger.record_events(&[recorded]).await.unwrap();
    let [Recorded::New(event)] = recorded[..] else {
        panic!("{recorded:?}")
    };
    let pending = bed.waiting(event).await.unwrap();
    let plan = |_: &_| -> Plan { only(vec![new]) };
    bed.ledger
        .plan(&pending, &pending.event, now, plan)
        .await
        .unwrap()
        .unwrap();
    let view = bed
        .ledger
        .order_view(&merchant, &order(id.as_str()))
        .await
        .unwrap()
        .unwrap();
    DocumentId::parse(&view.documents.last().unwrap().id).unwrap()
}

/// The shop's ids of what is found, newest first, from all pages.
pub async fn found(bed: &Bed, reach: &Reach, filter: &OrderFilter) -> Vec<String> {
    let rows = all_pages(bed, reach, filter, 100).await;
    rows.into_iter().map(|row| row.external_id).collect()
}

pub async fn all_pages(bed: &Bed, reach: &Reach, filter: &OrderFilter, limit: u32) -> Vec<OrderRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = bed
            .ledger
            .search_orders(reach, filter, after.as_deref(), limit)
            .await
            .unwrap();
        rows.extend(page.rows);
        match page.next {
            None => return rows,
            next => after = next,
        }
    }
}

pub fn looking_for(text: &str) -> OrderFilter {
    OrderFilter {
        text: text.to_owned(),
        ..OrderFilter::default()
    }
}

/// Counts rows of the ledger behind its back.
pub async fn count(bed: &Bed, what: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Database, Statement};
    let db = Database::connect(&bed.url).await.unwrap();
    let statement = Statement::from_string(db.get_database_backend(), format!("SELECT count(*) AS n FROM {what}"));
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    let count = row.try_get("", "n").unwrap();
    db.close().await.unwrap();
    count
}
