use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::HeaderValue;

/// An endpoint that asks for more has lost the thread.
const MAX: u64 = 24 * 60 * 60;

/// `Retry-After` (RFC 9110 §10.2.3): seconds, or a date, which is compared with `now` (seconds since 1970). Anything
/// else is as good as nothing.
pub(super) fn read(header: Option<&HeaderValue>, now: i64) -> Option<Duration> {
    let text = header?.to_str().ok()?.trim();
    let seconds = if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // So many digits that they do not fit are many seconds.
        text.parse().unwrap_or(MAX)
    } else {
        let date = DateTimeParser::new().parse_timestamp(text).ok()?;
        u64::try_from(date.as_second().saturating_sub(now)).unwrap_or(0)
    };
    Some(Duration::from_secs(seconds.min(MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_a_day_is_the_most() {
        // 2026-11-18T11:06:40Z
        let now = 1_795_000_000;
        for (text, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 120 ", Some(120)),
            ("86401", Some(MAX)),
            ("99999999999999999999999", Some(MAX)),
            ("Wed, 18 Nov 2026 11:07:40 GMT", Some(60)),
            ("Wed, 18 Nov 2026 10:00:00 GMT", Some(0)),
            ("Fri, 18 Nov 2050 10:00:00 GMT", Some(MAX)),
            ("", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
        ] {
            let header = HeaderValue::from_str(text).unwrap();
            assert_eq!(read(Some(&header), now), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(read(None, now), None);
    }
}
