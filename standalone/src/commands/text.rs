//! How things are written for people.

use domain::time::UnixMillis;
use ledger::views::DocumentView;

/// Kopecks as hryvnias.
pub(super) fn hryvnias(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// A moment, in Kyiv.
pub(super) fn moment(time: UnixMillis) -> String {
    let stamp = jiff::Timestamp::from_millisecond(time.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::get("Europe/Kyiv").unwrap_or(jiff::tz::TimeZone::UTC);
    stamp.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A document in one line.
pub(super) fn document_line(document: &DocumentView) -> String {
    let number = document.fiscal_number.as_deref().unwrap_or("—");
    let mut line = format!(
        "{}  {:<7} {:>12}  {:<10} {:<14} {}",
        document.id,
        document.kind,
        hryvnias(document.amount),
        document.state,
        number,
        document.order,
    );
    if let Some((reason, text)) = &document.hold {
        line.push_str(&format!(
            "\n    on hold ({reason}): {text}\n    next step: {}",
            next_step(reason)
        ));
    }
    line
}

/// What to do about a hold.
pub(super) fn next_step(reason: &str) -> &'static str {
    domain::hold::HoldReason::parse(reason).map_or("look at its attempts", domain::hold::HoldReason::next_step)
}
