//! What went wrong in an exchange, as an alert tells it.

use std::time::Duration;

use ::cashalot::Error;
use ledger::alerts::Words;

/// The provider's own text is Ukrainian and stays as it is. What the transport said is only in the English, which
/// is in the attempts, too.
pub(super) fn told(error: &Error) -> Words {
    let chain = || telemetry::chain(error);
    match error {
        Error::Refused { code, message } => {
            let text = format!("{}: {}", code.name(), telemetry::mask::text(message));
            Words::new(text.clone(), text)
        }
        Error::NotSent(_) => Words::new(chain(), "не вдалося з’єднатися з Cashälot"),
        Error::NoAnswer { waited, source: _ } => {
            let waited = rounded(*waited);
            Words::new(
                format!("{} (after {})", chain(), waited.en),
                format!("Cashälot не дав відповіді (минуло {})", waited.uk),
            )
        }
        Error::BadAnswer { http_status, reason: _ } => Words::new(
            chain(),
            format!("Cashälot відповів HTTP {http_status} не так, як мав би"),
        ),
        Error::HttpRefused { http_status } => {
            Words::new(chain(), format!("Cashälot відхилив запит із HTTP {http_status}"))
        }
    }
}

/// Nobody needs it more exactly.
fn rounded(lasted: Duration) -> Words {
    match lasted.as_secs() {
        0 => Words::new("less than a second", "менше секунди"),
        seconds @ 1..120 => Words::new(format!("{seconds} s"), format!("{seconds} с")),
        seconds => {
            let minutes = seconds / 60;
            Words::new(format!("{minutes} min"), format!("{minutes} хв"))
        }
    }
}

#[cfg(test)]
mod tests {
    use ::cashalot::{ErrorCode, Flaw};

    use super::*;

    #[test]
    fn how_long_it_lasted_is_told_in_round_units() {
        let table = [
            (Duration::from_nanos(820_002), "less than a second", "менше секунди"),
            (Duration::from_millis(12_900), "12 s", "12 с"),
            (Duration::from_secs(119), "119 s", "119 с"),
            (Duration::from_secs(200), "3 min", "3 хв"),
        ];
        for (lasted, en, uk) in table {
            assert_eq!(rounded(lasted), Words::new(en, uk));
        }
    }

    #[test]
    fn a_failure_is_told_in_both_languages() {
        let flawed = Error::BadAnswer {
            http_status: 502,
            reason: Flaw::Empty,
        };
        let expected = Words::new(
            "Cashälot answered HTTP 502 with an empty body",
            "Cashälot відповів HTTP 502 не так, як мав би",
        );
        assert_eq!(told(&flawed), expected);
        let refused = Error::Refused {
            code: ErrorCode::InvalidTin,
            message: "Невірний номер".to_owned(),
        };
        let own = "InvalidTin: Невірний номер";
        assert_eq!(told(&refused), Words::new(own, own));
    }
}
