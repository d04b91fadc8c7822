//! The letter's words. Order ids and sums, nobody's personal data.

use domain::money::Kopecks;
use ledger::reconcile::{DueReport, FindingView, ReportFacts, explain, next_step};
use mailer::{Address, Letter};

use crate::config::Post;

pub(super) fn write(post: &Post, report: &DueReport, facts: &ReportFacts, to: &str) -> Result<Letter, &'static str> {
    let english = facts.locale.as_deref() == Some("en");
    let to = Address::parse(to).map_err(|_| "not an address")?;
    let own = facts.from.as_deref().map(Address::parse).transpose();
    let from = own
        .map_err(|_| "the merchant's sender is no address")?
        .map_or_else(|| post.from.clone().named("Kasyr"), Ok)
        .map_err(|_| "the sender is no address")?;
    let reply_to = facts.reply_to.as_deref().map(Address::parse).transpose();
    let lines = lines(english, report, facts);
    let host = from
        .email()
        .rsplit_once('@')
        .map_or("kasyr", |(_, host)| host)
        .to_owned();
    Ok(Letter {
        message_id: format!("<report-{}-{}@{host}>", report.merchant, report.day),
        date_ms: report.made_at.0,
        from,
        reply_to: reply_to.map_err(|_| "the merchant's reply address is no address")?,
        to,
        subject: subject(english, report, facts),
        html: html(&lines),
        text: lines.join("\n"),
        inline: Vec::new(),
        attachments: Vec::new(),
        language: if english { "en" } else { "uk" }.to_owned(),
    })
}

fn subject(english: bool, report: &DueReport, facts: &ReportFacts) -> String {
    let (day, open, name) = (&report.day, facts.open, one_line(&facts.name));
    match (english, facts.open == 0 && facts.problems.is_empty()) {
        (true, true) => format!("{name}: {day}, all receipts are there"),
        (false, true) => format!("{name}: {day}, усі чеки на місці"),
        (true, false) => format!("{name}: {day}, {open} findings"),
        (false, false) => format!("{name}: {day}, розбіжностей: {open}"),
    }
}

fn lines(english: bool, report: &DueReport, facts: &ReportFacts) -> Vec<String> {
    let counts = &facts.counts;
    let say = |uk: String, en: String| if english { en } else { uk };
    let mut lines = Vec::new();
    if facts.open == 0 {
        lines.push(say(
            format!("{}: усі оплати ({}) мають свої чеки.", report.day, counts.payments),
            format!("{}: all {} payments have their receipts.", report.day, counts.payments),
        ));
    } else {
        lines.push(say(
            format!(
                "{}: оплат — {}, відкритих розбіжностей — {}.",
                report.day, counts.payments, facts.open
            ),
            format!(
                "{}: {} payments, {} open findings.",
                report.day, counts.payments, facts.open
            ),
        ));
    }
    lines.push(say(
        format!(
            "Сплачено {} ₴, за чеками продано {} ₴.",
            sum(counts.paid),
            sum(counts.sold)
        ),
        format!(
            "Paid {} UAH, sold by receipts {} UAH.",
            sum(counts.paid),
            sum(counts.sold)
        ),
    ));
    lines.push(say(
        format!(
            "Повернено {} ₴, за чеками повернення {} ₴.",
            sum(counts.refunded),
            sum(counts.returned)
        ),
        format!(
            "Given back {} UAH, by return receipts {} UAH.",
            sum(counts.refunded),
            sum(counts.returned)
        ),
    ));
    if counts.taken_in > 0 {
        lines.push(say(
            format!(
                "Kasyr сам знайшов і прийняв пропущених повідомлень: {}.",
                counts.taken_in
            ),
            format!(
                "Missed messages that Kasyr found and took in by itself: {}.",
                counts.taken_in
            ),
        ));
    }
    lines.extend(facts.problems.iter().map(|why| {
        say(
            format!("Звірка неповна: {}.", domain::ukrainian::of(why)),
            format!("The comparison is not complete: {why}."),
        )
    }));
    for finding in &facts.findings {
        lines.push(String::new());
        lines.extend(one(english, finding));
    }
    let shown = u64::try_from(facts.findings.len()).unwrap_or(u64::MAX);
    if facts.open > shown {
        let more = facts.open - shown;
        lines.push(String::new());
        lines.push(say(
            format!("І ще {more} на сторінці «Звірка»."),
            format!("And {more} more on the page Reconciliation."),
        ));
    }
    lines
}

fn one(english: bool, finding: &FindingView) -> [String; 2] {
    let (what, step) = (explain(finding), next_step(finding));
    let about = match (&finding.external, &finding.register) {
        (Some(order), _) if english => format!("Order {}", one_line(order.as_str())),
        (Some(order), _) => format!("Замовлення {}", one_line(order.as_str())),
        (None, Some(register)) if english => format!("Register {register}"),
        (None, Some(register)) => format!("Каса {register}"),
        (None, None) => finding.source.to_string(),
    };
    if english {
        [format!("{about}: {}", what.en), step.en]
    } else {
        [format!("{about}: {}", what.uk), step.uk]
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(120)
        .collect()
}

fn sum(minor: u64) -> String {
    Kopecks::from_minor(minor).unwrap_or(Kopecks::MAX).to_string()
}

fn html(lines: &[String]) -> String {
    let mut html = String::from("<div style=\"font-family:sans-serif;line-height:1.5\">");
    for paragraph in lines.split(String::is_empty) {
        let escaped: Vec<String> = paragraph.iter().map(|line| escape(line)).collect();
        html.push_str("<p>");
        html.push_str(&escaped.join("<br>"));
        html.push_str("</p>");
    }
    html.push_str("</div>");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
