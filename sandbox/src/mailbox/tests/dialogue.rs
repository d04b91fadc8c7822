//! Commands in order and out of it (RFC 5321).

use super::*;

#[tokio::test]
async fn a_message_is_kept_as_it_was_sent() {
    let bed = Bed::new().await;
    let mut client = bed.client().await;
    assert_eq!(client.send(&["a@b.example", "c@d.example"], "one").await, 250);
    assert_eq!(client.code("MAIL FROM:<>").await, 250);
    assert_eq!(client.code("RCPT TO:<a@b.example>").await, 250);
    assert_eq!(client.code("DATA").await, 354);
    assert_eq!(client.code("two\r\n.").await, 250);
    assert_eq!(client.code("QUIT").await, 221);
    assert!(client.has_ended().await);
    let messages = bed.mailbox.messages();
    let [one, two] = messages.as_slice() else {
        panic!("{messages:?}");
    };
    assert_eq!((one.id, two.id), (1, 2));
    assert_eq!((one.from.as_str(), two.from.as_str()), ("shop@flowers.example", ""));
    assert_eq!(one.to, ["a@b.example", "c@d.example"]);
    assert_eq!(one.raw.as_ref(), b"Subject: one\r\n\r\n.text\r\n");
    assert_eq!((one.connection, two.connection, bed.mailbox.connections()), (1, 1, 1));
    assert!(one.answered && !one.tls && one.user.is_none());
    assert_eq!(bed.mailbox.messages_to("C@D.example").len(), 1);
    let read = soon(bed.mailbox.wait_for(2)).await;
    assert_eq!(read.len(), 2);
    bed.mailbox.clear();
    assert!(bed.mailbox.messages().is_empty());
}

#[tokio::test]
async fn what_it_can_do_is_announced() {
    let bed = Bed::with(Config {
        size_limit: 1234,
        ..Config::default()
    })
    .await;
    let mut client = Client::connect(bed.address).await;
    let (code, greeting) = client.reply().await;
    assert_eq!((code, greeting[0].starts_with("mailbox.example ESMTP")), (220, true));
    let (code, can) = client.say("EHLO shop.example").await;
    assert_eq!(code, 250);
    let expected = ["PIPELINING", "SIZE 1234", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
    assert_eq!(can[1..], expected);
    assert_eq!(client.say("HELO shop.example").await.1.len(), 1);
}

#[tokio::test]
async fn commands_may_come_all_at_once() {
    let bed = Bed::new().await;
    let mut client = bed.client().await;
    let all = "MAIL FROM:<a@b.example>\r\nRCPT TO:<bad>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n";
    client.write(all).await;
    for expected in [250, 501, 250, 354] {
        assert_eq!(client.reply().await.0, expected);
    }
    client.write("text\r\n.\r\nNOOP\r\nQUIT\r\n").await;
    for expected in [250, 250, 221] {
        assert_eq!(client.reply().await.0, expected);
    }
    assert_eq!(bed.mailbox.messages()[0].to, ["c@d.example"]);
}

#[tokio::test]
async fn steps_out_of_order_are_refused() {
    let bed = Bed::new().await;
    let mut client = Client::connect(bed.address).await;
    client.reply().await;
    for (line, code) in [
        ("MAIL FROM:<a@b.example>", 503),
        ("EHLO shop.example", 250),
        ("RCPT TO:<a@b.example>", 503),
        ("DATA", 503),
        ("AUTH PLAIN AGEAYg==", 502),
        ("STARTTLS", 502),
        ("MAIL FROM:<a@b.example> SIZE=99999999999", 552),
        ("MAIL FROM:<a@b.example> SIZE=x", 501),
        ("MAIL FROM:<a@b.example> RET=FULL", 555),
        ("MAIL FROM:<покупець@b.example>", 553),
        ("MAIL FROM:<покупець@b.example> SMTPUTF8 BODY=8BITMIME", 250),
        ("MAIL FROM:<a@b.example>", 503),
        ("DATA", 554),
        ("RCPT TO:<a@b.example> NOTIFY=NEVER", 555),
        ("RCPT TO:<>", 501),
        ("RCPT TO:<пошта@b.example>", 250),
        ("RSET", 250),
        ("DATA", 503),
        ("VRFY a", 252),
        ("HELP", 500),
    ] {
        assert_eq!(client.code(line).await, code, "{line}");
    }
    assert_eq!(client.code("MAIL FROM:<a@b.example>").await, 250);
    for number in 0..100 {
        assert_eq!(client.code(&format!("RCPT TO:<{number}@b.example>")).await, 250);
    }
    assert_eq!(client.code("RCPT TO:<one-more@b.example>").await, 452);
}

#[tokio::test]
async fn a_text_that_cannot_be_taken_is_not_kept_and_the_next_one_is() {
    let bed = Bed::with(Config {
        size_limit: 5000,
        ..Config::default()
    })
    .await;
    let mut client = bed.client().await;
    let long = "x".repeat(999);
    let large = "x\r\n".repeat(2000);
    for (text, code) in [("a\nb", 550), (long.as_str(), 500), (large.as_str(), 552)] {
        assert_eq!(client.code("MAIL FROM:<a@b.example>").await, 250);
        assert_eq!(client.code("RCPT TO:<c@d.example>").await, 250);
        assert_eq!(client.code("DATA").await, 354);
        assert_eq!(client.code(&format!("{text}\r\n.")).await, code);
    }
    assert!(bed.mailbox.messages().is_empty());
    assert_eq!(client.send(&["c@d.example"], "good").await, 250);
    assert_eq!(bed.mailbox.messages().len(), 1);
}

#[tokio::test]
async fn a_client_that_says_nothing_is_told_so_and_left() {
    let bed = Bed::with(Config {
        idle: Duration::from_millis(30),
        ..Config::default()
    })
    .await;
    let mut client = Client::connect(bed.address).await;
    assert_eq!(client.reply().await.0, 220);
    assert_eq!(client.reply().await.0, 421);
    assert!(client.has_ended().await);
}

#[tokio::test]
async fn what_was_said_can_be_read_afterwards() {
    let bed = Bed::new().await;
    let mut client = bed.client().await;
    client.send(&["a@b.example"], "one").await;
    assert!(bed.mailbox.dialogues()[0].open);
    client.code("QUIT").await;
    assert!(client.has_ended().await);
    let dialogues = bed.mailbox.dialogues();
    let said: Vec<&str> = dialogues[0].lines.iter().map(String::as_str).collect();
    assert_eq!(said[0], "S: 220 mailbox.example ESMTP sandbox");
    assert_eq!(said[1], "C: EHLO shop.example");
    let ending = [
        "S: 354 End with a dot on a line",
        "C: (23 octets)",
        "S: 250 2.0.0 Kept as 1",
        "C: QUIT",
        "S: 221 2.0.0 Bye",
    ];
    assert_eq!(said[said.len() - ending.len()..], ending);
}
