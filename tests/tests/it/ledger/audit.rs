//! Every deed is kept with who did it and from where, and nothing is taken back.

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::MerchantId;
use ledger::actions::{Ask, LOSE_DOCUMENTS};
use ledger::alerts::{Acknowledged, EVENT_CONFLICT, NewAlert, Severity, Words};
use ledger::audit::{Actor, AuditEntry, AuditFilter, deed};
use ledger::orders::{Buyer, OrderUpdate};
use ledger::people::{Reach, Role, UserChange};
use ledger::shifts::NewCash;
use sea_orm::{ConnectionTrait, Database};

use super::bed::{Bed, MINUTE, NOW, basket, kopecks, merchant, on_each, order, refund, sale, till};
use super::people::{HERE, new, secret, settled};
use super::shelf::{flowers_only, strangers, wide};

fn olena() -> Actor {
    Actor::at("olena", HERE)
}

/// But for the bed's own settings, which it applies before each test.
async fn everything(bed: &Bed) -> Vec<AuditEntry> {
    let filter = AuditFilter::default();
    let all = bed.ledger.audit_log(&Reach::Everything, &filter, None, 1000).await;
    let mut all = all.unwrap();
    all.retain(|entry| entry.action != deed::SETTINGS_CHANGED);
    all
}

/// The newest entry, which must be Olena's.
async fn newest(bed: &Bed) -> (String, String, Option<String>, Option<String>) {
    let entry = everything(bed).await.remove(0);
    assert_eq!(
        (entry.actor.as_str(), entry.address.as_deref(), entry.at),
        ("olena", Some(HERE), NOW)
    );
    assert_eq!(entry.merchant.as_deref(), Some("flowers"), "{entry:?}");
    (entry.action, entry.subject, entry.before, entry.after)
}

fn alert(kind: &'static str) -> NewAlert {
    NewAlert {
        kind,
        subject: "flowers-1".to_owned(),
        severity: Severity::Warning,
        merchant: Some(merchant()),
        register: Some(till()),
        text: Words::new("Broken.", "Зламано."),
        next_step: Words::new("Mend it.", "Полагодьте."),
    }
}

fn told(
    action: &str,
    subject: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> (String, String, Option<String>, Option<String>) {
    (
        action.to_owned(),
        subject.to_owned(),
        before.map(str::to_owned),
        after.map(str::to_owned),
    )
}

#[tokio::test]
async fn what_is_asked_of_a_register_is_kept_once() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        for (number, ask) in Ask::ALL.into_iter().enumerate() {
            let subject = if ask == Ask::Remove { LOSE_DOCUMENTS } else { "" };
            for _ in 0..2 {
                let action = ledger.ask(&till(), ask, subject, &olena(), NOW).await.unwrap();
                assert_eq!(action.actor, "olena");
            }
            assert_eq!(everything(&bed).await.len(), number + 1, "asking twice is asking once");
            let (action, subject, _, after) = newest(&bed).await;
            assert_eq!(
                (action, subject.as_str()),
                (format!("asked_{}", ask.as_str()), "register flowers-1")
            );
            assert_eq!(after.as_deref(), (ask == Ask::Remove).then_some(LOSE_DOCUMENTS));
        }
        let id = ledger.open_actions(&till()).await.unwrap()[0].id.clone();
        let end = ledger::actions::End {
            done: true,
            result: String::new(),
        };
        ledger.end_action(&id, &end, NOW).await.unwrap();
        let ours = ledger.ask_by_itself(&till(), Ask::Close, NOW).await.unwrap();
        assert_eq!(ours.actor, "kasyr");
        assert_eq!(everything(&bed).await.len(), Ask::ALL.len(), "no person did it");
    })
    .await;
}

#[tokio::test]
async fn a_resend_is_kept_with_the_reason_of_the_hold() {
    on_each(async |bed| {
        let held = bed.held("A-1", sale(100), HoldReason::BasketMismatch).await;
        bed.ledger.resend(held, olena(), NOW).await.unwrap();
        let subject = format!("document {held}");
        assert_eq!(
            newest(&bed).await,
            told(deed::RESENT, &subject, Some("held: basket_mismatch"), Some("ready"))
        );
        bed.ledger.resend(held, olena(), NOW).await.unwrap();
        assert_eq!(everything(&bed).await.len(), 1, "nothing was done");
        let early = bed.held("A-2", refund(40), HoldReason::RefundExceedsSale).await;
        bed.ledger.resend(early, olena(), NOW).await.unwrap();
        assert_eq!(newest(&bed).await.3.as_deref(), Some("waiting"));
    })
    .await;
}

#[tokio::test]
async fn an_acknowledged_alert_is_kept() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        for (kind, after) in [("shift_closing", None), (EVENT_CONFLICT, Some("closed"))] {
            ledger.raise_alert(&alert(kind), NOW).await.unwrap();
            let open = ledger.open_alerts(None).await.unwrap();
            let id = &open.iter().find(|alert| alert.kind == kind).unwrap().id;
            let before = everything(&bed).await.len();
            for stranger in strangers() {
                let refused = ledger.acknowledge_alert(&stranger, id, olena(), NOW).await.unwrap();
                assert_eq!(refused, Acknowledged::NotFound);
            }
            assert_eq!(everything(&bed).await.len(), before);
            let closed = after.is_some();
            let done = ledger.acknowledge_alert(&flowers_only(), id, olena(), NOW).await;
            assert_eq!(done.unwrap(), Acknowledged::Done { closed });
            let subject = format!("alert {kind} about flowers-1");
            assert_eq!(
                newest(&bed).await,
                told(deed::ALERT_ACKNOWLEDGED, &subject, None, after)
            );
            let again = if closed {
                Acknowledged::WasClosed
            } else {
                Acknowledged::Done { closed }
            };
            for reach in wide() {
                let done = ledger.acknowledge_alert(&reach, id, "ivan", NOW).await.unwrap();
                assert_eq!(done, again);
            }
            assert_eq!(everything(&bed).await.len(), before + 1, "it was known already");
            for stranger in strangers() {
                let refused = ledger.acknowledge_alert(&stranger, id, "ivan", NOW).await.unwrap();
                assert_eq!(refused, Acknowledged::NotFound, "closed or not");
            }
        }
        for reach in wide() {
            let missing = ledger.acknowledge_alert(&reach, "none", olena(), NOW).await.unwrap();
            assert_eq!(missing, Acknowledged::NotFound);
        }
        let all = ledger.recent_alerts(None, 10).await.unwrap();
        assert!(
            all.iter()
                .all(|alert| alert.acknowledged == Some((NOW, "olena".to_owned())))
        );
    })
    .await;
}

#[tokio::test]
async fn planned_cash_is_kept_once_per_key() {
    on_each(async |bed| {
        let cash = NewCash {
            merchant: &merchant(),
            register: &till(),
            kind: Kind::CashIn,
            key: "float",
            amount: kopecks(50_000),
        };
        let (id, new) = bed.ledger.plan_cash(&cash, olena(), NOW).await.unwrap();
        assert!(new);
        assert_eq!(bed.ledger.plan_cash(&cash, olena(), NOW).await.unwrap(), (id, false));
        let more = NewCash {
            amount: kopecks(1),
            ..cash
        };
        bed.ledger.plan_cash(&more, olena(), NOW).await.unwrap_err();
        assert_eq!(everything(&bed).await.len(), 1);
        assert_eq!(
            newest(&bed).await,
            told(deed::CASH_PLANNED, "register flowers-1", None, Some("cash_in 500.00"))
        );
    })
    .await;
}

#[tokio::test]
async fn an_edited_order_is_kept_as_sums_without_the_buyer() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let update = OrderUpdate {
            basket: Some(basket("Тюльпани", 12_300)),
            description: None,
            buyer: Some(Buyer {
                email: Some("canary@mail.example".to_owned()),
                phone: None,
                locale: None,
            }),
            ..OrderUpdate::default()
        };
        let edit = async |update: &OrderUpdate| {
            ledger
                .edit_order(&merchant(), &order("A-1"), update, olena(), NOW)
                .await
                .unwrap()
        };
        assert!(!edit(&update).await, "there is no such order");
        assert!(everything(&bed).await.is_empty());
        bed.sale("A-1", 100).await;
        assert!(edit(&update).await);
        let subject = "order A-1";
        assert_eq!(
            newest(&bed).await,
            told(
                deed::ORDER_EDITED,
                subject,
                Some("no basket"),
                Some("lines: 1, 123.00; another buyer")
            )
        );
        let described = OrderUpdate {
            basket: None,
            description: Some("canary of a buyer".to_owned()),
            buyer: None,
            ..OrderUpdate::default()
        };
        assert!(edit(&described).await);
        assert_eq!(
            newest(&bed).await,
            told(
                deed::ORDER_EDITED,
                subject,
                Some("lines: 1, 123.00"),
                Some("lines: 1, 123.00; another description")
            )
        );
        assert!(!format!("{:?}", everything(&bed).await).contains("canary"));
        let due = bed.next_due().await.unwrap();
        let facts = ledger.sale_facts(&due).await.unwrap();
        assert_eq!(facts.basket, Some(basket("Тюльпани", 12_300)), "the edit counts");
    })
    .await;
}

#[tokio::test]
async fn the_life_of_a_user_can_be_read_from_the_audit() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let all = &Reach::Everything;
        let olena = settled(ledger, "olena", Role::Administrator, Reach::Everything).await;
        let me = Actor::at("olena", HERE);
        let ivan = new("ivan", Role::Operator, Reach::Everything);
        let ivan = ledger.invite(all, &ivan, &me, NOW).await.unwrap().user;
        ledger.invite_again(all, &ivan.id, &me, NOW).await.unwrap();
        let off = UserChange {
            name: ivan.name.clone(),
            role: Role::Accountant,
            reach: Reach::Merchants(vec![merchant()]),
            enabled: false,
        };
        for _ in 0..2 {
            ledger.change_user(all, &ivan.id, &off, &me, NOW).await.unwrap();
        }
        for _ in 0..5 {
            ledger.note_wrong_password(&olena.id, HERE, NOW).await.unwrap();
        }
        ledger
            .set_password(&olena.id, &secret("canary"), None, &me, NOW)
            .await
            .unwrap();
        ledger
            .set_totp(&olena.id, Some(&secret("canary")), &me, NOW)
            .await
            .unwrap();
        ledger.set_totp(&olena.id, None, &me, NOW).await.unwrap();
        ledger.start_session(&olena.id, HERE, "", NOW).await.unwrap();
        let token = ledger.start_session(&olena.id, HERE, "", NOW).await.unwrap().unwrap();
        let session = ledger.session(&token, NOW).await.unwrap().unwrap();
        ledger.end_session(&olena.id, &session.id, &me, NOW).await.unwrap();
        for _ in 0..2 {
            ledger.end_sessions(&olena.id, None, &me, NOW).await.unwrap();
        }

        let mut entries = everything(&bed).await;
        entries.reverse();
        let lines: Vec<String> = entries.iter().map(line).collect();
        assert_eq!(
            lines,
            [
                "test@-: invited user olena → The person olena; administrator; every merchant",
                "olena@192.0.2.7: invitation_accepted user olena → chose a password",
                "olena@192.0.2.7: invited user ivan → The person ivan; operator; every merchant",
                "olena@192.0.2.7: invited_again user ivan",
                "olena@192.0.2.7: user_changed user ivan The person ivan; operator; every merchant → The person ivan; \
                 accountant; flowers; disabled",
                "not signed in@192.0.2.7: wrong_password user olena → 1 in a row",
                "not signed in@192.0.2.7: wrong_password user olena → 2 in a row",
                "not signed in@192.0.2.7: wrong_password user olena → 3 in a row",
                "not signed in@192.0.2.7: wrong_password user olena → 4 in a row",
                "not signed in@192.0.2.7: wrong_password user olena → 5 in a row",
                "not signed in@192.0.2.7: locked_out user olena → for 60 s",
                "olena@192.0.2.7: password_set user olena",
                "olena@192.0.2.7: second_step_set user olena",
                "olena@192.0.2.7: second_step_removed user olena",
                "olena@192.0.2.7: signed_in user olena",
                "olena@192.0.2.7: signed_in user olena",
                "olena@192.0.2.7: signed_out user olena",
                "olena@192.0.2.7: signed_out_everywhere user olena → sessions ended: 1",
            ]
        );
    })
    .await;
}

fn line(entry: &AuditEntry) -> String {
    let before = entry
        .before
        .as_ref()
        .map_or_else(String::new, |text| format!(" {text}"));
    let after = entry
        .after
        .as_ref()
        .map_or_else(String::new, |text| format!(" → {text}"));
    let address = entry.address.as_deref().unwrap_or("-");
    format!(
        "{}@{address}: {} {}{before}{after}",
        entry.actor, entry.action, entry.subject
    )
}

#[tokio::test]
async fn a_deed_that_fails_leaves_no_entry() {
    on_each(async |bed| {
        let unknown = super::bed::register_id("nobodys");
        bed.ledger
            .ask(&unknown, Ask::Close, "", "olena", NOW)
            .await
            .unwrap_err();
        let olena = settled(&bed.ledger, "olena", Role::Administrator, Reach::Everything).await;
        let before = everything(&bed).await.len();
        let lower = UserChange {
            name: olena.name.clone(),
            role: Role::Operator,
            reach: Reach::Everything,
            enabled: true,
        };
        let refused = bed
            .ledger
            .change_user(&Reach::Everything, &olena.id, &lower, "olena", NOW)
            .await;
        assert!(refused.is_err());
        assert_eq!(everything(&bed).await.len(), before);
    })
    .await;
}

#[tokio::test]
async fn the_audit_only_grows() {
    on_each(async |bed| {
        bed.ledger.ask(&till(), Ask::Close, "", "olena", NOW).await.unwrap();
        let entry = everything(&bed).await.remove(0);
        let db = Database::connect(&bed.url).await.unwrap();
        let again = format!(
            "INTO audit (id, at, actor, action, subject) VALUES ('{}', 0, 'x', 'x', 'x')",
            entry.id
        );
        for statement in [
            "UPDATE audit SET actor = 'nobody'".to_owned(),
            "UPDATE audit SET before = NULL WHERE FALSE OR id <> ''".to_owned(),
            "DELETE FROM audit".to_owned(),
            "TRUNCATE audit".to_owned(),
            format!("INSERT {again}"),
            format!("INSERT OR REPLACE {again}"),
            format!("INSERT {again} ON CONFLICT (id) DO UPDATE SET actor = 'nobody'"),
        ] {
            assert!(db.execute_unprepared(&statement).await.is_err(), "{statement}");
        }
        let kept = everything(&bed).await;
        assert_eq!((kept.len(), kept[0].actor.as_str()), (1, "olena"));
    })
    .await;
}

#[tokio::test]
async fn each_sees_the_deeds_about_their_merchants_page_by_page() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        settled(ledger, "chief", Role::Administrator, Reach::Everything).await;
        for number in 0_u32..5 {
            let actor = Actor::at(if number % 2 == 0 { "olena" } else { "ivan" }, HERE);
            let subject = number.to_string();
            let now = NOW.plus(MINUTE * number);
            ledger.ask(&till(), Ask::Fetch, &subject, &actor, now).await.unwrap();
        }
        let list = async |reach: &Reach, filter: AuditFilter, after: Option<&str>, limit| {
            let entries = ledger.audit_log(reach, &filter, after, limit).await.unwrap();
            let subjects: Vec<String> = entries.iter().map(|entry| entry.after.clone().unwrap()).collect();
            (subjects, entries.last().map(|entry| entry.id.clone()))
        };
        let own = Reach::Merchants(vec![MerchantId::parse("bakery").unwrap(), merchant()]);
        let any = AuditFilter::default;
        // But for the bed's own settings.
        let asked = || AuditFilter {
            action: Some(deed::ASKED_FETCH.to_owned()),
            ..AuditFilter::default()
        };
        let (first, last) = list(&own, asked(), None, 3).await;
        assert_eq!(first, ["4", "3", "2"], "the newest first, no people");
        let (second, last) = list(&own, asked(), last.as_deref(), 3).await;
        assert_eq!(second, ["1", "0"]);
        assert!(list(&own, asked(), last.as_deref(), 3).await.0.is_empty());

        for stranger in [vec![], vec![MerchantId::parse("bakery").unwrap()]] {
            assert!(list(&Reach::Merchants(stranger), any(), None, 3).await.0.is_empty());
        }
        let people = AuditFilter {
            action: Some(deed::INVITED.to_owned()),
            ..any()
        };
        assert_eq!(list(&Reach::Everything, people.clone(), None, 9).await.0.len(), 1);
        assert!(list(&own, people, None, 9).await.0.is_empty());
        let ivans = AuditFilter {
            actor: Some("ivan".to_owned()),
            action: Some(deed::ASKED_FETCH.to_owned()),
            from: Some(NOW.plus(MINUTE)),
            to: Some(NOW.plus(MINUTE * 3)),
        };
        assert_eq!(list(&own, ivans.clone(), None, 9).await.0, ["1"]);
        assert_eq!(list(&Reach::Everything, ivans, None, 9).await.0, ["1"]);
    })
    .await;
}
