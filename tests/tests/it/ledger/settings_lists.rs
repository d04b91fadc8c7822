use domain::ids::MerchantId;
use ledger::people::Reach;
use ledger::settings::{ApiKey, Merchant, Scope, Settings, ShopWebhook};
use ledger::settings_lists::FirstSteps;
use secrecy::SecretString;

use super::bed::{MINUTE, NOW, merchant, on_each};

fn bakery() -> MerchantId {
    MerchantId::parse("bakery").unwrap()
}

/// Two merchants with a key and a webhook each.
fn two() -> Settings {
    let both = [merchant(), bakery()];
    let key = |owner: &MerchantId| {
        let key = ApiKey {
            merchant: owner.clone(),
            id: "shop".to_owned(),
            scopes: vec![Scope::Orders, Scope::Operator],
        };
        (key, SecretString::from(format!("key of {owner}")))
    };
    let webhook = |owner: &MerchantId| {
        let url = format!("https://{owner}.example/fiscal");
        ShopWebhook::new(owner.clone(), url, "hook")
    };
    Settings {
        merchants: both
            .iter()
            .map(|id| Merchant {
                id: id.clone(),
                name: format!("ФОП {id}"),
            })
            .collect(),
        api_keys: both.iter().map(key).collect(),
        shop_webhooks: both.iter().map(webhook).collect(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn lists_show_what_is_within_reach_and_nothing_else() {
    on_each(async |bed| {
        bed.ledger.apply(&two(), "the test", NOW).await.unwrap();
        let table = [
            (Reach::Everything, vec!["bakery", "flowers"]),
            (Reach::Merchants(vec![bakery()]), vec!["bakery"]),
            (Reach::Merchants(vec![merchant(), bakery()]), vec!["bakery", "flowers"]),
            (Reach::Merchants(Vec::new()), vec![]),
        ];
        for (reach, expected) in table {
            let merchants = bed.ledger.merchants(&reach).await.unwrap();
            let ids: Vec<&str> = merchants.iter().map(|merchant| merchant.id.as_str()).collect();
            assert_eq!(ids, expected, "{reach:?}");
            let keys = bed.ledger.api_keys(&reach).await.unwrap();
            let ids: Vec<&str> = keys.iter().map(|view| view.key.merchant.as_str()).collect();
            assert_eq!(ids, expected, "{reach:?}");
            assert!(
                keys.iter()
                    .all(|view| view.key.scopes == [Scope::Orders, Scope::Operator])
            );
            let webhooks = bed.ledger.shop_webhooks(&reach).await.unwrap();
            let urls: Vec<String> = webhooks.into_iter().map(|view| view.url).collect();
            let expected: Vec<String> = expected
                .iter()
                .map(|id| format!("https://{id}.example/fiscal"))
                .collect();
            assert_eq!(urls, expected, "{reach:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn first_steps_are_told_of_what_is_within_reach() {
    on_each(async |bed| {
        let steps = async |reach: Reach| bed.ledger.first_steps(&reach).await.unwrap();

        assert_eq!(steps(Reach::Everything).await, done(true, true, true));
        assert_eq!(steps(Reach::Merchants(vec![bakery()])).await, done(false, false, false));
        assert_eq!(steps(Reach::Merchants(Vec::new())).await, done(false, false, false));
        assert_eq!(steps(Reach::Merchants(vec![merchant()])).await, done(true, true, true));
    })
    .await;
}

fn done(merchant: bool, register: bool, source: bool) -> FirstSteps {
    FirstSteps {
        merchant,
        register,
        source,
    }
}

#[tokio::test]
async fn registers_and_sources_are_listed_by_page_without_their_keys() {
    on_each(async |bed| {
        let all = bed.ledger.registers(Some(&merchant())).await.unwrap();
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = bed
                .ledger
                .register_settings(&merchant(), after.as_deref(), 1)
                .await
                .unwrap();
            seen.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let seen: Vec<_> = seen
            .into_iter()
            .map(|row| (row.id, row.fiscal_number, row.provider, row.failures))
            .collect();
        let expected: Vec<_> = all
            .into_iter()
            .map(|row| (row.id, row.fiscal_number, row.provider, row.failures))
            .collect();
        assert_eq!(seen, expected);
        let sources = bed.ledger.source_settings(&merchant(), None, 10).await.unwrap();
        let ids: Vec<String> = sources.rows.iter().map(|row| row.id.to_string()).collect();
        let expected: Vec<String> = bed
            .ledger
            .sources()
            .await
            .unwrap()
            .iter()
            .map(|row| row.id.to_string())
            .collect();
        assert_eq!((ids, sources.next), (expected, None));
        assert!(
            bed.ledger
                .register_settings(&bakery(), None, 10)
                .await
                .unwrap()
                .rows
                .is_empty()
        );
        let numbers = bed.ledger.register_numbers(None).await.unwrap();
        let first = &seen[0];
        assert!(numbers.contains(&first.1));
        assert!(
            !bed.ledger
                .register_numbers(Some(&first.0))
                .await
                .unwrap()
                .contains(&first.1)
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_and_others_go_on() {
    on_each(async |bed| {
        bed.ledger.apply(&two(), "the test", NOW).await.unwrap();
        let flowers = SecretString::from("key of flowers");
        assert!(bed.ledger.api_key(&flowers).await.unwrap().is_some());
        let later = NOW.plus(MINUTE);
        assert!(
            bed.ledger
                .remove_api_key(&merchant(), "shop", "olena", later)
                .await
                .unwrap()
        );
        assert!(bed.ledger.api_key(&flowers).await.unwrap().is_none());
        let bakerys = SecretString::from("key of bakery");
        assert!(
            bed.ledger.api_key(&bakerys).await.unwrap().is_some(),
            "the same name at another merchant"
        );
        assert!(
            !bed.ledger
                .remove_api_key(&merchant(), "shop", "olena", later)
                .await
                .unwrap(),
            "again"
        );
    })
    .await;
}

#[tokio::test]
async fn a_removed_webhook_is_gone_for_its_merchant_only() {
    on_each(async |bed| {
        bed.ledger.apply(&two(), "the test", NOW).await.unwrap();
        let url = "https://flowers.example/fiscal";
        assert!(!bed.ledger.remove_webhook(&bakery(), url, "olena", NOW).await.unwrap());
        assert!(bed.ledger.remove_webhook(&merchant(), url, "olena", NOW).await.unwrap());
        let left = bed.ledger.shop_webhooks(&Reach::Everything).await.unwrap();
        let owners: Vec<&str> = left.iter().map(|view| view.merchant.as_str()).collect();
        assert_eq!(owners, ["bakery"]);
    })
    .await;
}
