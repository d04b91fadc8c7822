//! Time in Kyiv: how the provider writes it, and when a register's day ends. Pure.

use std::time::Duration;

use domain::time::UnixMillis;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// At this age a shift is closed whatever the settings say: it leaves half an hour before the promised
/// 23 h 30 min, and an hour before the law.
pub(crate) const CLOSE_AT_AGE: Duration = Duration::from_secs(23 * 3600);

/// Kyiv time with its offset, as the provider writes times.
pub(crate) fn write(time: UnixMillis) -> String {
    zoned(time).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A date and a time as Fondy writes them (`fondy.md` §3).
pub(crate) fn fondy(time: UnixMillis) -> String {
    zoned(time).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

/// A day in Kyiv: its name and its two midnights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `2026-11-21`.
    pub name: String,
    /// Its midnight.
    pub from: UnixMillis,
    /// The next one.
    pub to: UnixMillis,
}

/// So many days before the one of this moment.
pub fn day_before(now: UnixMillis, back: u32) -> Option<Day> {
    day(zoned(now).date().checked_sub(i64::from(back).days()).ok()?)
}

/// The day of this name, such as `2026-11-21`.
pub fn day_named(name: &str) -> Option<Day> {
    day(name.trim().parse().ok()?)
}

fn day(date: Date) -> Option<Day> {
    let midnight = |date: Date| Some(UnixMillis(date.to_zoned(zone()).ok()?.timestamp().as_millisecond()));
    Some(Day {
        name: date.to_string(),
        from: midnight(date)?,
        to: midnight(date.tomorrow().ok()?)?,
    })
}

/// A date and time for people.
pub(crate) fn for_people(time: UnixMillis) -> String {
    zoned(time).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The same as a date and a time.
pub(crate) fn local(time: UnixMillis) -> DateTime {
    zoned(time).datetime()
}

/// The day of a time, `YYYY-MM-DD`, and when it ends.
pub(crate) fn day_and_end(time: UnixMillis) -> (String, UnixMillis) {
    let date = zoned(time).date();
    let next = date.checked_add(1.day()).and_then(|next| next.to_zoned(zone()));
    // Days at the end of time do not come.
    let end = next.map_or(UnixMillis(i64::MAX), |next| {
        UnixMillis(next.timestamp().as_millisecond())
    });
    (date.strftime("%Y-%m-%d").to_string(), end)
}

/// Reads a time with an offset, or a Kyiv time without one.
pub(crate) fn read(text: &str) -> Option<UnixMillis> {
    let text = text.trim();
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(UnixMillis(stamp.as_millisecond()));
    }
    let local: DateTime = text.parse().ok()?;
    let zoned = local.to_zoned(zone()).ok()?;
    Some(UnixMillis(zoned.timestamp().as_millisecond()))
}

/// Reads a Kyiv time as people write it: `21.11.2026 10:15:41`, with or without seconds.
pub(crate) fn read_dotted(text: &str) -> Option<UnixMillis> {
    let text = text.trim();
    let local = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"]
        .iter()
        .find_map(|form| DateTime::strptime(form, text).ok())?;
    let zoned = local.to_zoned(zone()).ok()?;
    Some(UnixMillis(zoned.timestamp().as_millisecond()))
}

/// When a shift opened at `opened` is closed: at the first `close_at` (`HH:MM` in Kyiv) after it, and at
/// [`CLOSE_AT_AGE`] at the latest. On the night when the clock goes forward a time that does not exist
/// is taken an hour later; when it goes back, the first of the two.
pub(crate) fn close_due(opened: UnixMillis, close_at: Option<&str>) -> UnixMillis {
    let latest = opened.plus(CLOSE_AT_AGE);
    let wanted = close_at
        .and_then(|text| Time::strptime("%H:%M", text).ok())
        .and_then(|time| next(opened, time));
    wanted.map_or(latest, |wanted| wanted.min(latest))
}

fn next(after: UnixMillis, time: Time) -> Option<UnixMillis> {
    let day = zoned(after).date();
    [day, day.checked_add(1.day()).ok()?]
        .into_iter()
        .filter_map(|day| day.to_datetime(time).to_zoned(zone()).ok())
        .map(|zoned| UnixMillis(zoned.timestamp().as_millisecond()))
        .find(|at| *at > after)
}

fn zoned(time: UnixMillis) -> Zoned {
    Timestamp::from_millisecond(time.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Kyiv").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixMillis {
        read(text).unwrap()
    }

    #[test]
    fn a_day_is_kyivs_and_may_have_23_or_25_hours() {
        for (time, date, end) in [
            ("2026-11-24T00:00:00+02:00", "2026-11-24", "2026-11-25T00:00:00+02:00"),
            (
                "2026-11-24T23:59:59.999+02:00",
                "2026-11-24",
                "2026-11-25T00:00:00+02:00",
            ),
            ("2026-11-24T22:00:00Z", "2026-11-25", "2026-11-26T00:00:00+02:00"),
            ("2026-03-29T12:00:00+03:00", "2026-03-29", "2026-03-30T00:00:00+03:00"),
            ("2026-10-25T12:00:00+02:00", "2026-10-25", "2026-10-26T00:00:00+02:00"),
        ] {
            assert_eq!(day_and_end(at(time)), (date.to_owned(), at(end)), "{time}");
        }
    }

    #[test]
    fn a_day_closes_at_its_hour_and_never_after_23_hours() {
        let table = [
            // An ordinary day, winter time.
            ("2026-03-05T09:00:00+02:00", Some("23:30"), "2026-03-05T23:30:00+02:00"),
            // Opened after the hour: tomorrow's hour comes too late.
            ("2026-03-05T23:31:00+02:00", Some("23:30"), "2026-03-06T22:31:00+02:00"),
            // Opened at the very hour.
            ("2026-03-05T23:30:00+02:00", Some("23:30"), "2026-03-06T22:30:00+02:00"),
            // Past midnight.
            ("2026-03-05T09:00:00+02:00", Some("02:00"), "2026-03-06T02:00:00+02:00"),
            // No hour set.
            ("2026-03-05T09:00:00+02:00", None, "2026-03-06T08:00:00+02:00"),
            // The night of 29 March 2026 has no 03:30: an hour later.
            ("2026-03-28T20:00:00+02:00", Some("03:30"), "2026-03-29T04:30:00+03:00"),
            // Its day is an hour shorter by the clock, not by the law.
            ("2026-03-28T23:31:00+02:00", Some("23:30"), "2026-03-29T23:30:00+03:00"),
            // The night of 25 October 2026 has 03:30 twice: the first.
            ("2026-10-24T20:00:00+03:00", Some("03:30"), "2026-10-25T03:30:00+03:00"),
            // 24 h and a half by that night's clock.
            ("2026-10-24T23:31:00+03:00", Some("23:30"), "2026-10-25T21:31:00+02:00"),
        ];
        for (opened, close_at, due) in table {
            assert_eq!(
                close_due(at(opened), close_at),
                at(due),
                "opened {opened}, close at {close_at:?}"
            );
        }
    }

    #[test]
    fn a_day_goes_from_midnight_to_midnight_also_when_clocks_change() {
        let day = day_before(at("2026-03-30T04:30:00+03:00"), 1).unwrap();
        assert_eq!(day.name, "2026-03-29");
        assert_eq!((day.to.0 - day.from.0) / 3_600_000, 23);
        assert_eq!(fondy(day.from), "29.03.2026 00:00:00");
    }

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        let expected = at("2026-03-05T11:22:33+02:00");
        for text in [
            "2026-03-05T11:22:33.1234567+02:00",
            "2026-03-05T11:22:33",
            "2026-03-05T09:22:33Z",
        ] {
            assert_eq!(read(text).map(|time| time.0 / 1000), Some(expected.0 / 1000), "{text}");
        }
        assert_eq!(read_dotted("05.03.2026 11:22:33"), Some(expected));
        assert_eq!(
            read_dotted(" 05.03.2026 11:22 ").map(write),
            Some("2026-03-05T11:22:00+02:00".to_owned())
        );
        assert_eq!((read("soon"), read_dotted("2026-03-05")), (None, None));
        assert_eq!(write(expected), "2026-03-05T11:22:33+02:00");
    }
}
