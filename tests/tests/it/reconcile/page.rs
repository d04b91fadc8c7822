//! The four cases of the issue, made by hand in the sandbox, each found, explained and repaired through the page.

use ledger::people::{Reach, Role};
use sandbox::cashalot::{DEFAULT_KEY_PIN, RecordedDocument};
use serde_json::{Value, json};
use tests::bed::{PATIENCE, Person, Shop, TestBed, short_times};
use tests::db::Database;
use tests::eventually;

use super::silent;

/// Somebody at the register's cabinet: this check again, changed.
fn by_hand(bed: &TestBed, shop: &Shop, like: &RecordedDocument, change: impl FnOnce(&mut Value)) -> String {
    let mut check: Value = serde_json::from_str(like.check.as_deref().unwrap()).unwrap();
    change(&mut check);
    let body = json!({
        "Command": "RegisterCheck", "NumFiscal": shop.number, "KeyPin": DEFAULT_KEY_PIN, "AutoOpenShift": true,
        "Check": check,
    });
    let answer = bed.cashalot.call("RegisterCheck", &body.to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["ErrorCode"], "Ok", "{answer}");
    answer["NumFiscal"].as_str().unwrap().to_owned()
}

/// Makes a return of a receipt there.
fn given_back(bed: &TestBed, shop: &Shop, like: &RecordedDocument, number: &str) -> String {
    by_hand(bed, shop, like, |check| {
        check["CHECKHEAD"]["DOCSUBTYPE"] = json!("CheckReturn");
        check["CHECKHEAD"]["ORDERRETNUM"] = json!(number);
        check["CHECKHEAD"]["COMMENT"] = json!("by hand");
    })
}

async fn compare(bed: &TestBed, shop: &Shop, person: &mut Person) {
    let day = bed.today().name;
    let fields = [("day", day.as_str()), ("source", shop.source.as_str())];
    person.get("/reconciliation").await.is(200);
    let asked = person.post("/reconciliation/run", &fields).await;
    assert_eq!(asked.is(303).location(), "/reconciliation?done=comparison-asked");
    let run = eventually(PATIENCE, async || {
        let runs = bed
            .ledger
            .reconciliations(&Reach::Everything, None, None, None, 1)
            .await;
        runs.unwrap().rows.pop().filter(|run| run.ended_at.is_some())
    })
    .await;
    assert_eq!(run.problem, None);
}

/// The id of the finding of this kind.
async fn finding(bed: &TestBed, shop: &Shop, kind: &str) -> String {
    let found = bed.findings(shop).await;
    let one = found.iter().find(|finding| finding.kind.as_str() == kind);
    one.unwrap_or_else(|| panic!("{kind} among {found:?}")).id.clone()
}

#[tokio::test]
async fn each_case_is_found_explained_and_repaired_through_the_page() {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T12:00:10+02:00").await;
    bed.start_ingress_with_admin().await;
    let worker = bed.start_worker(short_times()).await;
    bed.keep(worker);
    let shop = bed.shop().await;
    let mut person = bed.person(Role::Operator, Reach::Everything).await;
    let sold = bed.sell(&shop, "good", 10_000).await;
    let receipt = bed.receipts(&shop)[0].clone();
    // A missing receipt: the message never came.
    let missed = silent(&bed, &shop, "missed", 5_000);
    // A wrong amount: the shop told of another than was paid.
    let wrong = silent(&bed, &shop, "wrong", 8_000);
    let told = json!({ "type": "payment", "order_id": "wrong", "amount": "60.00", "currency": "UAH" });
    assert_eq!(bed.tell_event(&shop, "k-1", told).await.verdict(), "202");
    bed.until(&wrong, &["sale registered"]).await;
    // A duplicate, and a document of nobody's.
    let twin = by_hand(&bed, &shop, &receipt, |_| {});
    let foreign = by_hand(&bed, &shop, &receipt, |check| {
        check["CHECKHEAD"]["COMMENT"] = json!("by hand");
    });

    compare(&bed, &shop, &mut person).await;
    let mut expected = vec![
        "amounts_differ wrong".to_owned(),
        format!("duplicate_receipt {twin}"),
        format!("foreign_document {foreign}"),
        "missed_payment missed".to_owned(),
    ];
    expected.sort();
    assert_eq!(bed.found(&shop).await, expected);
    let page = person.get("/reconciliation").await;
    page.is(200)
        .says("Сплачено")
        .says("сплачено 80,00 ₴")
        .says(&format!(
            "Документ {twin} на 100,00 ₴ — друга копія чека {}",
            receipt.num_fiscal
        ))
        .says(&format!(
            "На касі є документ {foreign} на 100,00 ₴, якого Kasyr не робив."
        ))
        .says("оплата 50,00 ₴, про яку Kasyr не повідомили");
    // A comparison more adds nothing.
    compare(&bed, &shop, &mut person).await;
    assert_eq!(bed.found(&shop).await, expected);

    // The missing one is taken in.
    let id = finding(&bed, &shop, "missed_payment").await;
    let path = format!("/findings/{id}/repair");
    person.get("/reconciliation").await.is(200);
    person.post(&path, &[("repair", "take_in")]).await.is(303);
    bed.until(&missed, &["sale registered"]).await;
    // The stranger's document belongs to an order: it is one too many there, and goes back at the register.
    let id = finding(&bed, &shop, "foreign_document").await;
    let path = format!("/findings/{id}/link");
    person.post(&path, &[("order_id", "no such order")]).await.is(409);
    person.post(&path, &[("order_id", "good")]).await.is(303);
    person.post(&path, &[("order_id", "good")]).await.is(409);
    expected = vec![
        "amounts_differ wrong".to_owned(),
        format!("duplicate_receipt {twin}"),
        "duplicate_receipt good".to_owned(),
    ];
    expected.sort();
    bed.until_found(&shop, &expected.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let back = given_back(&bed, &shop, &receipt, &foreign);
    // The duplicate is returned at the register, too, and then goes by itself.
    given_back(&bed, &shop, &receipt, &twin);
    let id = bed
        .findings(&shop)
        .await
        .iter()
        .find(|finding| finding.fiscal_number.as_deref() == Some(twin.as_str()))
        .unwrap()
        .id
        .clone();
    person
        .post(&format!("/findings/{id}/repair"), &[("repair", "ask_again")])
        .await
        .is(303);
    compare(&bed, &shop, &mut person).await;
    // The return of the linked document counts once it is linked as well.
    let id = bed
        .findings(&shop)
        .await
        .iter()
        .find(|finding| finding.fiscal_number.as_deref() == Some(back.as_str()))
        .map(|finding| finding.id.clone());
    if let Some(id) = id {
        person
            .post(&format!("/findings/{id}/link"), &[("order_id", "good")])
            .await
            .is(303);
    }
    bed.until_found(&shop, &["amounts_differ wrong"]).await;
    // The wrong amount is put right outside, and closed with a reason.
    let id = finding(&bed, &shop, "amounts_differ").await;
    let path = format!("/findings/{id}/close");
    person.post(&path, &[("reason", " ")]).await.is(409);
    person
        .post(&path, &[("reason", "доплату пробито вручну")])
        .await
        .is(303);
    assert_eq!(bed.found(&shop).await, Vec::<String>::new());
    let page = person.get("/reconciliation?all=yes").await;
    page.is(200).says("доплату пробито вручну");
    let audit = bed
        .ledger
        .audit_log(&Reach::Everything, &ledger::audit::AuditFilter::default(), None, 50)
        .await
        .unwrap();
    let deeds: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    for deed in [
        "reconciliation_asked",
        "finding_repaired",
        "document_linked",
        "finding_closed",
    ] {
        assert!(deeds.contains(&deed), "{deed} in {deeds:?}");
    }
    assert_eq!(bed.states(&sold).await, ["sale registered"]);
}
