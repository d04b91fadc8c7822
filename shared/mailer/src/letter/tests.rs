use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff\nnot a picture\r";
/// Looks like text, and must come through with its bare line feeds.
const PDF: &[u8] = b"%PDF-1.7\nnot a document\n.\n%%EOF\n";

pub(crate) fn letter() -> Letter {
    Letter {
        from: Address::parse("Крамниця «Квіти» <shop@example.com>").unwrap(),
        reply_to: Some(Address::parse("help@example.com").unwrap()),
        to: Address::parse("Олена <olena.k@example.org>").unwrap(),
        subject: "Чек № 12 на 250,00 ₴ — дякуємо за покупку в крамниці квітів на Хрещатику".to_owned(),
        text: "Дякуємо!\n.\nРазом: 250,00 ₴\n".to_owned(),
        html: "<p>Дякуємо! <img src=\"cid:qr@receipt\"></p>".to_owned(),
        inline: vec![Inline {
            cid: "qr@receipt".to_owned(),
            mime: "image/png".to_owned(),
            bytes: PNG.to_vec(),
        }],
        attachments: vec![Attachment {
            name: "Чек 12.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            bytes: PDF.to_vec(),
        }],
        message_id: "<sale.0190c5c2@kasyr.example.com>".to_owned(),
        date_ms: 1_795_000_000_000,
        language: "uk".to_owned(),
    }
}

fn shape(message: &mail_parser::Message<'_>) -> Vec<String> {
    message
        .parts
        .iter()
        .map(|part| {
            let kind = part.content_type().unwrap();
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap())
        })
        .collect()
}

#[test]
fn a_letter_is_read_back_as_it_was_written() {
    let bytes = bytes(&letter()).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();

    assert_eq!(message.subject(), Some(letter().subject.as_str()));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Крамниця «Квіти»"));
    assert_eq!(from.address(), Some("shop@example.com"));
    let to = message.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (Some("Олена"), Some("olena.k@example.org")));
    let reply_to = message.reply_to().unwrap().first().unwrap();
    assert_eq!(reply_to.address(), Some("help@example.com"));
    assert_eq!(message.message_id(), Some("sale.0190c5c2@kasyr.example.com"));
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-18T11:06:40Z");
    assert_eq!(message.header_raw("Content-Language").unwrap().trim(), "uk");
    assert_eq!(message.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
    assert_eq!(message.header_raw("MIME-Version").unwrap().trim(), "1.0");

    assert_eq!(
        shape(&message),
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "application/pdf",
        ]
    );
    assert_eq!(message.body_text(0).unwrap(), "Дякуємо!\r\n.\r\nРазом: 250,00 ₴\r\n");
    assert_eq!(message.body_html(0).unwrap(), letter().html);

    let picture = &message.parts[5];
    assert_eq!(picture.content_id(), Some("qr@receipt"));
    assert!(picture.content_disposition().unwrap().is_inline());
}

#[test]
fn no_text_breaks_out_of_its_part() {
    let mut sly = letter();
    let written = String::from_utf8(bytes(&sly).unwrap()).unwrap();
    let boundaries: Vec<&str> = written
        .split("boundary=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(boundaries.len(), 3);
    let forged: String = boundaries
        .iter()
        .map(|boundary| format!("--{boundary}\r\nContent-Type: text/plain\r\n\r\nforged\r\n--{boundary}--\r\n"))
        .collect();
    sly.text = format!("a\r\n{forged}b");
    sly.html = format!("a\r\n{forged}b");
    sly.inline[0].bytes = forged.clone().into_bytes();
    sly.attachments[0].bytes = forged.clone().into_bytes();
    let written = bytes(&sly).unwrap();
    let message = MessageParser::default().parse(&written).unwrap();
    assert_eq!(shape(&message).len(), 7);
    assert_eq!(message.body_text(0).unwrap(), sly.text);
    assert_eq!(message.body_html(0).unwrap(), sly.html);
    assert_eq!(message.parts[5].contents(), forged.as_bytes());
    assert_eq!(message.parts[6].contents(), forged.as_bytes());
}

#[test]
fn nothing_can_slip_in_a_header() {
    let control = LetterError::ControlCharacter;
    type Spoil = fn(&mut Letter);
    let cases: [(&str, Spoil, LetterError); 15] = [
        (
            "subject",
            |l| l.subject = "a\r\nBcc: b@example.com".into(),
            control("subject"),
        ),
        ("subject", |l| l.subject = "a\nb".into(), control("subject")),
        ("subject", |l| l.subject = "a\u{0}".into(), control("subject")),
        (
            "name",
            |l| l.attachments[0].name = "a\r\nX: b".into(),
            control("file name"),
        ),
        (
            "mime",
            |l| l.attachments[0].mime = "a/b\r\nX: b".into(),
            control("media type"),
        ),
        (
            "mime",
            |l| l.inline[0].mime = "image/png\nX: b".into(),
            control("media type"),
        ),
        ("mime", |l| l.inline[0].mime = "picture".into(), LetterError::Mime),
        (
            "mime",
            |l| l.inline[0].mime = "Multipart/mixed; boundary=x".into(),
            LetterError::Mime,
        ),
        ("cid", |l| l.inline[0].cid = "a>\r\nX: b".into(), LetterError::Cid),
        ("cid", |l| l.inline[0].cid = String::new(), LetterError::Cid),
        ("id", |l| l.message_id = "<a@b>\r\nX: c".into(), LetterError::MessageId),
        ("id", |l| l.message_id = "a@b".into(), LetterError::MessageId),
        ("id", |l| l.message_id = "<a b@c>".into(), LetterError::MessageId),
        ("language", |l| l.language = "uk\r\nX: b".into(), LetterError::Language),
        ("language", |l| l.language = String::new(), LetterError::Language),
    ];
    for (what, spoil, error) in cases {
        let mut spoiled = letter();
        spoil(&mut spoiled);
        assert_eq!(bytes(&spoiled), Err(error), "{what}");
    }
}

#[test]
fn a_date_that_no_header_can_hold_is_refused() {
    for (date_ms, good) in [
        (0, true),
        (253_402_300_799_999, true),
        (253_402_300_800_000, false),
        (-1, false),
        (i64::MAX, false),
    ] {
        let dated = Letter { date_ms, ..letter() };
        let expected = if good { None } else { Some(LetterError::Date) };
        assert_eq!(bytes(&dated).err(), expected, "{date_ms}");
    }
}
