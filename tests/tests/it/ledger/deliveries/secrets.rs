//! The change from one secret of an endpoint to the next.

use secrecy::ExposeSecret as _;

use super::super::bed::on_each;
use super::*;

async fn secrets(bed: &Bed, now: UnixMillis) -> Vec<String> {
    let keys = bed.ledger.webhook(&merchant(), HOOK, now).await.unwrap().unwrap();
    keys.secrets
        .iter()
        .map(|secret| secret.expose_secret().to_owned())
        .collect()
}

async fn change(bed: &Bed, secret: &str, now: UnixMillis) -> bool {
    bed.ledger
        .change_webhook_secret(&merchant(), HOOK, &secret.into(), "olena", now)
        .await
        .unwrap()
}

#[tokio::test]
async fn for_a_day_messages_are_signed_with_both_secrets() {
    on_each(async |bed| {
        assert!(
            !change(&bed, "the second of the shop", NOW).await,
            "there is no such endpoint"
        );
        endpoint_only(&bed).await;
        assert_eq!(secrets(&bed, NOW).await, ["a secret of the shop"]);
        assert!(change(&bed, "the second of the shop", NOW).await);
        let both = ["the second of the shop", "a secret of the shop"];
        assert_eq!(secrets(&bed, NOW).await, both);
        assert_eq!(
            secrets(&bed, NOW.plus(HOUR * 24).minus(Duration::from_millis(1))).await,
            both
        );
        assert_eq!(secrets(&bed, NOW.plus(HOUR * 24)).await, ["the second of the shop"]);
        // Once more within the day: the oldest is the one that goes.
        assert!(change(&bed, "the third of the shop", NOW.plus(HOUR)).await);
        assert_eq!(
            secrets(&bed, NOW.plus(HOUR * 2)).await,
            ["the third of the shop", "the second of the shop"]
        );
    })
    .await;
}
