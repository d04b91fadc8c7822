//! Kyiv local time, as the Ukrainian services print it.

use std::sync::LazyLock;

use jiff::{Timestamp, ToSpan as _, Zoned, civil, tz::TimeZone};

static KYIV: LazyLock<TimeZone> = LazyLock::new(|| {
    // The zone data is compiled in; should that ever change, winter time is the honest fallback.
    TimeZone::get("Europe/Kyiv")
        .or_else(|_| TimeZone::get("Europe/Kiev"))
        .unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(2)))
});

/// The instant as a Kyiv wall clock.
pub fn zoned(at: Timestamp) -> Zoned {
    at.to_zoned(KYIV.clone())
}

/// `2026-03-05T11:22:33.1234567+02:00`: seven fractional digits and the offset.
pub fn with_offset(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%dT%H:%M:%S.%7f%:z").to_string()
}

/// `2026-03-05T11:22:33.123456`: Kyiv time without an offset.
pub fn without_offset(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
}

/// `ddmmyyyy`, the date of a fiscal document's head.
pub fn day_first(at: Timestamp) -> String {
    zoned(at).strftime("%d%m%Y").to_string()
}

/// `yyyyMMdd`, the date in a receipt link.
pub fn year_first(at: Timestamp) -> String {
    zoned(at).strftime("%Y%m%d").to_string()
}

/// `hhmmss`.
pub fn time(at: Timestamp) -> String {
    zoned(at).strftime("%H%M%S").to_string()
}

/// `05.03.2026 11:22:33`, for people.
pub fn readable(at: Timestamp) -> String {
    zoned(at).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

/// Year and month of the Kyiv calendar.
pub fn month(at: Timestamp) -> (i16, i8) {
    let zoned = zoned(at);
    (zoned.year(), zoned.month())
}

/// Reads an ISO 8601 date-time with an offset, or without one as Kyiv time, or a bare date as its midnight in Kyiv.
pub fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(|day| day.at(0, 0, 0, 0)))
        .ok()?;
    local.to_zoned(KYIV.clone()).ok().map(|zoned| zoned.timestamp())
}

/// One calendar month later on the Kyiv clock; the instant itself if that cannot be represented.
pub fn month_later(at: Timestamp) -> Timestamp {
    zoned(at).checked_add(1.month()).map_or(at, |later| later.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_with_the_offset_of_the_season() {
        let cases = [
            ("2026-03-05T09:22:33.1234567Z", "2026-03-05T11:22:33.1234567+02:00"),
            ("2026-07-05T09:00:00Z", "2026-07-05T12:00:00.0000000+03:00"),
            // The spring change of 2026 is on 29 March at 03:00 Kyiv time.
            ("2026-03-29T00:59:59Z", "2026-03-29T02:59:59.0000000+02:00"),
            ("2026-03-29T01:00:00Z", "2026-03-29T04:00:00.0000000+03:00"),
        ];
        for (utc, kyiv) in cases {
            assert_eq!(with_offset(utc.parse().unwrap()), kyiv);
        }
    }

    #[test]
    fn a_time_without_an_offset_is_read_as_kyiv_time() {
        let expected: Timestamp = "2026-03-05T09:00:00Z".parse().unwrap();
        assert_eq!(parse("2026-03-05T11:00:00"), Some(expected));
        assert_eq!(parse("2026-03-05T11:00:00+02:00"), Some(expected));
        assert_eq!(
            parse("2026-03-05").map(without_offset).as_deref(),
            Some("2026-03-05T00:00:00.000000")
        );
        assert_eq!(parse("yesterday"), None);
    }
}
