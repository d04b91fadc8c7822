//! A payment key that is replaced: what is believed for how long, and what is kept of it.

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::settings::{Changed, Settings, Source};
use sea_orm::{ConnectionTrait as _, Statement};
use secrecy::ExposeSecret;

use super::bed::{Bed, MINUTE, NOW, on_each, shop, source_id};
use super::vault::raw;

const HOUR: Duration = Duration::from_secs(3600);

/// The shop with this payment key, the one before it being good for so many hours.
fn with_key(secret: &str, hours: u32) -> Settings {
    let mut settings = shop();
    settings.sources[0].secret = secret.into();
    settings.sources[0].old_secret_hours = hours;
    settings
}

async fn apply(bed: &Bed, settings: &Settings, now: UnixMillis) -> Vec<&'static str> {
    let changes = bed.ledger.apply(settings, "the test", now).await.unwrap();
    let columns = changes.iter().flat_map(|change| match &change.what {
        Changed::Added => vec!["added"],
        Changed::Updated(columns) => columns.clone(),
    });
    columns.collect()
}

async fn source(bed: &Bed) -> Source {
    bed.ledger.source(&source_id()).await.unwrap().unwrap()
}

async fn believed(bed: &Bed, now: UnixMillis) -> Vec<String> {
    let source = source(bed).await;
    let keys = source.believed_secrets(now);
    keys.map(|key| key.expose_secret().to_owned()).collect()
}

/// How many sealed keys are put aside in the table.
async fn put_aside(bed: &Bed) -> usize {
    let db = raw(&bed.url).await;
    let select = "SELECT old_secret FROM sources WHERE old_secret IS NOT NULL";
    let statement = Statement::from_string(db.get_database_backend(), select);
    db.query_all_raw(statement).await.unwrap().len()
}

#[tokio::test]
async fn a_replaced_key_is_believed_for_a_day_and_then_wiped() {
    on_each(async |bed| {
        assert_eq!(apply(&bed, &with_key("new", 24), NOW).await, ["old_secret", "secret"]);
        assert_eq!(believed(&bed, NOW).await, ["new", "test"]);
        assert_eq!(
            apply(&bed, &with_key("new", 24), NOW.plus(HOUR)).await,
            [""; 0],
            "a repetition"
        );
        let last = NOW.plus(24 * HOUR - Duration::from_millis(1));
        assert_eq!(believed(&bed, last).await, ["new", "test"]);
        assert_eq!(believed(&bed, NOW.plus(24 * HOUR)).await, ["new"]);

        assert_eq!(bed.ledger.forget_old_secrets(last).await.unwrap(), 0);
        assert_eq!(put_aside(&bed).await, 1);
        assert_eq!(bed.ledger.forget_old_secrets(NOW.plus(24 * HOUR)).await.unwrap(), 1);
        assert_eq!(put_aside(&bed).await, 0);
        assert!(source(&bed).await.secret_before.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_key_that_strangers_learnt_is_dropped_at_once() {
    on_each(async |bed| {
        let changed = apply(&bed, &with_key("new", 0), NOW).await;
        assert_eq!(changed, ["secret", "old_secret_hours"]);
        assert_eq!(
            (believed(&bed, NOW).await, put_aside(&bed).await),
            (vec!["new".to_owned()], 0)
        );
    })
    .await;
}

#[tokio::test]
async fn somebody_who_learns_of_a_leak_later_can_still_drop_the_old_key() {
    on_each(async |bed| {
        apply(&bed, &with_key("new", 24), NOW).await;
        let changed = apply(&bed, &with_key("new", 0), NOW.plus(MINUTE)).await;
        assert_eq!(changed, ["old_secret", "old_secret_hours"]);
        assert_eq!(believed(&bed, NOW.plus(MINUTE)).await, ["new"]);
    })
    .await;
}

#[tokio::test]
async fn of_several_changes_the_last_key_before_is_believed() {
    on_each(async |bed| {
        apply(&bed, &with_key("second", 24), NOW).await;
        apply(&bed, &with_key("third", 24), NOW.plus(HOUR)).await;
        assert_eq!(believed(&bed, NOW.plus(HOUR)).await, ["third", "second"]);
        // A change taken back: the key that was wrong is still believed, and so is the right one.
        apply(&bed, &with_key("second", 24), NOW.plus(HOUR)).await;
        assert_eq!(believed(&bed, NOW.plus(HOUR)).await, ["second", "third"]);
    })
    .await;
}

#[tokio::test]
async fn a_source_that_an_earlier_version_wrote_has_its_account() {
    on_each(async |bed| {
        let db = raw(&bed.url).await;
        db.execute_unprepared("UPDATE sources SET account = ''").await.unwrap();
        let read = source(&bed).await;
        assert_eq!(
            (read.account.as_str(), read.gateway_merchant_id()),
            ("1396424", Some(1_396_424))
        );
        let listed = bed.ledger.source_settings(&read.merchant, None, 10).await.unwrap();
        assert_eq!(listed.rows[0].account, "1396424");
        assert_eq!(apply(&bed, &shop(), NOW).await, ["account"]);
    })
    .await;
}

#[tokio::test]
async fn whom_a_source_believes_is_kept_as_declared() {
    on_each(async |bed| {
        let mut settings = shop();
        let wanted = &mut settings.sources[0];
        wanted.allowed_addresses = ledger::settings_rules::address_ranges("54.154.216.60, 10.0.0.0/8, ::1").unwrap();
        wanted.makes_receipts = ledger::settings::ReceiptMaker::Gateway;
        wanted.technical = true;
        let changed = apply(&bed, &settings, NOW).await;
        assert_eq!(changed, ["allowed_addresses", "makes_receipts", "technical"]);
        let read = source(&bed).await;
        assert_eq!(format!("{read:?}"), format!("{:?}", settings.sources[0]));
        assert_eq!(apply(&bed, &settings, NOW).await, [""; 0]);
    })
    .await;
}
