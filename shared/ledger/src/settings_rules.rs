//! What settings that people write must look like, in a file as on a page.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::settings::{AddressRange, Provider, ReceiptMaker, Source, SourceKind};

/// Why a written setting cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// Not an address of a web server.
    #[error("it must be an http:// or https:// address")]
    NotAnAddress,
    /// Not a time of day.
    #[error("it must be a time of day like \"23:30\"")]
    NotATimeOfDay,
    /// Fondy's merchants have numbers.
    #[error("a merchant at Fondy is a number, such as 1396424")]
    NotAMerchantNumber,
    /// Neither a public key nor an account's name.
    #[error("it must be the account's name at the payment system: latin letters, digits and signs, without spaces")]
    NotAnAccount,
    /// monobank's webhooks name no merchant.
    #[error(
        "a webhook of monobank names no merchant, so it is believed only when the bank confirms it: confirm = true"
    )]
    MustConfirm,
    /// Nothing signs a provider's notices.
    #[error("nothing signs these notices, so each is confirmed with the provider; confirm = false cannot be")]
    AlwaysConfirmed,
    /// A provider's notices are of no payment.
    #[error("a provider's notices have no account and no api_url; leave them out")]
    NothingElse,
    /// A register is asked about its own provider's documents only.
    #[error("these are notices of {0}, so it must be a register there")]
    OtherProvider(&'static str),
    /// Nothing signs the message: the secret is all that keeps strangers out.
    #[error(
        "nothing signs these notices, so the secret stands in their address: {SHORTEST_PATH_SECRET} or more of A-Z, a-z, 0-9, '-' and '_'"
    )]
    NotAPathSecret,
    /// Only Fondy has them.
    #[error(
        "receivers, technical and mode = \"gateway-fiscalizes\" are Fondy's; other payment systems do not have them"
    )]
    OnlyFondy,
    /// Not where callbacks could come from.
    #[error("it must be an IP address or a network, such as 54.154.216.60 or 10.0.0.0/8")]
    NotAnAddressRange,
    /// A key that strangers may know is not believed for ever.
    #[error("it must be a whole number of hours from 0 to {MOST_HOURS}; 0 drops the old secret at once")]
    NotHours,
}

/// A replaced payment key is believed for a month at most.
const MOST_HOURS: u32 = 30 * 24;

/// A secret in an address is as long as this at least.
const SHORTEST_PATH_SECRET: usize = 16;

/// A longer one may be cut off on its way.
const LONGEST_PATH_SECRET: usize = 128;

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

/// The merchant's name at a payment system, as that system writes it.
pub fn account(kind: SourceKind, text: &str) -> Result<String, SettingError> {
    match kind {
        SourceKind::Fondy => {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // The ledger keeps it as a signed number, too.
            match text.parse::<i64>() {
                Ok(number) if digits && number > 0 => Ok(number.to_string()),
                Ok(_) | Err(_) => Err(SettingError::NotAMerchantNumber),
            }
        }
        SourceKind::LiqPay | SourceKind::WayForPay => named_account(text),
        // Its webhooks name none; whoever likes writes a name for people.
        SourceKind::Monobank if text.is_empty() => Ok(String::new()),
        SourceKind::Monobank => named_account(text),
        SourceKind::CashDesk | SourceKind::AtolOnline if text.is_empty() => Ok(String::new()),
        SourceKind::CashDesk | SourceKind::AtolOnline => Err(SettingError::NothingElse),
    }
}

/// The key of a source. One that stands in an address must survive there, whatever writes it down (ATOL takes few signs
/// in an address; `atol-online.md` §4), and nobody may guess it.
pub fn secret(kind: SourceKind, secret: &SecretString) -> Result<(), SettingError> {
    if kind.is_payment() {
        return Ok(());
    }
    let bytes = secret.expose_secret().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let fits = (SHORTEST_PATH_SECRET..=LONGEST_PATH_SECRET).contains(&bytes.len()) && bytes.iter().all(plain);
    fits.then_some(()).ok_or(SettingError::NotAPathSecret)
}

/// What a payment system's kind cannot have.
pub fn source(source: &Source) -> Result<(), SettingError> {
    let only_fondy = !source.receivers.is_empty() || source.technical || source.makes_receipts == ReceiptMaker::Gateway;
    match source.kind {
        SourceKind::Fondy => Ok(()),
        SourceKind::LiqPay
        | SourceKind::WayForPay
        | SourceKind::Monobank
        | SourceKind::CashDesk
        | SourceKind::AtolOnline
            if only_fondy =>
        {
            Err(SettingError::OnlyFondy)
        }
        SourceKind::Monobank if !source.confirm => Err(SettingError::MustConfirm),
        SourceKind::CashDesk | SourceKind::AtolOnline if !source.confirm => Err(SettingError::AlwaysConfirmed),
        SourceKind::CashDesk | SourceKind::AtolOnline if !source.api_url.is_empty() => Err(SettingError::NothingElse),
        SourceKind::LiqPay
        | SourceKind::WayForPay
        | SourceKind::Monobank
        | SourceKind::CashDesk
        | SourceKind::AtolOnline => Ok(()),
    }
}

/// Can messages of this kind be about a register at that provider?
pub fn register_of(kind: SourceKind, provider: Provider) -> Result<(), SettingError> {
    match kind.provider() {
        Some(own) if own != provider => Err(SettingError::OtherProvider(own.name())),
        Some(_) | None => Ok(()),
    }
}

fn named_account(text: &str) -> Result<String, SettingError> {
    // A semicolon stands between the values that WayForPay signs.
    let fits = (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
    fits.then(|| text.to_owned()).ok_or(SettingError::NotAnAccount)
}

/// Where callbacks may come from: addresses and networks, with spaces or commas between them.
pub fn address_ranges(text: &str) -> Result<Vec<AddressRange>, SettingError> {
    text.split([' ', ',', ';', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
        .map(|word| AddressRange::parse(word).ok_or(SettingError::NotAnAddressRange))
        .collect()
}

/// For how long a replaced payment key is believed.
pub fn old_secret_hours(hours: u32) -> Result<u32, SettingError> {
    if hours <= MOST_HOURS {
        Ok(hours)
    } else {
        Err(SettingError::NotHours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merchant_at_fondy_is_a_number() {
        for (text, kept) in [
            ("1396424", "1396424"),
            ("01", "1"),
            ("9223372036854775807", "9223372036854775807"),
        ] {
            assert_eq!(account(SourceKind::Fondy, text).as_deref(), Ok(kept));
        }
        for wrong in ["", "0", "+77", "-1", "7 7", "i12345678", "9223372036854775808"] {
            let refused = Err(SettingError::NotAMerchantNumber);
            assert_eq!(account(SourceKind::Fondy, wrong), refused, "{wrong:?}");
        }
    }

    #[test]
    fn accounts_elsewhere_are_names_and_monobank_has_none() {
        for kind in [SourceKind::LiqPay, SourceKind::WayForPay, SourceKind::Monobank] {
            assert_eq!(account(kind, "i12345678901").as_deref(), Ok("i12345678901"));
            for wrong in [" ", "a b", "a;b", "квіти", &"a".repeat(101)] {
                assert_eq!(account(kind, wrong), Err(SettingError::NotAnAccount), "{wrong:?}");
            }
        }
        assert_eq!(account(SourceKind::LiqPay, ""), Err(SettingError::NotAnAccount));
        assert_eq!(account(SourceKind::Monobank, "").as_deref(), Ok(""));
    }

    #[test]
    fn what_a_kind_cannot_have_is_refused() {
        let of = |kind| {
            let id = domain::ids::SourceId::parse("shop").unwrap();
            let merchant = domain::ids::MerchantId::parse("flowers").unwrap();
            let register = domain::ids::RegisterId::parse("flowers-1").unwrap();
            Source::new(kind, id, merchant, register)
        };
        for kind in SourceKind::ALL.iter().copied() {
            assert_eq!(source(&of(kind)), Ok(()), "{kind:?}");
            let expected = if kind == SourceKind::Fondy {
                Ok(())
            } else {
                Err(SettingError::OnlyFondy)
            };
            let technical = Source {
                technical: true,
                ..of(kind)
            };
            let by_gateway = Source {
                makes_receipts: ReceiptMaker::Gateway,
                ..of(kind)
            };
            assert_eq!(
                (source(&technical), source(&by_gateway)),
                (expected, expected),
                "{kind:?}"
            );
            let unasked = Source {
                confirm: false,
                ..of(kind)
            };
            let expected = match kind {
                SourceKind::Monobank => Err(SettingError::MustConfirm),
                SourceKind::CashDesk | SourceKind::AtolOnline => Err(SettingError::AlwaysConfirmed),
                SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay => Ok(()),
            };
            assert_eq!(source(&unasked), expected, "{kind:?}");
        }
    }

    #[test]
    fn notices_are_of_registers_at_their_own_provider() {
        for kind in SourceKind::ALL.iter().copied() {
            for provider in Provider::ALL.iter().copied() {
                let expected = match (kind, provider) {
                    (SourceKind::CashDesk, Provider::Cashalot | Provider::AtolOnline) => {
                        Err(SettingError::OtherProvider("CashDesk"))
                    }
                    (SourceKind::AtolOnline, Provider::Cashalot | Provider::CashDesk) => {
                        Err(SettingError::OtherProvider("ATOL Online"))
                    }
                    _ => Ok(()),
                };
                assert_eq!(register_of(kind, provider), expected, "{kind:?} {provider:?}");
            }
        }
    }

    #[test]
    fn lists_of_addresses_are_separated_as_people_do() {
        let read = address_ranges(" 54.154.216.60, 3.75.125.89;10.0.0.0/8\n::1 ").unwrap();
        let texts: Vec<String> = read.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["54.154.216.60", "3.75.125.89", "10.0.0.0/8", "::1"]);
        assert_eq!(address_ranges(""), Ok(Vec::new()));
        assert_eq!(
            address_ranges("10.0.0.0/8 fondy.eu"),
            Err(SettingError::NotAnAddressRange)
        );
    }

    #[test]
    fn an_old_secret_is_believed_for_a_month_at_most() {
        assert_eq!((old_secret_hours(0), old_secret_hours(720)), (Ok(0), Ok(720)));
        assert_eq!(old_secret_hours(721), Err(SettingError::NotHours));
    }

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

    #[test]
    fn a_secret_in_an_address_survives_there_and_is_not_guessed() {
        let long = "a".repeat(129);
        for (text, fits) in [
            ("0123456789abcDEF", true),
            ("made-by_Kasyr-43-signs-0123456789abcdefghij", true),
            (&long[..128], true),
            (&long, false),
            ("0123456789abcDE", false),
            ("", false),
            ("0123456789abcDE/", false),
            ("0123456789abcDE%41", false),
            ("0123456789abcDE f", false),
            ("0123456789abcDE~f", false),
            ("секрет-що-має-літери", false),
        ] {
            let expected = if fits {
                Ok(())
            } else {
                Err(SettingError::NotAPathSecret)
            };
            for kind in [SourceKind::CashDesk, SourceKind::AtolOnline] {
                assert_eq!(secret(kind, &text.into()), expected, "{text}");
            }
            assert_eq!(secret(SourceKind::Fondy, &text.into()), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_providers_notices_have_no_account_and_no_address_of_an_api() {
        for kind in [SourceKind::CashDesk, SourceKind::AtolOnline] {
            assert_eq!(account(kind, "").as_deref(), Ok(""));
            assert_eq!(account(kind, "shop"), Err(SettingError::NothingElse));
        }
    }
}
