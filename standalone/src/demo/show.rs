//! What the demo prints, for somebody who has never seen a cash register's API.
#![expect(clippy::print_stdout, reason = "this is what a person sees of the demo")]

use std::io::IsTerminal as _;
use std::time::Duration;

use ledger::shifts::Shift;
use sandbox::mailbox::{Decoded, Message};
use sandbox::shop::Received;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::counter::Counter;
use super::story::Scene;
use super::verdict::Verdict;
use super::world::{API_KEY, World};

pub(super) fn opening(world: &World) {
    println!("Kasyr demo: payments become fiscal receipts.");
    println!();
    println!("Everything runs on this machine only: a play payment system (Fondy), a play cash register");
    for counter in &world.counters {
        println!("{} at a play {},", counter.number, counter.provider.name());
    }
    println!(
        "and the real Kasyr between them, listening on http://{} with its",
        world.ingress
    );
    println!("ledger in a temporary SQLite file.");
}

pub(super) fn counter(counter: &Counter) {
    println!();
    println!("══ {} ══", counter.provider.name());
}

pub(super) fn closed(shift: &Shift) {
    let sums = shift.totals.clone().unwrap_or_default();
    println!(
        "  ✔ closed; the Z-report says {} sold and {} returned, as our documents do",
        sums.sales.sum, sums.returns.sum
    );
}

pub(super) fn scene(text: &str) {
    println!();
    println!("▸ {text}");
}

pub(super) fn document(scene: &Scene) {
    let document = &scene.document;
    println!(
        "  ✔ {} of {}: fiscal number {}, local number {}, {}, after {} ms",
        kind(&document.kind),
        hryvnias(document.amount),
        document.fiscal_number.as_deref().unwrap_or("—"),
        document
            .local_number
            .map_or_else(|| "—".to_owned(), |number| number.to_string()),
        document.presence.as_deref().unwrap_or("—"),
        scene.took.as_millis(),
    );
    if let Some(url) = &document.url {
        println!("    {url}");
        qr(url);
    }
}

/// Who heard of a receipt.
pub(super) fn delivered(mail: &[Message], told: &[Received], number: &str) {
    let about_it = |decoded: &Decoded| decoded.text.as_deref().is_some_and(|text| text.contains(number));
    let mail = mail.iter().filter_map(Message::decoded).find(about_it);
    if let Some(subject) = mail.and_then(|decoded| decoded.subject) {
        println!("  ✉ the buyer has a mail: “{subject}”, with a link, a QR code and a PDF");
    }
    let about = |request: &&Received| String::from_utf8_lossy(&request.body).contains(number);
    if let Some(request) = told.iter().find(about) {
        let id = request.header("webhook-id").unwrap_or_default();
        println!("  ⇄ the shop was told by a signed webhook, message {id}");
    }
}

/// The receipt's link as a QR code, two modules to a character. On a terminal the colours are set, so
/// that it is dark on light whatever the terminal's own are.
fn qr(url: &str) {
    let Ok(code) = QrCode::new(url.as_bytes()) else {
        return;
    };
    let picture = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let (begin, end) = if std::io::stdout().is_terminal() {
        ("\x1b[97;40m", "\x1b[0m")
    } else {
        ("", "")
    };
    for line in picture.lines() {
        println!("    {begin}{line}{end}");
    }
}

pub(super) fn summary(counter: &Counter, scenes: &[Scene], verdict: &Verdict, took: Duration) {
    println!();
    println!(
        "  {:<8} {:>8}  {:<18} {:>10}  what it shows",
        "document", "amount", "fiscal number", "local"
    );
    for scene in scenes {
        let document = &scene.document;
        println!(
            "  {:<8} {:>8}  {:<18} {:>10}  {}",
            document.kind,
            hryvnias(document.amount),
            document.fiscal_number.as_deref().unwrap_or("—"),
            document.local_number.unwrap_or_default(),
            scene.title,
        );
    }
    println!();
    if verdict.agrees() {
        println!(
            "{}'s own tape has exactly these {} receipts, none doubled and none missing ({:.1} s).",
            counter.provider.name(),
            verdict.receipts,
            took.as_secs_f32()
        );
    } else {
        println!("{}'s own tape does not agree:", counter.provider.name());
        for problem in &verdict.problems {
            println!("  ✘ {problem}");
        }
    }
}

pub(super) fn playground(world: &World) {
    println!();
    println!("The little world stays up until you press Ctrl-C.");
    if let Some(welcome) = &world.welcome {
        println!("Look at it in a browser: open this one-time link and choose a password:");
        println!("  {welcome}");
    }
    println!("The buyers' mail is at http://{}/", world.mailbox_page);
    println!("Or try, in another terminal:");
    println!("  # make an order at the play Fondy and pay it");
    for counter in &world.counters {
        let id = format!("mine-{}", counter.number);
        println!(
            "  curl -s http://{}/orders -d '{{\"order_id\":\"{id}\",\"merchant_id\":{},\"amount\":9900,\"order_desc\":\"Тест\",\"callback_url\":\"{}\"}}'",
            world.fondy_control,
            counter.gateway,
            world.callback_url(counter)
        );
        println!(
            "  curl -s -X POST http://{}/orders/{}/{id}/pay",
            world.fondy_control, counter.gateway
        );
        println!(
            "  # see what Kasyr made of it, and what {} has",
            counter.provider.name()
        );
        println!(
            "  curl -s -H 'Authorization: Bearer {API_KEY}' http://{}/v1/orders/{id}",
            world.ingress
        );
        println!("  curl -s 'http://{}/documents'", counter.control);
    }
}

fn kind(word: &str) -> &'static str {
    match word {
        "sale" => "sale receipt",
        "storno" => "storno (the sale is cancelled)",
        "return" => "return receipt",
        _ => "document",
    }
}

fn hryvnias(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
