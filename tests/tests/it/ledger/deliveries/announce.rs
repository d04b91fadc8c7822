use domain::document::{Kind, Presence};
use domain::ids::RegisterId;
use ledger::shifts::NewCash;
use ledger::{Ledger, LedgerError};

use super::super::bed::{NOW, kopecks, merchant, on_each, registration, till};
use super::*;

#[tokio::test]
async fn a_receipt_is_announced_once_to_everybody_who_should_know() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        tell(&bed, "A-1", olena(), NOW).await;
        let id = bed.sale("A-1", 100).await;
        assert!(messages(&bed).await.is_empty(), "nothing before it is on the tape");
        let lanes = registered(&bed, id, Kind::Sale, Presence::Online, NOW).await.unwrap();
        let mut channels: Vec<&str> = lanes
            .iter()
            .map(|lane| lane.as_str().split(':').next().unwrap())
            .collect();
        channels.sort_unstable();
        assert_eq!(channels, ["mail", "phone", "webhook"]);
        let expected = [
            "A-1 mail registered due",
            "A-1 phone registered due",
            "A-1 webhook registered due",
        ];
        assert_eq!(states(&bed).await, expected);
        // The same outcome again, as by a worker that does not know of its own success.
        assert_eq!(registered(&bed, id, Kind::Sale, Presence::Online, NOW).await, None);
        assert_eq!(states(&bed).await, expected);
        let shown = messages(&bed).await;
        assert!(
            shown.iter().all(|row| row.attempts == 0 && row.created_at == NOW),
            "{shown:?}"
        );
        let named = lanes
            .iter()
            .any(|lane| lane.as_str().contains("token") || lane.as_str().contains("shop.example"));
        assert!(!named, "an address may have a secret in it: {lanes:?}");
    })
    .await;
}

#[tokio::test]
async fn a_buyer_is_not_written_to_without_an_address_or_against_the_merchants_wish() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        sold(&bed, "nobody", NOW).await;
        tell(&bed, "no-phone", buyer(Some("olena@mail.example"), None), NOW).await;
        sold(&bed, "no-phone", NOW).await;
        tell(&bed, "back", olena(), NOW).await;
        sold(&bed, "back", NOW).await;
        let refund = bed.refund("back", 40).await;
        registered(&bed, refund, Kind::Return, Presence::Online, NOW)
            .await
            .unwrap();
        let mut expected = vec![
            "nobody webhook registered due",
            "no-phone mail registered due",
            "no-phone webhook registered due",
            "back mail registered due",
            "back phone registered due",
            "back webhook registered due",
            // A refund goes to no phone: the provider's message is about the sale.
            "back mail registered due",
            "back webhook registered due",
        ];
        expected.sort_unstable();
        assert_eq!(states(&bed).await, expected);

        endpoint_only(&bed).await;
        tell(&bed, "unwished", olena(), NOW).await;
        sold(&bed, "unwished", NOW).await;
        let unwished: Vec<String> = states(&bed)
            .await
            .into_iter()
            .filter(|words| words.contains("unwished"))
            .collect();
        assert_eq!(unwished, ["unwished webhook registered due"]);
    })
    .await;
}

#[tokio::test]
async fn merchants_write_to_buyers_unless_they_say_otherwise() {
    on_each(async |bed| {
        tell(&bed, "A-1", olena(), NOW).await;
        sold(&bed, "A-1", NOW).await;
        assert_eq!(
            states(&bed).await,
            ["A-1 mail registered due"],
            "and no phone, which costs money"
        );
        assert!(bed.ledger.mail_settings(&merchant()).await.unwrap().mail_buyers);
    })
    .await;
}

#[tokio::test]
async fn a_registers_own_document_is_nobodys_news() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        let (register, merchant): (RegisterId, _) = (till(), merchant());
        let drawer = NewCash {
            merchant: &merchant,
            register: &register,
            kind: Kind::CashIn,
            key: "float",
            amount: kopecks(5_000),
        };
        let drawer = bed.ledger.plan_cash(&drawer, "the test", NOW).await.unwrap();
        let lanes = registered(&bed, drawer.0, Kind::CashIn, Presence::Online, NOW).await;
        assert_eq!(lanes, Some(Vec::new()));
        assert!(messages(&bed).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_shop_hears_twice_of_a_receipt_made_offline_and_the_buyer_once() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        tell(&bed, "A-1", buyer(Some("olena@mail.example"), None), NOW).await;
        let id = sold_offline(&bed, "A-1", NOW).await;
        let expected = [
            "A-1 mail registered due",
            "A-1 webhook delivered due",
            "A-1 webhook registered due",
        ];
        assert_eq!(states(&bed).await, expected);
        let told = bed
            .ledger
            .note_delivered(id, None, None, NOW.plus(HOUR * 2))
            .await
            .unwrap();
        assert_eq!(told, [], "it is delivered once");
        assert_eq!(states(&bed).await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_committed_is_not_announced() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        sold(&bed, "A-1", NOW).await;
        let taken = messages(&bed).await.len();
        let second = bed.sale("A-2", 100).await;
        let lease = bed.take_over("registrar").await;
        let refused = finish_as(&bed.ledger, &lease, second, &first_number(&bed).await).await;
        assert!(matches!(refused, Err(LedgerError::DocumentNumberTaken)), "{refused:?}");
        assert_eq!(messages(&bed).await.len(), taken);
    })
    .await;
}

async fn first_number(bed: &Bed) -> String {
    bed.documents("A-1").await.remove(0).fiscal_number.unwrap()
}

async fn finish_as(
    ledger: &Ledger,
    lease: &ledger::leases::Lease,
    document: DocumentId,
    number: &str,
) -> Result<Option<Vec<LaneId>>, LedgerError> {
    let intent = intent(Kind::Sale, Some(receipt(100)));
    assert!(
        ledger
            .begin_sending(lease, document, &intent, MINUTE, NOW)
            .await
            .unwrap()
    );
    let outcome = Outcome::Registered(registration(number));
    let settled = Settled {
        document,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &[],
        health: &Health::Good,
        follow: Follow::Nothing,
    };
    ledger.finish(lease, &settled, NOW).await
}

#[tokio::test]
async fn each_endpoint_is_a_lane_of_its_own() {
    on_each(async |bed| {
        let mut settings = telling();
        let second = ShopWebhook::new(merchant(), "https://books.example/", "another secret of the shop");
        settings.shop_webhooks.push(second);
        bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        sold(&bed, "A-1", NOW).await;
        let lanes = bed.ledger.lanes(&Reach::Everything, None, 10).await.unwrap().rows;
        let mut urls: Vec<&str> = lanes.iter().map(|lane| lane.url.as_str()).collect();
        urls.sort_unstable();
        assert_eq!(urls, ["https://books.example/", HOOK]);
        assert!(lanes.iter().all(|lane| (lane.due, lane.held) == (1, 0)), "{lanes:?}");
    })
    .await;
}
