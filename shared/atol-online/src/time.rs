//! Times as the wire writes them: without a zone, and meant in Moscow's.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Serialize, Serializer};

/// A moment, written `dd.mm.yyyy HH:MM:SS` in Moscow's time (UTC+3, without summer time since 2014).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoscowTime(DateTime);

const MOSCOW: Offset = jiff::tz::offset(3);
const FORMAT: &str = "%d.%m.%Y %H:%M:%S";

impl MoscowTime {
    /// From seconds since 1970 in UTC. None for a moment outside the years 1 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let time = Timestamp::from_second(seconds).ok()?;
        let time = time.to_zoned(TimeZone::fixed(MOSCOW)).datetime();
        (time.year() > 0).then_some(Self(time))
    }

    /// Seconds since 1970 in UTC.
    pub fn unix(self) -> Option<i64> {
        let zoned = self.0.to_zoned(TimeZone::fixed(MOSCOW)).ok()?;
        Some(zoned.timestamp().as_second())
    }

    /// Reads the wire's text. A receipt's own time (`receipt_datetime`) is the register's, which may stand in
    /// another zone: its text is what counts.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::strptime(FORMAT, text.trim()).ok().map(Self)
    }
}

impl fmt::Display for MoscowTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime(FORMAT))
    }
}

impl Serialize for MoscowTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A day, written `dd.mm.yyyy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaseDate(Date);

impl BaseDate {
    /// None for a day that does not exist.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day)
            .ok()
            .filter(|date| date.year() > 0)
            .map(Self)
    }
}

impl fmt::Display for BaseDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%d.%m.%Y"))
    }
}

impl Serialize for BaseDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_moscows_time_and_read_back() {
        for (seconds, text) in [
            (0, "01.01.1970 03:00:00"),
            (1_795_245_340, "21.11.2026 10:15:40"),
            (1_798_750_800, "01.01.2027 00:00:00"),
        ] {
            let time = MoscowTime::from_unix(seconds).unwrap();
            assert_eq!(time.to_string(), text);
            assert_eq!(MoscowTime::parse(text), Some(time));
            assert_eq!(time.unix(), Some(seconds));
        }
        assert_eq!(MoscowTime::from_unix(i64::MAX), None);
        assert_eq!(MoscowTime::parse("2026-11-21T10:15:40"), None);
    }

    #[test]
    fn days_are_real() {
        assert_eq!(BaseDate::new(2026, 2, 29), None);
        assert_eq!(BaseDate::new(2026, 11, 2).unwrap().to_string(), "02.11.2026");
    }
}
