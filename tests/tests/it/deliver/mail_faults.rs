//! Everything that goes wrong between us and a mail server, on its way to the right end.

use std::collections::BTreeSet;

use ledger::deliveries::Which;
use ledger::people::Reach;
use sandbox::mailbox::{Fault, FaultKind, Step};
use tests::db::Database;

use super::{World, to};

/// What a fault does to a letter.
struct Case {
    name: &'static str,
    fault: FaultKind,
    /// Its tries, the last one taken.
    outcomes: &'static [&'static str],
    unclear: u64,
    /// Copies that the mail server has in the end.
    kept: usize,
}

fn case(name: &'static str, fault: FaultKind, first: &'static [&'static str], unclear: u64, kept: usize) -> Case {
    Case {
        name,
        fault,
        outcomes: first,
        unclear,
        kept,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_mail_server_does_a_letter_arrives_and_a_doubt_is_counted() {
    let world = World::new(Database::Sqlite).await;
    for Case {
        name,
        fault,
        outcomes,
        unclear,
        kept,
    } in [
        case("busy", FaultKind::answer(Step::Rcpt, 450), &["put_off", "taken"], 0, 1),
        case(
            "later",
            FaultKind::answer(Step::Mail, 451),
            &["mail_not_sent", "taken"],
            0,
            1,
        ),
        case(
            "greylisted",
            FaultKind::answer(Step::Message, 451),
            &["put_off", "taken"],
            0,
            1,
        ),
        case(
            "closing",
            FaultKind::answer(Step::Greeting, 421),
            &["mail_not_sent", "taken"],
            0,
            1,
        ),
        case(
            "unsigned",
            FaultKind::answer(Step::Mail, 530),
            &["mail_settings", "taken"],
            0,
            1,
        ),
        case(
            "early",
            FaultKind::Drop { step: Step::Data },
            &["mail_not_sent", "taken"],
            0,
            1,
        ),
        case(
            "silent",
            FaultKind::Silent { step: Step::Rcpt },
            &["mail_not_sent", "taken"],
            0,
            1,
        ),
        // The text was sent; whether it is kept nobody can tell.
        case(
            "lost",
            FaultKind::Drop { step: Step::Message },
            &["mail_unclear", "taken"],
            1,
            1,
        ),
        case("kept", FaultKind::KeepThenDrop, &["mail_unclear", "taken"], 1, 2),
        case("mute", FaultKind::KeepThenSilent, &["mail_unclear", "taken"], 1, 2),
    ] {
        // A greeting comes with a new connection only.
        world.mailbox.shut().await;
        world.mailbox.open().await;
        world.mailbox.inject(Fault::once(fault));
        world.sell(name).await;
        let message = world.bed.until_told(name, "mail", &["registered done"]).await.remove(0);
        assert_eq!(world.outcomes(name, "mail").await, outcomes, "{name}");
        assert_eq!(message.unclear, unclear, "{name}");
        assert_eq!(message.attempts, 2, "{name}");
        let copies = world.mailbox.messages_to(&to(name));
        assert_eq!(copies.len(), kept, "{name}");
        let ids: BTreeSet<_> = copies.iter().map(|copy| copy.decoded().unwrap().message_id).collect();
        assert_eq!(ids.len(), 1, "{name}: whoever gets it twice can tell");
        assert_eq!(world.mailbox.faults(), [], "{name}");
        assert_eq!(world.bed.lane_alerts(&message.lane).await, [""; 0], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_makes_letters_wait() {
    let world = World::new(Database::Sqlite).await;
    world.mailbox.shut().await;
    let receipt = world.sell("A-1").await;
    world
        .bed
        .until_told("A-1", "mail", &["registered due mail_not_sent"])
        .await;
    world.bed.until_told("A-1", "webhook", &["registered done"]).await;
    world.mailbox.open().await;
    world.bed.until_told("A-1", "mail", &["registered done"]).await;
    assert_eq!(world.mailbox.messages_to(&to("A-1")).len(), 1);
    assert_eq!(world.bed.states(&receipt).await, ["sale registered"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_there_is_seen_on_the_order_and_alarms_nobody() {
    let world = World::new(Database::Sqlite).await;
    let no_such = Fault::lasting(FaultKind::answer(Step::Rcpt, 550)).only("wrong@*");
    world.mailbox.inject(no_such);
    world.sell("wrong").await;
    world.sell("right").await;
    let wrong = world
        .bed
        .until_told("wrong", "mail", &["registered failed no_such_address"])
        .await;
    world.bed.until_told("right", "mail", &["registered done"]).await;
    let tries = world.bed.tries(&wrong[0]).await;
    assert_eq!((tries.len(), tries[0].status), (1, Some(550)));
    let detail = tries[0].detail.clone().unwrap();
    assert!(
        !detail.contains("wrong@") && !detail.contains("mail.example"),
        "{detail}"
    );
    assert_eq!(world.bed.lane_alerts(&wrong[0].lane).await, [""; 0]);
    // Once the shop knows better, a person sends it again; the first one stays as it was.
    world.mailbox.clear_faults();
    world
        .tell("wrong", serde_json::json!({ "email": "better@mail.example" }))
        .await;
    let document = domain::ids::DocumentId::parse(&wrong[0].document).unwrap();
    let ledger = &world.bed.ledger;
    let channel = ledger::deliveries::Channel::Mail;
    ledger
        .send_document_again(&Reach::Everything, document, channel, "the test", ledger.now())
        .await
        .unwrap()
        .unwrap();
    let expected = ["registered failed no_such_address", "registered copy 1 done"];
    world.bed.until_told("wrong", "mail", &expected).await;
    assert_eq!(world.mailbox.messages_to("better@mail.example").len(), 1);
    assert!(world.mailbox.messages_to(&to("wrong")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_refused_waits_for_a_person_and_others_go() {
    let world = World::new(Database::Sqlite).await;
    let spam = Fault::lasting(FaultKind::answer(Step::Message, 554)).only("spam@*");
    world.mailbox.inject(spam);
    world.sell("spam").await;
    world.sell("right").await;
    let held = world
        .bed
        .until_told("spam", "mail", &["registered held letter_refused"])
        .await
        .remove(0);
    world.bed.until_told("right", "mail", &["registered done"]).await;
    assert_eq!(world.bed.lane_alerts(&held.lane).await, ["deliveries_held"]);
    world.mailbox.clear_faults();
    let ledger = &world.bed.ledger;
    let count = ledger
        .send_lane_again(&Reach::Everything, &held.lane, Which::Held, "the test", ledger.now())
        .await;
    assert_eq!(count.unwrap(), Some(1));
    world.bed.until_told("spam", "mail", &["registered done"]).await;
    assert_eq!(world.bed.lane_alerts(&held.lane).await, [""; 0]);
}
