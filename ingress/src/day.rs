//! Days in Kyiv, as people write them.

use domain::time::UnixMillis;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Kyiv's time. The table of zones is built in; without it there would be UTC, not a guess.
pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Europe/Kyiv").unwrap_or(TimeZone::UTC)
}

/// Midnight of a day such as `2025-03-05`, or of so many days later; `None` for anything else.
pub(crate) fn midnight(text: &str, later: i64) -> Option<UnixMillis> {
    let date: Date = text.trim().parse().ok()?;
    let date = date.checked_add(Span::new().try_days(later).ok()?).ok()?;
    let at = date.to_zoned(zone()).ok()?.timestamp();
    Some(UnixMillis(at.as_millisecond()))
}

/// A minute as a browser's field has it: `2025-03-05T16:03`.
pub(crate) fn minute(text: &str) -> Option<UnixMillis> {
    let at: DateTime = text.trim().parse().ok()?;
    let at = at.to_zoned(zone()).ok()?.timestamp();
    Some(UnixMillis(at.as_millisecond()))
}

/// Midnight to midnight around a moment; the day of a change of clocks has 23 or 25 hours.
pub(crate) fn around(now: UnixMillis) -> (UnixMillis, UnixMillis) {
    let whole = || -> Result<_, jiff::Error> {
        let start = Timestamp::from_millisecond(now.0)?.to_zoned(zone()).start_of_day()?;
        let end = start.tomorrow()?;
        Ok((start.timestamp().as_millisecond(), end.timestamp().as_millisecond()))
    };
    let (start, end) = whole().unwrap_or((now.0, now.0));
    (UnixMillis(start), UnixMillis(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_hours_also_when_clocks_change() {
        let hours = |at: &str| {
            let at: Timestamp = at.parse().unwrap();
            let (start, end) = around(UnixMillis(at.as_millisecond()));
            (end.0 - start.0) / 3_600_000
        };
        assert_eq!(hours("2026-11-21T23:30:00Z"), 24);
        assert_eq!(hours("2026-03-29T12:00:00Z"), 23);
        assert_eq!(hours("2026-10-25T12:00:00Z"), 25);
    }

    #[test]
    fn minutes_are_kyiv_s_and_what_is_none_is_nothing() {
        let at = minute("2025-03-05T16:03").unwrap();
        assert_eq!(
            Timestamp::from_millisecond(at.0).unwrap().to_string(),
            "2025-03-05T14:03:00Z"
        );
        for bad in ["", "16:03", "2025-13-05T16:03", "yesterday"] {
            assert_eq!(minute(bad), None, "{bad}");
        }
    }

    #[test]
    fn midnight_is_kyiv_s() {
        let at = midnight("2025-03-05", 0).unwrap();
        assert_eq!(
            Timestamp::from_millisecond(at.0).unwrap().to_string(),
            "2025-03-04T22:00:00Z"
        );
        assert_eq!(midnight("2025-03-05", 1).unwrap().0 - at.0, 24 * 3_600_000);
        assert!(midnight("yesterday", 0).is_none() && midnight("9999-12-31", 1).is_none());
    }
}
