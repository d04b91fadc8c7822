//! Reports before, during and long after (sheet §6, §16.6).

use super::*;

#[tokio::test]
async fn a_report_waits_then_tells_and_is_gone_at_last() {
    for (group, days) in [(V4, 32), (V5, 30)] {
        let bed = Bed::start().await;
        let uuid = bed.sell(group, "shop-1").await;
        let early = bed.report(group, &uuid).await;
        assert_eq!((early.refusal(), &early.json()["status"]), ((200, 34), &json!("wait")));
        assert_eq!(early.json().get("payload"), None);
        bed.advance(SECOND);
        assert_eq!(bed.report(group, &uuid).await.json()["status"], "done", "{group}");
        bed.advance(SECOND * 86_400 * days - SECOND * 2);
        assert_eq!(bed.report(group, &uuid).await.status(), 200, "{group} in time");
        bed.advance(SECOND);
        let gone = bed.report(group, &uuid).await;
        assert_eq!(
            (gone.refusal(), &gone.json()["status"]),
            ((400, 30), &json!("fail")),
            "{group}"
        );
    }
}

#[tokio::test]
async fn a_report_of_another_groups_document_is_unknown() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    assert_eq!(bed.report(OTHER, &uuid).await.refusal(), (400, 30));
}

#[tokio::test]
async fn polls_too_fast_are_counted_for_each_group_and_refused_when_strict() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        registers: 2,
        ..GroupSetup::v4("two_v4")
    });
    let polled = |group: &'static str, times: usize| {
        let bed = &bed;
        async move {
            let mut statuses = Vec::new();
            for _ in 0..times {
                statuses.push(bed.report(group, "x").await.status());
            }
            statuses
        }
    };
    assert_eq!(polled(V4, 3).await, [400, 400, 400]);
    assert_eq!(polled("two_v4", 3).await, [400, 400, 400]);
    assert_eq!(bed.simulator.polls_too_fast(V4), 2);
    assert_eq!(bed.simulator.polls_too_fast("two_v4"), 1);
    assert_eq!(bed.simulator.polls_too_fast(V5), 0);
    bed.advance(SECOND);
    assert_eq!(polled(V4, 1).await, [400]);
    assert_eq!(bed.simulator.polls_too_fast(V4), 2, "a second later is not too fast");
    bed.simulator.set_strict_polling(true);
    bed.advance(SECOND - Duration::from_millis(1));
    assert_eq!(polled(V4, 2).await, [429, 429]);
    bed.advance(Duration::from_millis(1));
    assert_eq!(
        polled(V4, 2).await,
        [400, 429],
        "what was refused does not count against the next"
    );
    assert_eq!(bed.simulator.polls_too_fast(V4), 5);
}
