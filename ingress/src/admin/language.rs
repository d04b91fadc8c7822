//! Words, sums and times as people of either language write them. A text's two versions stand side by side
//! where it is used: `say("Каси", "Registers")`.

use domain::money::Kopecks;
use domain::time::UnixMillis;
use jiff::Timestamp;

use crate::day;

/// The languages of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Uk,
    En,
}

impl Language {
    /// Reads the stable word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "uk" => Some(Self::Uk),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The stable word, also HTML's `lang`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::En => "en",
        }
    }

    /// The first of a browser's wishes that is ours.
    pub fn of_browser(wished: &str) -> Option<Self> {
        wished
            .split(',')
            .filter_map(|wish| wish.trim().get(..2))
            .find_map(Self::parse)
    }

    /// The version of this language.
    pub fn say<T>(self, uk: T, en: T) -> T {
        match self {
            Self::Uk => uk,
            Self::En => en,
        }
    }

    /// `1 документ`, `3 документи`, `5 документів`; `1 document`, `5 documents`.
    pub fn count(self, number: u64, uk: [&str; 3], en: [&str; 2]) -> String {
        let word = match self {
            Self::Uk => match (number % 10, number % 100) {
                (1, teen) if teen != 11 => uk[0],
                (2..=4, teen) if !(12..=14).contains(&teen) => uk[1],
                _ => uk[2],
            },
            Self::En => en[usize::from(number != 1)],
        };
        format!("{} {word}", self.number(number))
    }

    /// `12 345` or `12,345`.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let gap = self.say('\u{a0}', ',');
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(gap);
            }
            text.push(digit);
        }
        text
    }

    /// Kopecks as `1 234,50 ₴` or `1,234.50 UAH`.
    pub fn money(self, kopecks: i64) -> String {
        let sign = if kopecks < 0 { "−" } else { "" };
        let all = kopecks.unsigned_abs();
        let whole = self.number(all / 100);
        let rest = all % 100;
        match self {
            Self::Uk => format!("{sign}{whole},{rest:02}\u{a0}₴"),
            Self::En => format!("{sign}{whole}.{rest:02}\u{a0}UAH"),
        }
    }

    /// A sum as [`Language::money`] writes it.
    pub fn sum(self, sum: Kopecks) -> String {
        self.money(i64::try_from(sum.minor()).unwrap_or(i64::MAX))
    }

    /// `22.11.2026 05:17:09` in Kyiv, or `22 Nov 2026 05:17:09`.
    pub fn time(self, at: UnixMillis) -> String {
        self.kyiv(at, "%d.%m.%Y %H:%M:%S", "%-d %b %Y %H:%M:%S")
    }

    /// The same without seconds.
    pub fn minute(self, at: UnixMillis) -> String {
        self.kyiv(at, "%d.%m.%Y %H:%M", "%-d %b %Y %H:%M")
    }

    /// `22.11.2026` in Kyiv, or `22 Nov 2026`.
    pub fn date(self, at: UnixMillis) -> String {
        self.kyiv(at, "%d.%m.%Y", "%-d %b %Y")
    }

    /// `05:17` in Kyiv.
    pub fn clock(self, at: UnixMillis) -> String {
        self.kyiv(at, "%H:%M", "%H:%M")
    }

    fn kyiv(self, at: UnixMillis, uk: &str, en: &str) -> String {
        Timestamp::from_millisecond(at.0).map_or_else(
            |_| "—".to_owned(),
            |at| at.to_zoned(day::zone()).strftime(self.say(uk, en)).to_string(),
        )
    }

    /// How long something lasts: `5 хв`, `3 год 20 хв`, `2 дн 4 год`.
    pub fn span(self, milliseconds: i64) -> String {
        let minutes = milliseconds.max(0) / 60_000;
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let (d, h, m) = self.say(("дн", "год", "хв"), ("d", "h", "min"));
        match (days, hours, rest) {
            (0, 0, 0) => self.say("менше хвилини", "under a minute").to_owned(),
            (0, 0, rest) => format!("{rest}\u{a0}{m}"),
            (0, hours, 0) => format!("{hours}\u{a0}{h}"),
            (0, hours, rest) => format!("{hours}\u{a0}{h} {rest}\u{a0}{m}"),
            (days, 0, _) => format!("{days}\u{a0}{d}"),
            (days, hours, _) => format!("{days}\u{a0}{d} {hours}\u{a0}{h}"),
        }
    }

    /// `5 хв тому`.
    pub fn ago(self, at: UnixMillis, now: UnixMillis) -> String {
        let span = self.span(now.0.saturating_sub(at.0));
        match self {
            Self::Uk => format!("{span} тому"),
            Self::En => format!("{span} ago"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ukrainian_counts_in_three_ways() {
        let said = |number| Language::Uk.count(number, ["чек", "чеки", "чеків"], ["receipt", "receipts"]);
        let table = [
            (0, "0 чеків"),
            (1, "1 чек"),
            (2, "2 чеки"),
            (5, "5 чеків"),
            (11, "11 чеків"),
            (12, "12 чеків"),
            (21, "21 чек"),
            (104, "104 чеки"),
            (111, "111 чеків"),
            (1_000_002, "1\u{a0}000\u{a0}002 чеки"),
        ];
        for (number, text) in table {
            assert_eq!(said(number), text);
        }
        assert_eq!(
            Language::En.count(1, ["", "", ""], ["receipt", "receipts"]),
            "1 receipt"
        );
    }

    #[test]
    fn sums_and_times_are_written_as_people_do() {
        assert_eq!(Language::Uk.money(123_450), "1\u{a0}234,50\u{a0}₴");
        assert_eq!(Language::En.money(-5), "−0.05\u{a0}UAH");
        let at = UnixMillis(1_741_183_439_000);
        assert_eq!(Language::Uk.time(at), "05.03.2025 16:03:59");
        assert_eq!(Language::En.minute(at), "5 Mar 2025 16:03");
        assert_eq!(Language::Uk.span(3 * 3_600_000 + 20 * 60_000), "3\u{a0}год 20\u{a0}хв");
        assert_eq!(Language::En.ago(at, UnixMillis(at.0 + 50_000)), "under a minute ago");
    }

    #[test]
    fn a_browser_s_first_wish_that_is_ours_counts() {
        assert_eq!(Language::of_browser("de-DE,en;q=0.8,uk;q=0.5"), Some(Language::En));
        assert_eq!(Language::of_browser("uk-UA"), Some(Language::Uk));
        assert_eq!(Language::of_browser("*"), None);
    }
}
