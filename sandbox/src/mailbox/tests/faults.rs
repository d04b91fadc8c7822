//! Every fault as its client meets it.

use super::*;

#[tokio::test]
async fn a_step_can_be_refused_and_the_next_time_goes_well() {
    for (step, code, heard) in [
        (Step::Mail, 451, 451),
        (Step::Rcpt, 450, 450),
        (Step::Rcpt, 550, 550),
        (Step::Data, 451, 451),
        (Step::Message, 552, 552),
        (Step::Message, 554, 554),
    ] {
        let bed = Bed::new().await;
        let mut client = bed.faulty(FaultKind::answer(step, code)).await;
        assert_eq!(client.send(&["a@b.example"], "one").await, heard, "{step:?} {code}");
        assert!(bed.mailbox.messages().is_empty(), "{step:?} {code}");
        assert!(bed.mailbox.faults().is_empty(), "{step:?} {code}");
        client.code("RSET").await;
        assert_eq!(client.send(&["a@b.example"], "one").await, 250, "{step:?} {code}");
    }
}

#[tokio::test]
async fn a_refused_greeting_closes_the_connection() {
    let bed = Bed::new().await;
    let text = Some("4.7.0 Too many connections".to_owned());
    let refusal = FaultKind::Answer {
        step: Step::Greeting,
        code: 421,
        text,
    };
    bed.mailbox.inject(Fault::once(refusal));
    let mut client = Client::connect(bed.address).await;
    let expected = vec!["4.7.0 Too many connections".to_owned()];
    assert_eq!(client.reply().await, (421, expected));
    assert!(client.has_ended().await);
    bed.client().await;
}

#[tokio::test]
async fn a_lasting_refusal_of_some_recipients_leaves_the_others_alone() {
    let bed = Bed::new().await;
    let refusal = Fault::lasting(FaultKind::answer(Step::Rcpt, 550));
    bed.mailbox.inject(refusal.only("*@gone.example"));
    let full = Fault::lasting(FaultKind::answer(Step::Message, 552));
    bed.mailbox.inject(full.only("full@*"));
    for _ in 0..2 {
        let mut client = bed.client().await;
        assert_eq!(client.send(&["a@gone.example"], "one").await, 550);
        client.code("RSET").await;
        assert_eq!(client.send(&["Full@b.example"], "two").await, 552);
        assert_eq!(client.send(&["a@b.example"], "three").await, 250);
    }
    let kept = bed.mailbox.messages();
    assert!(kept.iter().all(|message| message.to == ["a@b.example"]), "{kept:?}");
    bed.mailbox.clear_faults();
    assert_eq!(bed.client().await.send(&["a@gone.example"], "one").await, 250);
}

#[tokio::test]
async fn a_dropped_connection_says_nothing_and_keeps_what_it_should() {
    for (kind, kept) in [
        (FaultKind::Drop { step: Step::Mail }, 0),
        (FaultKind::Drop { step: Step::Data }, 0),
        (FaultKind::Drop { step: Step::Message }, 0),
        (FaultKind::KeepThenDrop, 1),
    ] {
        let bed = Bed::new().await;
        let mut client = bed.faulty(kind.clone()).await;
        assert_eq!(client.send(&["a@b.example"], "one").await, 0, "{kind:?}");
        assert_eq!(bed.mailbox.messages().len(), kept, "{kind:?}");
        assert!(bed.mailbox.messages().iter().all(|message| !message.answered));
        assert_eq!(bed.client().await.send(&["a@b.example"], "one").await, 250);
        assert_eq!(bed.mailbox.messages().len(), kept + 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_message_can_be_refused_though_it_was_kept() {
    let bed = Bed::new().await;
    let mut client = bed.faulty(FaultKind::KeepThenAnswer { code: 451 }).await;
    assert_eq!(client.send(&["a@b.example"], "one").await, 451);
    assert_eq!(bed.mailbox.messages().len(), 1);
}

#[tokio::test]
async fn silence_lasts_until_the_client_leaves() {
    for (kind, kept) in [
        (FaultKind::Silent { step: Step::Message }, 0),
        (FaultKind::KeepThenSilent, 1),
    ] {
        let bed = Bed::new().await;
        let mut client = bed.faulty(kind).await;
        let sent = tokio::time::timeout(Duration::from_millis(200), client.send(&["a@b.example"], "one")).await;
        assert!(sent.is_err(), "{sent:?}");
        assert_eq!(bed.mailbox.messages().len(), kept);
        assert!(bed.mailbox.dialogues()[0].open);
        drop(client);
        let closed = async {
            while bed.mailbox.dialogues()[0].open {
                tokio::task::yield_now().await;
            }
        };
        soon(closed).await;
    }
}

#[tokio::test]
async fn slowness_holds_every_answer_back_or_those_of_a_step() {
    let bed = Bed::new().await;
    let by = Duration::from_millis(40);
    bed.mailbox.inject(Fault::lasting(FaultKind::Slow { step: None, by }));
    let begun = tokio::time::Instant::now();
    let mut client = bed.client().await;
    assert!(begun.elapsed() >= 2 * by, "{:?}", begun.elapsed());
    bed.mailbox.clear_faults();
    bed.mailbox.inject(Fault::once(FaultKind::Slow {
        step: Some(Step::Message),
        by,
    }));
    bed.mailbox.inject(Fault::once(FaultKind::answer(Step::Message, 451)));
    let begun = tokio::time::Instant::now();
    assert_eq!(
        client.send(&["a@b.example"], "one").await,
        451,
        "slowness goes with another fault"
    );
    assert!(begun.elapsed() >= by, "{:?}", begun.elapsed());
    assert!(bed.mailbox.faults().is_empty());
}

#[tokio::test]
async fn chance_loses_some_answers_and_no_message() {
    let bed = Bed::new().await;
    bed.mailbox.set_chaos(Some(Chaos {
        seed: 3,
        rates: vec![Rate {
            kind: FaultKind::KeepThenDrop,
            per_mille: 500,
        }],
    }));
    let mut lost = 0;
    for _ in 0..20 {
        lost += usize::from(bed.client().await.send(&["a@b.example"], "one").await == 0);
    }
    let kept = bed.mailbox.messages();
    assert_eq!(kept.len(), 20);
    assert_eq!(kept.iter().filter(|message| !message.answered).count(), lost);
    assert!((1..20).contains(&lost), "{lost}");
    bed.mailbox.set_chaos(None);
    assert_eq!(bed.client().await.send(&["a@b.example"], "one").await, 250);
}
