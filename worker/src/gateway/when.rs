//! When a payment system's register is looked at. Pure.

use std::time::Duration;

use domain::time::UnixMillis;

/// When looks are made, counted from the payment's message, and when a person is told.
#[derive(Clone, Copy, Debug)]
pub struct LookTimes {
    /// The first looks; a receipt takes seconds as a rule.
    pub first: [Duration; 5],
    /// After those, so often …
    pub then: Duration,
    /// … until it counts as missed: critical, and looked for only this often …
    pub late: Duration,
    /// … until nobody looks any more by themselves.
    pub end: Duration,
    /// A receipt may be missing so long before somebody is told.
    pub warn: Duration,
    /// After this long it counts as missed.
    pub missed: Duration,
    /// A Z-report is asked for so long after its day.
    pub report: Duration,
    /// When a first payment of a source whose receipts we make is looked after.
    pub probes: [Duration; 2],
}

impl Default for LookTimes {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self {
            first: [
                Duration::from_secs(20),
                minutes(1),
                minutes(5),
                minutes(15),
                minutes(60),
            ],
            then: minutes(60),
            late: minutes(24 * 60),
            end: minutes(30 * 24 * 60),
            warn: minutes(60),
            missed: minutes(24 * 60),
            report: minutes(60),
            probes: [minutes(1), minutes(15)],
        }
    }
}

impl LookTimes {
    /// The next look at what has been missing since `since`; `None`: it was looked for long enough.
    pub fn next(&self, since: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
        let age = now.since(since);
        let steps = |step: Duration| {
            let passed = age.as_millis() / step.as_millis().max(1);
            u32::try_from(passed)
                .ok()
                .and_then(|passed| step.checked_mul(passed + 1))
        };
        let often = steps(self.then).filter(|at| *at <= self.missed);
        let seldom = steps(self.late).filter(|at| *at <= self.end);
        let all = self
            .first
            .into_iter()
            .chain([self.warn, self.missed])
            .chain(often)
            .chain(seldom);
        all.filter(|at| *at > age && *at <= self.end)
            .min()
            .map(|at| since.plus(at))
    }

    /// The next try to get a file that has been wanted since `since`: a day long.
    pub fn next_file(&self, since: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
        self.next(since, now).filter(|at| at.since(since) <= self.missed)
    }

    /// The next look after a first payment.
    pub fn next_probe(&self, since: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
        let age = now.since(since);
        let next = self.probes.into_iter().filter(|at| *at > age).min();
        next.map(|at| since.plus(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE: UnixMillis = UnixMillis(1_800_000_000_000);

    /// The looks' times in seconds after the message, each made as soon as it is due.
    fn looks(next: impl Fn(UnixMillis) -> Option<UnixMillis>, most: usize) -> Vec<u64> {
        let mut now = SINCE;
        let mut made = Vec::new();
        while let Some(at) = next(now)
            && made.len() < most
        {
            made.push(at.since(SINCE).as_secs());
            now = at;
        }
        made
    }

    #[test]
    fn looks_are_made_soon_then_hourly_for_a_day_then_daily_for_a_month() {
        let times = LookTimes::default();
        let made = looks(|now| times.next(SINCE, now), 1_000);
        assert_eq!(made[..6], [20, 60, 300, 900, 3_600, 7_200]);
        let day = 24 * 3_600;
        assert_eq!(made.iter().filter(|at| **at <= day).count(), 4 + 24);
        assert_eq!(made[28..31], [2 * day, 3 * day, 4 * day]);
        assert_eq!(made.last(), Some(&(30 * day)));
    }

    #[test]
    fn a_look_is_made_exactly_when_somebody_is_to_be_told() {
        let times = LookTimes {
            warn: Duration::from_secs(1_000),
            missed: Duration::from_secs(5_000),
            ..LookTimes::default()
        };
        assert_eq!(
            looks(|now| times.next(SINCE, now), 8),
            [20, 60, 300, 900, 1_000, 3_600, 5_000, 86_400]
        );
    }

    #[test]
    fn files_are_asked_for_a_day_long_and_first_payments_twice() {
        let times = LookTimes::default();
        assert_eq!(
            looks(|now| times.next_file(SINCE, now), 100).last(),
            Some(&(24 * 3_600))
        );
        assert_eq!(looks(|now| times.next_probe(SINCE, now), 100), [60, 900]);
    }
}
