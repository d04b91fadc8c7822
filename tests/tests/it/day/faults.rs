//! The faults of `cashalot.md` §11.8 that concern a register's day: what the register does, which alert
//! opens, and that it closes by itself. Lost, late and broken answers of receipts are in `steps` and
//! `pipeline`; those of closings in `closing`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::actions::{Ask, LOSE_DOCUMENTS};
use ledger::alerts::Acknowledged;
use ledger::people::Reach;
use ledger::settings::Credentials;
use sandbox::cashalot::{self, Fault, FaultKind, ForeignEffect};
use tests::bed::{PATIENCE, Shop, TestBed, on_each};
use tests::eventually;

use super::{alert, came_and_went, compared, ends, no_alert, shifts, working};

const MORNING: &str = "2026-03-05T09:00:00+02:00";

async fn ask(bed: &TestBed, shop: &Shop, what: Ask, subject: &str) -> ledger::actions::End {
    let action = bed
        .ledger
        .ask(&shop.register, what, subject, "test", bed.now())
        .await
        .unwrap();
    eventually(PATIENCE, async || {
        bed.ledger.action(&action.id).await.unwrap().unwrap().end
    })
    .await
}

/// 9: the provider's state is not the tax service's.
#[tokio::test]
async fn a_register_out_of_step_is_brought_in_line_and_goes_on() {
    on_each(async |database| {
        for effect in [ForeignEffect::Inconsistent, ForeignEffect::LocalNumber] {
            let mut bed = TestBed::start_at(database, MORNING).await;
            working(&mut bed).await;
            let shop = bed.shop().await;
            bed.sell(&shop, "A-0", 100).await;
            assert!(
                bed.cashalot
                    .apply(&FaultKind::ForeignDocument { effect }, Some(shop.number))
            );
            let orders = [bed.pay(&shop, "A-1", 10_000), bed.pay(&shop, "A-2", 10_000)];
            for order in &orders {
                bed.until(order, &["sale registered"]).await;
            }
            no_alert(&bed, "desync").await;
            assert!(came_and_went(&bed, "desync").await);
            assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 100.00", "sale 100.00"]);
            let audit = bed.ledger.recent_actions(&shop.register, 10).await.unwrap();
            assert!(
                audit
                    .iter()
                    .any(|action| action.ask == Ask::Cleanup && action.actor == "kasyr"),
                "{audit:?}"
            );
            // The stranger's document is told, and is in the report beside ours.
            alert(&bed, "foreign_documents").await;
            assert!(ask(&bed, &shop, Ask::Close, "").await.done);
            let closed = shifts(&bed.ledger, &shop, compared).await;
            let told = alert(&bed, "z_difference").await;
            no_alert(&bed, "foreign_documents").await;
            assert_eq!(closed[0].foreign_documents.len(), 1);
            assert!(told.text.en.contains(&closed[0].foreign_documents[0]), "{told:?}");
            // The next report agrees, and the alert is over.
            bed.sell(&shop, "A-3", 100).await;
            assert!(ask(&bed, &shop, Ask::Close, "").await.done);
            no_alert(&bed, "z_difference").await;
        }
    })
    .await;
}

/// 9, with a clean-up that closes the shift on the way.
#[tokio::test]
async fn a_clean_up_that_closes_the_shift_is_taken_into_the_books() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        assert!(bed.cashalot.set_close_on_cleanup(shop.number, true));
        assert!(bed.cashalot.apply(&FaultKind::CleanNeeded, Some(shop.number)));
        bed.sell(&shop, "A-1", 200).await;
        let seen = shifts(&bed.ledger, &shop, |shifts| {
            shifts.len() == 2 && shifts[1].compared_at.is_some()
        })
        .await;
        assert_eq!(ends(&bed, &shop), (1, 1));
        assert!(
            seen[1].z_number.is_some() && seen[1].closing_number.is_some(),
            "{seen:?}"
        );
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 2.00"]);
        let documents = bed.ledger.recent_documents(None, 100).await.unwrap();
        for kind in ["closing", "z_report"] {
            assert!(
                documents
                    .iter()
                    .any(|document| document.kind == kind && document.state == "registered"),
                "no {kind} in the books"
            );
        }
    })
    .await;
}

/// 8: the tax service is away for a while.
#[tokio::test]
async fn offline_documents_are_followed_until_they_are_delivered() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        bed.cashalot.set_fsko(false);
        let order = bed.sell(&shop, "A-1", 10_000).await;
        let returned = bed.sell(&shop, "A-2", 500).await;
        bed.give_back(&returned, 200);
        bed.until(&returned, &["sale registered", "return registered"]).await;
        let cancelled = bed.sell(&shop, "A-5", 700).await;
        bed.give_all_back(&cancelled);
        bed.until(&cancelled, &["sale registered", "storno registered"]).await;
        assert_eq!(bed.documents(&order).await[0].presence.as_deref(), Some("offline"));
        // The session grows: 80 % and 95 % of 36 hours.
        bed.later(Duration::from_secs(29 * 3600));
        bed.sell(&shop, "A-3", 100).await;
        assert_eq!(alert(&bed, "offline_session").await.severity, "warning");
        bed.later(Duration::from_secs(6 * 3600));
        bed.sell(&shop, "A-4", 100).await;
        eventually(PATIENCE, async || {
            let told = alert(&bed, "offline_session").await;
            (told.severity == "critical").then_some(())
        })
        .await;
        bed.cashalot.set_fsko(true);
        eventually(PATIENCE, async || {
            let documents = bed.ledger.offline_documents(&shop.register, 100).await.unwrap();
            if documents.is_empty() {
                Ok(())
            } else {
                Err(format!("{documents:?}"))
            }
        })
        .await;
        assert_eq!(bed.documents(&order).await[0].presence.as_deref(), Some("delivered"));
        no_alert(&bed, "offline_session").await;
        assert_eq!(
            bed.tape(&shop).await,
            [
                "sale 1.00",
                "sale 100.00",
                "sale 5.00",
                "return 2.00 of 3",
                "sale 7.00",
                "storno of 5",
                "sale 1.00",
                "sale 1.00"
            ]
        );
        assert!(bed.cashalot.lost_documents(shop.number).is_empty());
    })
    .await;
}

/// 11: no offline time is left.
#[tokio::test]
async fn without_offline_time_receipts_wait_for_the_tax_service() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        assert!(bed.cashalot.apply(&FaultKind::OfflineLimitUsed, Some(shop.number)));
        bed.cashalot.set_fsko(false);
        let order = bed.pay(&shop, "A-1", 10_000);
        assert_eq!(alert(&bed, "offline_month").await.severity, "critical");
        alert(&bed, "register_trouble").await;
        bed.cashalot.set_fsko(true);
        bed.until(&order, &["sale registered"]).await;
        no_alert(&bed, "register_trouble").await;
        // A new month has offline time again.
        bed.later(Duration::from_secs(30 * 24 * 3600));
        no_alert(&bed, "offline_month").await;
    })
    .await;
}

/// 12: the tax service refuses the package.
#[tokio::test]
async fn a_refused_package_is_told_with_its_documents() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        bed.cashalot.set_fsko(false);
        let order = bed.sell(&shop, "A-1", 10_000).await;
        let refused = |refused| FaultKind::PackageRefused { refused };
        assert!(bed.cashalot.apply(&refused(true), Some(shop.number)));
        bed.cashalot.set_fsko(true);
        let told = alert(&bed, "delivery_refused").await;
        let number = bed.documents(&order).await[0].fiscal_number.clone().unwrap();
        assert!(
            told.severity == "critical" && told.text.en.contains(&number),
            "{told:?}"
        );
        // The next receipt waits.
        let waiting = bed.pay(&shop, "A-2", 200);
        alert(&bed, "register_trouble").await;
        // Nobody may lose the documents without saying so.
        let end = ask(&bed, &shop, Ask::Remove, "").await;
        assert!(!end.done && end.result.contains(LOSE_DOCUMENTS), "{end:?}");
        assert!(bed.cashalot.lost_documents(shop.number).is_empty());
        assert!(bed.cashalot.apply(&refused(false), Some(shop.number)));
        bed.until(&waiting, &["sale registered"]).await;
        no_alert(&bed, "delivery_refused").await;
        no_alert(&bed, "register_trouble").await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 100.00", "sale 2.00"]);
    })
    .await;
}

/// 10: the licence ends, and is over.
#[tokio::test]
async fn a_licence_that_ends_is_told_ahead() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        let ends = |at: &str| Some(at.parse().unwrap());
        assert!(bed.cashalot.set_licence(shop.number, ends("2026-03-25T00:00:00Z")));
        assert_eq!(alert(&bed, "licence_expiry").await.severity, "warning");
        assert!(bed.cashalot.set_licence(shop.number, ends("2026-03-07T00:00:00Z")));
        eventually(PATIENCE, async || {
            let told = alert(&bed, "licence_expiry").await;
            (told.severity == "critical").then_some(())
        })
        .await;
        bed.later(Duration::from_secs(2 * 24 * 3600));
        let order = bed.pay(&shop, "A-1", 200);
        alert(&bed, "register_trouble").await;
        assert!(bed.cashalot.set_licence(shop.number, ends("2027-03-07T00:00:00Z")));
        bed.until(&order, &["sale registered"]).await;
        no_alert(&bed, "licence_expiry").await;
        no_alert(&bed, "register_trouble").await;
    })
    .await;
}

#[tokio::test]
async fn a_certificate_that_ends_is_told_ahead() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let number = 4_000_999_002;
        let key = || STANDARD.encode("a key of the test");
        bed.cashalot.add_register(cashalot::RegisterSetup {
            credentials: Some(cashalot::Credentials::Keys {
                certificate: STANDARD.encode("a certificate of the test"),
                private_key: key(),
                password: "test".to_owned(),
            }),
            ..cashalot::RegisterSetup::new(number)
        });
        assert!(
            bed.cashalot
                .set_certificate_end(number, Some("2026-03-20T00:00:00Z".parse().unwrap()))
        );
        let shop = bed
            .open_shop("bakery", number, |settings| {
                settings.registers[0].credentials = Credentials::Keys {
                    certificate: STANDARD.encode("a certificate of the test").into(),
                    private_key: key().into(),
                    password: "test".to_owned().into(),
                };
            })
            .await;
        assert_eq!(alert(&bed, "certificate_expiry").await.severity, "warning");
        bed.sell(&shop, "B-1", 100).await;
        assert!(
            bed.cashalot
                .set_certificate_end(number, Some("2028-03-20T00:00:00Z".parse().unwrap()))
        );
        // It is asked for once a day.
        bed.later(Duration::from_secs(25 * 3600));
        no_alert(&bed, "certificate_expiry").await;
    })
    .await;
}

/// 13, quietly: another device writes on our tape and the provider follows.
#[tokio::test]
async fn a_strangers_document_is_found_in_the_report() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        let silent = FaultKind::ForeignDocument {
            effect: ForeignEffect::Silent,
        };
        assert!(bed.cashalot.apply(&silent, Some(shop.number)));
        bed.sell(&shop, "A-1", 200).await;
        assert!(ask(&bed, &shop, Ask::Close, "").await.done);
        let closed = shifts(&bed.ledger, &shop, compared).await;
        assert_eq!(closed[0].foreign_documents.len(), 1);
        let told = alert(&bed, "z_difference").await;
        assert!(
            told.text.en.contains("sales.sum: ours 3.00, the report 4.00"),
            "{told:?}"
        );
        // A person who knows of it closes the alert.
        let known = bed
            .ledger
            .acknowledge_alert(&Reach::Everything, &told.id, "test", bed.now())
            .await;
        assert_eq!(known.unwrap(), Acknowledged::Done { closed: true });
        no_alert(&bed, "z_difference").await;
    })
    .await;
}

/// 14: somebody else opened the shift.
#[tokio::test]
async fn a_shift_opened_elsewhere_is_adopted_and_closed_in_time() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        let shop = bed.shop().await;
        assert!(bed.cashalot.apply(&FaultKind::ForeignShift, Some(shop.number)));
        working(&mut bed).await;
        let told = alert(&bed, "foreign_shift").await;
        assert!(told.text.en.contains("Інший Касир"), "{told:?}");
        // Our key is a senior cashier's: our receipts go into that shift.
        bed.sell(&shop, "A-1", 100).await;
        no_alert(&bed, "foreign_shift").await;
        bed.later(Duration::from_secs(23 * 3600 + 60));
        let closed = shifts(&bed.ledger, &shop, compared).await;
        assert_eq!((ends(&bed, &shop), closed[0].difference.as_deref()), ((1, 1), None));
    })
    .await;
}

/// 1 to 7, 15, 17: whatever becomes of the answer to a closing, there is one, and nobody need be told.
#[tokio::test]
async fn a_closing_survives_every_kind_of_answer() {
    let ms = Duration::from_millis;
    let http = |status, registers| FaultKind::Http { status, registers };
    let code = |code: &str| FaultKind::ErrorCode { code: code.to_owned() };
    let kinds = [
        FaultKind::Delay { by: ms(300) },
        FaultKind::SlowAnswer { by: ms(300) },
        FaultKind::CloseBefore,
        FaultKind::RegisterThenClose,
        FaultKind::RegisterThenHang { close_after: ms(1_700) },
        FaultKind::RegisterThenEmptyBody,
        http(500, false),
        http(500, true),
        http(502, false),
        http(503, true),
        FaultKind::TruncatedJson,
        FaultKind::BrokenBody,
        code("FiscalServerError"),
        code("ShiftNotOpened"),
        FaultKind::NumericErrorCode,
        FaultKind::QrAndUrlNull,
        FaultKind::LateRegister { after: ms(200) },
    ];
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        for (number, kind) in kinds.iter().enumerate() {
            bed.sell(&shop, &format!("A-{number}"), 100).await;
            bed.cashalot.inject(Fault::once(kind.clone()).on_command("CloseShift"));
            assert!(ask(&bed, &shop, Ask::Close, "").await.done, "{kind:?}");
            let closed = shifts(&bed.ledger, &shop, compared).await;
            assert_eq!(
                (closed.len(), closed[0].difference.as_deref()),
                (number + 1, None),
                "{kind:?}"
            );
            assert_eq!(ends(&bed, &shop), (number + 1, number + 1), "{kind:?}");
        }
        assert_eq!(bed.cashalot.overlaps(shop.number), 0);
        let open = bed.ledger.open_alerts(None).await.unwrap();
        assert!(open.is_empty(), "{open:?}");
    })
    .await;
}

/// 1, 2, 5, 6, 7: the provider does not answer, or nonsense, or does not know our key any more.
#[tokio::test]
async fn a_provider_that_is_away_is_told_also_when_nothing_is_to_be_done() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        for kind in [
            FaultKind::CloseBefore,
            FaultKind::TruncatedJson,
            FaultKind::Http {
                status: 502,
                registers: false,
            },
            FaultKind::ErrorCode {
                code: "CryptographyError".to_owned(),
            },
        ] {
            bed.cashalot.inject(Fault {
                times: 1_000_000,
                ..Fault::once(kind)
            });
            alert(&bed, "register_trouble").await;
            bed.cashalot.clear_faults();
            no_alert(&bed, "register_trouble").await;
        }
    })
    .await;
}

/// The state cannot be read while the tax service is away (the sheet does not know): receipts wait.
#[tokio::test]
async fn a_state_that_needs_the_tax_service_makes_receipts_wait_for_it() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        bed.cashalot.set_state_needs_fsko(true);
        bed.cashalot.set_fsko(false);
        let order = bed.pay(&shop, "A-1", 10_000);
        alert(&bed, "register_trouble").await;
        bed.cashalot.set_fsko(true);
        bed.until(&order, &["sale registered"]).await;
        no_alert(&bed, "register_trouble").await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 100.00"]);
    })
    .await;
}

/// Cash in and out are documents like any other: once each, and in the report.
#[tokio::test]
async fn cash_movements_are_documents_and_agree_with_the_report() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        bed.cashalot
            .inject(Fault::once(FaultKind::RegisterThenClose).on_command("RegisterCheck"));
        for (kind, key, minor) in [
            (domain::document::Kind::CashIn, "float", 50_000),
            (domain::document::Kind::CashIn, "float", 50_000),
            (domain::document::Kind::CashOut, "evening", 20_000),
        ] {
            let amount = domain::money::Kopecks::from_minor(minor).unwrap();
            let cash = ledger::shifts::NewCash {
                merchant: &shop.merchant,
                register: &shop.register,
                kind,
                key,
                amount,
            };
            bed.ledger.plan_cash(&cash, "test", bed.now()).await.unwrap();
        }
        bed.ledger.look_soon(&shop.register).await.unwrap();
        bed.at_rest().await;
        assert!(ask(&bed, &shop, Ask::Close, "").await.done);
        let closed = shifts(&bed.ledger, &shop, compared).await;
        let totals = closed[0].totals.clone().unwrap();
        assert_eq!(
            (
                totals.cash_in.minor(),
                totals.cash_out.minor(),
                closed[0].difference.as_deref()
            ),
            (50_000, 20_000, None)
        );
    })
    .await;
}

/// A document as a person reads it comes along with its registration, and from the tax service on request.
#[tokio::test]
async fn a_document_is_fetched_on_request_and_kept() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, MORNING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-0", 12_345).await;
        let id = bed.documents(&order).await[0].id.clone();
        let document = domain::ids::DocumentId::parse(&id).unwrap();
        let drawn = bed.ledger.rendering(document, true).await.unwrap().unwrap();
        assert!(
            drawn.body.starts_with('<') && drawn.body.contains("123.45"),
            "{}",
            drawn.body
        );
        assert_eq!(bed.ledger.rendering(document, false).await.unwrap(), None);
        assert!(ask(&bed, &shop, Ask::Fetch, &id).await.done);
        for html in [false, true] {
            let kept = bed.ledger.rendering(document, html).await.unwrap().unwrap();
            assert!(kept.body.contains("123.45"), "{}", kept.body);
            assert_eq!(kept.body.contains("<"), html);
        }
        let end = ask(&bed, &shop, Ask::Fetch, "no such document").await;
        assert!(!end.done, "{end:?}");
        // An offline one can be fetched once it is delivered.
        bed.cashalot.set_fsko(false);
        let offline = bed.sell(&shop, "A-1", 100).await;
        let id = bed.documents(&offline).await[0].id.clone();
        let action = bed
            .ledger
            .ask(&shop.register, Ask::Fetch, &id, "test", bed.now())
            .await
            .unwrap();
        // Nobody waits for that but the one who asked.
        bed.sell(&shop, "A-2", 100).await;
        assert_eq!(bed.ledger.action(&action.id).await.unwrap().unwrap().end, None);
        bed.cashalot.set_fsko(true);
        let end = eventually(PATIENCE, async || {
            bed.ledger.action(&action.id).await.unwrap().unwrap().end
        })
        .await;
        assert!(end.done, "{end:?}");
        assert!(!came_and_went(&bed, "register_trouble").await);
    })
    .await;
}
