use super::*;
use crate::acquirer::Form;

/// The documentation's example, of our merchant.
fn form(changed: &[(&'static str, &'static str)], signature: Option<String>) -> String {
    let goods = [
        ("productName[]", "Процесор Intel Core i5-4670 3.4GHz"),
        ("productName[]", "Пам'ять Kingston DDR3-1600 4096MB PC3-12800"),
        ("productCount[]", "1"),
        ("productCount[]", "1"),
        ("productPrice[]", "1000"),
        ("productPrice[]", "547.36"),
    ];
    let mut head = [
        ("merchantAccount", "sandbox_merchant"),
        ("merchantDomainName", "www.market.ua"),
        ("orderReference", "DH783023"),
        ("orderDate", "1415379863"),
        ("amount", "1547.36"),
        ("currency", "UAH"),
    ];
    for (name, value) in changed {
        head.iter_mut()
            .filter(|(known, _)| known == name)
            .for_each(|field| field.1 = value);
    }
    let values: Vec<&str> = head.iter().chain(&goods).map(|(_, value)| *value).collect();
    let signature = signature.unwrap_or_else(|| hmac(&values));
    let mut pairs: Vec<(&str, &str)> = head.iter().chain(&goods).copied().collect();
    pairs.push(("merchantSignature", &signature));
    pairs.push(("serviceUrl", "http://127.0.0.1:1/"));
    pairs.push(("merchantTransactionType", "AUTH"));
    Form::written(&pairs)
}

async fn post(api: &Door, path: &str, form: &str) -> Reply {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    api.call(&format!("POST {path}"), &headers, form).await.unwrap()
}

#[tokio::test]
async fn the_buyers_form_makes_a_payment_once() {
    let sim = simulator();
    let api = Door::api(&sim).await;
    let reply = post(&api, "/pay", &form(&[], None)).await;
    assert_eq!(reply.status, 302);
    let made = sim.find("sandbox_merchant", "DH783023").unwrap();
    assert_eq!((made.amount, made.two_stage), (154_736, true));
    assert!(reply.head.contains(&format!("location: /pay/{}", made.public_id)));
    assert_eq!(post(&api, "/pay", &form(&[], None)).await.json()["reasonCode"], 1112);
    let offline = post(&api, "/pay?behavior=offline", &form(&[("orderReference", "b")], None))
        .await
        .json();
    assert!(
        offline["url"]
            .as_str()
            .unwrap()
            .starts_with(&format!("http://{}/pay/", api.host()))
    );
}

#[tokio::test]
async fn wrong_forms_are_refused_with_their_codes() {
    let sim = simulator();
    let api = Door::api(&sim).await;
    let table = [
        (form(&[], Some("0".repeat(32))), 1113),
        (form(&[("merchantAccount", "nobody")], None), 1121),
        (form(&[("amount", "0")], None), 1130),
        (form(&[("amount", "1,5")], None), 1130),
        (form(&[("orderReference", "")], None), 1115),
        (String::new(), 1115),
    ];
    for (form, code) in table {
        assert_eq!(post(&api, "/pay", &form).await.json()["reasonCode"], code, "{form}");
    }
    assert!(sim.payments().is_empty());
}
