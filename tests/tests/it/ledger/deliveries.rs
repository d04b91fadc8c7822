//! Messages to buyers and shops: written once with the receipt, worked by one hand a lane, in order, and never
//! given up in silence.

mod announce;
mod by_hand;
mod late_buyer;
mod secrets;
mod sheets;
mod work;

use std::time::Duration;

use domain::document::{Kind, Presence, Registration};
use domain::ids::DocumentId;
use domain::time::UnixMillis;
use ledger::deliveries::{
    Batch, Delivered, DeliveryFilter, DeliveryView, DueDelivery, LaneHealth, LaneId, LaneLease, NewTry, SettledDelivery,
};
use ledger::orders::{Buyer, OrderUpdate};
use ledger::people::Reach;
use ledger::settings::{Settings, ShopWebhook};
use ledger::sheet::MailSettings;
use ledger::tape::{Due, Follow, Health, Outcome, Settled};
use tests::bed::said;

use super::bed::{Bed, LIMIT, MINUTE, NOW, intent, merchant, order, receipt, registration, shop};

const HOOK: &str = "https://shop.example/fiscal?token=1";
const HOUR: Duration = Duration::from_secs(3_600);
/// So long a message is tried.
const PATIENCE: Duration = Duration::from_secs(25 * 3_600);

/// The usual shop with an endpoint, which writes to its buyers in every way.
fn telling() -> Settings {
    let mail = MailSettings {
        mail_buyers: true,
        phone_buyers: true,
        ..MailSettings::default()
    };
    Settings {
        shop_webhooks: vec![ShopWebhook::new(merchant(), HOOK, "a secret of the shop")],
        mail: vec![(merchant(), mail)],
        ..shop()
    }
}

/// A shop that has an endpoint and writes to nobody.
async fn endpoint_only(bed: &Bed) {
    let mut settings = telling();
    settings.mail[0].1 = MailSettings::default();
    bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
}

fn buyer(email: Option<&str>, phone: Option<&str>) -> Buyer {
    Buyer {
        email: email.map(str::to_owned),
        phone: phone.map(str::to_owned),
        locale: None,
    }
}

fn olena() -> Buyer {
    buyer(Some("olena@mail.example"), Some("+380501234567"))
}

async fn tell(bed: &Bed, order_id: &str, buyer: Buyer, now: UnixMillis) {
    let update = OrderUpdate {
        basket: None,
        description: None,
        buyer: Some(buyer),
        ..OrderUpdate::default()
    };
    bed.ledger
        .put_order(&merchant(), &order(order_id), &update, now)
        .await
        .unwrap();
}

/// Registers a ready document; the lanes that have something new. `None`: it was done already.
async fn registered(bed: &Bed, id: DocumentId, kind: Kind, presence: Presence, at: UnixMillis) -> Option<Vec<LaneId>> {
    let lease = bed.take_over("registrar").await;
    let intent = intent(kind, Some(receipt(100)));
    bed.ledger.begin_sending(&lease, id, &intent, MINUTE, at).await.unwrap();
    let outcome = Outcome::Registered(Registration {
        presence,
        ..registration(&id.token())
    });
    let settled = Settled {
        document: id,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &[],
        health: &Health::Good,
        follow: Follow::Nothing,
    };
    let lanes = bed.ledger.finish(&lease, &settled, at).await.unwrap();
    bed.ledger.release_lease(&lease).await.unwrap();
    lanes
}

/// A sale of nobody we know, registered at a time.
async fn sold(bed: &Bed, order_id: &str, at: UnixMillis) -> DocumentId {
    let id = bed.sale(order_id, 100).await;
    registered(bed, id, Kind::Sale, Presence::Online, at).await.unwrap();
    id
}

/// One that was made offline, and that the tax service has an hour later: two messages about one document.
async fn sold_offline(bed: &Bed, order_id: &str, at: UnixMillis) -> DocumentId {
    let id = bed.sale(order_id, 100).await;
    registered(bed, id, Kind::Sale, Presence::Offline, at).await.unwrap();
    bed.ledger.note_delivered(id, None, None, at.plus(HOUR)).await.unwrap();
    id
}

/// All messages, oldest first.
async fn messages(bed: &Bed) -> Vec<DeliveryView> {
    let filter = DeliveryFilter::default();
    let page = bed.ledger.list_deliveries(&Reach::Everything, &filter, None, 100).await;
    let mut rows = page.unwrap().rows;
    rows.reverse();
    rows
}

/// In words, sorted: `A-1 mail registered due`.
async fn states(bed: &Bed) -> Vec<String> {
    let words = |message: &DeliveryView| format!("{} {} {}", message.order, message.channel, said(message));
    let mut words: Vec<String> = messages(bed).await.iter().map(words).collect();
    words.sort();
    words
}

/// The lane of the usual endpoint, once something was announced on it.
async fn hook_lane(bed: &Bed) -> LaneId {
    let message = messages(bed).await.into_iter().find(|row| row.channel == "webhook");
    message.unwrap().lane
}

/// Takes it as soon as it is free.
async fn take(bed: &Bed, lane: &LaneId, owner: &str) -> LaneLease {
    tests::eventually(LIMIT, async || bed.ledger.take_lane(lane, owner, MINUTE).await.unwrap()).await
}

async fn begin(bed: &Bed, lease: &LaneLease, now: UnixMillis) -> Batch {
    bed.ledger.begin_deliveries(lease, 8, MINUTE, now).await.unwrap()
}

/// What is to be sent now; panics when there is nothing.
async fn due(bed: &Bed, lease: &LaneLease, now: UnixMillis) -> Vec<DueDelivery> {
    match begin(bed, lease, now).await {
        Batch::Send(due) => due,
        other => panic!("{other:?}"),
    }
}

fn settled(due: &DueDelivery, delivered: Delivered) -> SettledDelivery {
    let made = NewTry {
        outcome: "tried",
        status: Some(500),
        detail: None,
        started_at: NOW,
        duration: Duration::from_millis(5),
    };
    SettledDelivery {
        id: due.id.clone(),
        delivered,
        made: Some(made),
    }
}

fn again(at: UnixMillis, unclear: bool) -> Delivered {
    Delivered::Again {
        at,
        unclear,
        trouble: "endpoint_trouble".to_owned(),
    }
}

/// False: the lane is somebody else's.
async fn settle(
    bed: &Bed,
    lease: &LaneLease,
    settled: &[SettledDelivery],
    health: &LaneHealth,
    now: UnixMillis,
) -> bool {
    bed.ledger.settle_deliveries(lease, settled, health, now).await.unwrap()
}

/// The lane does not work; it rests for a minute. As the worker says it.
fn trouble(now: UnixMillis) -> LaneHealth {
    LaneHealth::Trouble {
        until: now.plus(MINUTE),
        word: "not_reached".to_owned(),
        give_up_before: now.minus(PATIENCE),
        tell_before: now.minus(HOUR),
    }
}

/// Open alerts: `deliveries_held critical 2`, of the lane.
async fn alerts(bed: &Bed, lane: &LaneId) -> Vec<String> {
    let open = bed.ledger.open_alerts(None).await.unwrap();
    let of_lane = open.into_iter().filter(|alert| alert.subject == lane.as_str());
    let mut words: Vec<String> = of_lane
        .map(|alert| format!("{} {}", alert.kind, alert.severity))
        .collect();
    words.sort();
    words
}
