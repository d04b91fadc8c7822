//! What settings that people write must look like, in a file as on a page.

use url::Url;

/// Why a written setting cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// Not an address of a web server.
    #[error("it must be an http:// or https:// address")]
    NotAnAddress,
    /// Not a time of day.
    #[error("it must be a time of day like \"23:30\"")]
    NotATimeOfDay,
}

/// An `http://` or `https://` address, as it was written.
pub fn web_address(text: &str) -> Result<String, SettingError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(text.to_owned()),
        Ok(_) | Err(_) => Err(SettingError::NotAnAddress),
    }
}

/// `HH:MM`, as it was written.
pub fn time_of_day(text: &str) -> Result<String, SettingError> {
    let valid = text.split_once(':').is_some_and(|(hours, minutes)| {
        let number = |part: &str, below: u8| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits && part.parse::<u8>().is_ok_and(|number| number < below)
        };
        number(hours, 24) && number(minutes, 60)
    });
    if valid {
        Ok(text.to_owned())
    } else {
        Err(SettingError::NotATimeOfDay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_web_servers() {
        for right in ["http://127.0.0.1:9101/", "https://fsapi.cashalot.org.ua"] {
            assert_eq!(web_address(right).as_deref(), Ok(right));
        }
        for wrong in [
            "",
            "fsapi.cashalot.org.ua",
            "ftp://a/",
            "javascript:alert(1)",
            "https://",
        ] {
            assert_eq!(web_address(wrong), Err(SettingError::NotAnAddress), "{wrong:?}");
        }
    }

    #[test]
    fn times_of_day_have_four_digits() {
        assert_eq!(time_of_day("23:30").as_deref(), Ok("23:30"));
        for wrong in ["", "9:30", "24:00", "23:60", "2330", "+1:00", "23:30:00"] {
            assert_eq!(time_of_day(wrong), Err(SettingError::NotATimeOfDay), "{wrong:?}");
        }
    }
}
