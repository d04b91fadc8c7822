//! Answers that are lost, doubtful or refusals.

use std::time::Duration;

use domain::document::Kind;
use domain::money::Kopecks;
use ledger::shifts::NewCash;
use ledger::views::DocumentView;
use sandbox::cashdesk::{Fault, FaultKind, Mode, RefusalShape, Switches};
use tests::bed::{PATIENCE, on_each};
use tests::eventually;

use super::Stall;

/// However the answer to a sale is lost after it was registered: it is found by its number, and there is one.
#[tokio::test]
async fn a_sale_whose_answer_is_lost_is_found_and_not_doubled() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        let faults = [
            FaultKind::RegisterThenClose,
            FaultKind::Http {
                status: 502,
                registers: true,
            },
            FaultKind::HtmlBody,
            FaultKind::TruncatedJson,
            FaultKind::BrokenBody,
            FaultKind::RegisterThenHang {
                close_after: Duration::from_secs(5),
            },
        ];
        for (place, fault) in faults.into_iter().enumerate() {
            stall
                .bed
                .cashdesk
                .inject(Fault::once(fault.clone()).on_command("check/sale"));
            let order = stall.bed.sell(&stall.shop, &format!("A-{place}"), 26_750).await;
            let documents = stall.bed.documents(&order).await;
            let theirs = stall.documents();
            assert_eq!(theirs.len(), place + 2, "one sale each, and the opening: {fault:?}");
            let last = theirs.last().unwrap();
            assert_eq!(
                documents[0].fiscal_number.as_deref(),
                Some(last.ordernum.as_str()),
                "{fault:?}"
            );
            // It was still the last check, so its id and link could be had.
            assert!(
                documents[0]
                    .url
                    .as_deref()
                    .is_some_and(|url| url.contains(&last.ordernum))
            );
        }
        assert_eq!(stall.bed.cashdesk.faults_waiting(), 0);
        stall.tape();
    })
    .await;
}

#[tokio::test]
async fn a_sale_that_never_arrived_is_sent_once_more() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        for (place, fault) in [
            FaultKind::CloseBefore,
            FaultKind::Http {
                status: 502,
                registers: false,
            },
        ]
        .into_iter()
        .enumerate()
        {
            stall.bed.cashdesk.inject(Fault::once(fault).on_command("check/sale"));
            let order = stall.bed.sell(&stall.shop, &format!("A-{place}"), 100).await;
            let documents = stall.bed.documents(&order).await;
            assert_eq!((documents.len(), documents[0].attempts), (1, 2));
        }
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00", "Z_SALE 1.00"]);
    })
    .await;
}

/// The connection is gone before the request is carried out: two looks have to be apart for it.
#[tokio::test]
async fn a_sale_that_is_registered_late_is_not_doubled() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.sell(&stall.shop, "A-0", 100).await;
        let after = Duration::from_millis(300);
        let late = Fault::once(FaultKind::LateRegister { after });
        stall.bed.cashdesk.inject(late.on_command("check/sale"));
        stall.bed.sell(&stall.shop, "A-1", 200).await;
        let last = stall.documents().pop().unwrap();
        assert!(last.late, "{last:?}");
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00", "Z_SALE 2.00"]);
    })
    .await;
}

/// A shift was closed before anybody asked: its checks are in the day's report only.
#[tokio::test]
async fn a_lost_sale_is_found_after_its_shift_was_closed() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        // Nobody answers until the shift is closed.
        let lost = Fault::once(FaultKind::RegisterThenClose).on_command("check/sale");
        stall.bed.cashdesk.inject(lost);
        stall.bed.cashdesk.inject(Fault {
            times: 5,
            ..Fault::once(FaultKind::CloseBefore).on_command("shift/xReport")
        });
        let order = stall.bed.pay(&stall.shop, "A-1", 100);
        eventually(PATIENCE, async || {
            let sold = stall.documents().len() == 2;
            if sold {
                Ok(())
            } else {
                Err(format!("{:?}", stall.documents()))
            }
        })
        .await;
        assert!(stall.bed.cashdesk.apply(&FaultKind::AutoClose, Some(stall.shop.number)));
        stall.bed.until(&order, &["sale registered"]).await;
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00", "Z_REPORT"]);
        assert!(stall.asked("shift/zReport/period") > 0);
    })
    .await;
}

/// Reports that do not tell our numbers prove nothing: the document waits, and is not sent again.
#[tokio::test]
async fn a_look_that_proves_nothing_sends_nothing() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.cashdesk.set_switches(Switches {
            report_local_numbers: false,
            ..Switches::default()
        });
        let lost = Fault::once(FaultKind::RegisterThenClose).on_command("check/sale");
        stall.bed.cashdesk.inject(lost);
        let order = stall.bed.pay(&stall.shop, "A-1", 100);
        // Long enough for two looks that would have believed what they did not see.
        eventually(PATIENCE, async || match stall.asked("shift/xReport") {
            0..12 => Err("it was not asked about often enough".to_owned()),
            _ => Ok(()),
        })
        .await;
        assert_eq!(stall.bed.states(&order).await, ["sale in_doubt"]);
        // With the numbers back it is found.
        stall.bed.cashdesk.set_switches(Switches::default());
        stall.bed.until(&order, &["sale registered"]).await;
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00"]);
    })
    .await;
}

#[tokio::test]
async fn tokens_that_end_cost_a_login_and_nothing_else() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.sell(&stall.shop, "A-1", 100).await;
        stall.bed.cashdesk.expire_tokens();
        stall.bed.sell(&stall.shop, "A-2", 200).await;
        // Between the look and the sale.
        let ended = Fault::once(FaultKind::ExpireToken).on_command("check/sale");
        stall.bed.cashdesk.inject(ended);
        let order = stall.bed.sell(&stall.shop, "A-3", 300).await;
        assert_eq!(stall.bed.documents(&order).await[0].attempts, 1);
        assert_eq!(
            stall.tape(),
            ["OPEN_SHIFT", "Z_SALE 1.00", "Z_SALE 2.00", "Z_SALE 3.00"]
        );
    })
    .await;
}

/// Through the cloud there are no documents without the tax service; its refusal is one among many, told by words.
#[tokio::test]
async fn sales_wait_for_the_tax_service_and_go_out_once() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.cashdesk.set_tax_service(false);
        let order = stall.bed.pay(&stall.shop, "A-1", 100);
        eventually(PATIENCE, async || match stall.asked("check/sale") {
            0 => Err("nothing was sent".to_owned()),
            _ => Ok(()),
        })
        .await;
        stall.bed.cashdesk.set_tax_service(true);
        stall.bed.until(&order, &["sale registered"]).await;
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00"]);
    })
    .await;
}

#[tokio::test]
async fn a_sale_that_is_refused_waits_for_a_person() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        for (place, refusals) in [RefusalShape::BadRequest, RefusalShape::Unprocessable]
            .into_iter()
            .enumerate()
        {
            stall.bed.cashdesk.set_switches(Switches {
                refusals,
                ..Switches::default()
            });
            let refuse = Fault::once(FaultKind::Refuse {
                status: 422,
                message: "Група податку не зареєстрована".to_owned(),
            });
            stall.bed.cashdesk.inject(refuse.on_command("check/sale"));
            let order = stall.bed.pay(&stall.shop, &format!("A-{place}"), 100);
            stall.bed.until(&order, &["sale held refused_by_provider"]).await;
        }
        assert!(stall.documents().is_empty());
    })
    .await;
}

/// Moved cash carries no number of ours. It opens no shift by itself either.
#[tokio::test]
async fn cash_that_was_moved_is_found_by_what_nothing_else_explains() {
    on_each(async |database| {
        let stall = Stall::with(database, Mode::Cloud, |_| {}).await;
        for (kind, key, fault, expected) in [
            (Kind::CashIn, "in", None, "SERVICE_INPUT 500.00"),
            (
                Kind::CashIn,
                "again",
                Some(FaultKind::RegisterThenClose),
                "SERVICE_INPUT 500.00",
            ),
            (
                Kind::CashOut,
                "out",
                Some(FaultKind::RegisterThenClose),
                "SERVICE_OUTPUT 500.00",
            ),
            (
                Kind::CashOut,
                "lost",
                Some(FaultKind::CloseBefore),
                "SERVICE_OUTPUT 500.00",
            ),
        ] {
            if let Some(fault) = fault {
                stall
                    .bed
                    .cashdesk
                    .inject(Fault::once(fault).on_command("check/service"));
            }
            let document = moved(&stall, kind, key).await;
            let theirs = stall.documents();
            assert_eq!(super::words(theirs.last().unwrap()), expected, "{key}");
            assert_eq!(
                document.fiscal_number,
                Some(theirs.last().unwrap().ordernum.clone()),
                "{key}"
            );
        }
        assert_eq!(
            stall.tape().len(),
            5,
            "an opening, and each movement once: {:?}",
            stall.tape()
        );
    })
    .await;
}

async fn moved(stall: &Stall, kind: Kind, key: &str) -> DocumentView {
    let cash = NewCash {
        merchant: &stall.shop.merchant,
        register: &stall.shop.register,
        kind,
        key,
        amount: Kopecks::from_minor(50_000).unwrap(),
    };
    let (id, new) = stall
        .bed
        .ledger
        .plan_cash(&cash, "test", stall.bed.now())
        .await
        .unwrap();
    assert!(new);
    eventually(PATIENCE, async || {
        let shown = stall.bed.ledger.document_view(None, id).await.unwrap().unwrap().0;
        if shown.state == "registered" {
            Ok(shown)
        } else {
            Err(format!("{shown:?}"))
        }
    })
    .await
}
