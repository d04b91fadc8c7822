use super::*;

#[tokio::test]
async fn a_statement_has_the_payments_of_its_time_the_newest_first() {
    let bed = Bed::new().await;
    let start = bed.sim.clock().now_ms() / 1000;
    bed.sim.create(NewPayment::new("unpaid", 1)).unwrap();
    bed.sim.add_merchant(Merchant::new("other", "other-token"));
    bed.sim.paid(NewPayment::new("foreign", 1).of("other")).unwrap();
    let first = bed.sim.paid(NewPayment::new("first", 1000)).unwrap();
    bed.sim.advance(Duration::from_secs(60));
    bed.sim.paid(NewPayment::new("held", 500).two_stage()).unwrap();
    let declined = bed.sim.create(NewPayment::new("declined", 100)).unwrap();
    bed.sim.decline(declined).unwrap();
    bed.sim.refund(first, 250).unwrap();
    let list = async |query: String| {
        let told = bed.call(&format!("GET statement?{query}"), Value::Null).await.json();
        told["list"].as_array().unwrap().clone()
    };
    let shown = |rows: &[Value]| {
        let of = |row: &Value| format!("{} {}", row["reference"], row["status"]);
        rows.iter().map(of).collect::<Vec<_>>().join(", ").replace('"', "")
    };
    let all = list(format!("from={start}")).await;
    assert_eq!(shown(&all), "declined failure, held hold, first success");
    let minute = list(format!("from={start}&to={}", start + 59)).await;
    assert_eq!(shown(&minute), "first success");
    let row = &minute[0];
    assert_eq!(
        (&row["amount"], &row["date"]),
        (&json!(1000), &json!("2025-03-05T12:03:59Z"))
    );
    assert_eq!(row["cancelList"][0]["amount"], 250);
    let nothing = bed
        .call_as("other-token", &format!("GET statement?from={}", start + 1), Value::Null)
        .await;
    assert_eq!(nothing.json(), json!({ "list": [] }));
}
