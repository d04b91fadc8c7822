//! Lines and texts, bytes in and bytes out.

use tokio::io::{AsyncWriteExt as _, duplex};

use super::text::{self, Flaw};
use super::*;

async fn lines(bytes: &[u8]) -> Vec<Line> {
    let (mut client, server) = duplex(1024 * 1024);
    client.write_all(bytes).await.unwrap();
    drop(client);
    let mut wire = Wire::new(server);
    let mut lines = Vec::new();
    loop {
        match wire.line().await.unwrap() {
            Line::End => return lines,
            line => lines.push(line),
        }
    }
}

#[tokio::test]
async fn lines_end_with_both_characters_and_have_a_limit() {
    let long = vec![b'x'; 40_000];
    let bytes = [b"NOOP\r\nbare\n", long.as_slice(), b"\r\na\rb\r\n\xff\r\nQUIT\r\nhalf"].concat();
    let heard = lines(&bytes).await;
    let [first, bare, long, lonely, binary, last] = heard.as_slice() else {
        panic!("{heard:?}");
    };
    let text = |text: &str| Line::Text(text.to_owned());
    assert_eq!((first, last), (&text("NOOP"), &text("QUIT")));
    for wrong in [bare, long, lonely, binary] {
        assert!(matches!(wrong, Line::Wrong(reply) if reply.code == 500), "{wrong:?}");
    }
}

async fn read(bytes: &[u8], limit: usize) -> Option<Text> {
    let mut reader: &[u8] = bytes;
    text::read(&mut reader, limit).await.unwrap()
}

#[tokio::test]
async fn doubled_dots_are_undone_and_the_single_one_ends() {
    for (sent, kept) in [
        (".\r\n", ""),
        ("a\r\n.\r\n", "a\r\n"),
        ("..\r\n..b\r\n.\r\n", ".\r\n.b\r\n"),
        ("a.\r\n...\r\n\r\n.\r\n", "a.\r\n..\r\n\r\n"),
        (".a\r\n.\r\nQUIT\r\n", "a\r\n"),
    ] {
        let text = read(sent.as_bytes(), 1000).await.unwrap();
        assert_eq!((text.raw.as_slice(), text.flaw), (kept.as_bytes(), None), "{sent:?}");
    }
}

#[tokio::test]
async fn a_text_that_breaks_off_is_none() {
    for sent in ["", "a\r\n", "a\r\n.", "a\r\n.\r", "a\n.\n", "\n.\r\n"] {
        assert_eq!(read(sent.as_bytes(), 1000).await, None, "{sent:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_text_is_told_after_its_end() {
    let line = |length: usize| format!("{}\r\n.\r\n", "x".repeat(length));
    for (sent, flaw) in [
        ("a\nb\r\n.\r\n".to_owned(), Some(Flaw::BareLineEnd)),
        ("a\rb\r\n.\r\n".to_owned(), Some(Flaw::BareLineEnd)),
        ("a\r\r\n.\r\n".to_owned(), Some(Flaw::BareLineEnd)),
        (line(998), None),
        (line(999), Some(Flaw::LongLine)),
        // The end of the line falls between two reads.
        (line(16 * 1024 - 1), Some(Flaw::LongLine)),
        (line(40_000), Some(Flaw::LongLine)),
        (line(60_000), Some(Flaw::TooLarge)),
    ] {
        let text = read(sent.as_bytes(), 50_000).await.unwrap();
        assert_eq!(text.flaw, flaw, "{} octets", sent.len());
    }
    assert_eq!(read(b"12345\r\n.\r\n", 7).await.unwrap().raw, b"12345\r\n");
    let large = read(b"123456\r\n.\r\n", 7).await.unwrap();
    assert_eq!((large.raw.len(), large.flaw), (0, Some(Flaw::TooLarge)));
}
