//! A mail server's words, fit to be kept: servers like to repeat whom a letter was for.

/// The longest text that is kept.
const MAX_CHARS: usize = 300;

/// The same words with every e-mail address as `o***@example.com` and `hide` (what stood before the `@`, or who signed
/// in) as `***`, on one line.
pub(crate) fn mask(text: &str, hide: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut out = String::with_capacity(plain.len());
    let mut word = String::new();
    for c in plain.chars() {
        if belongs_to_address(c) {
            word.push(c);
        } else {
            out.push_str(&address_masked(&word));
            word.clear();
            out.push(c);
        }
    }
    out.push_str(&address_masked(&word));
    without(&out, hide).trim().chars().take(MAX_CHARS).collect()
}

fn belongs_to_address(c: char) -> bool {
    c.is_alphanumeric() || "@.!#$%&'*+/=?^_`{|}~-".contains(c)
}

fn address_masked(word: &str) -> String {
    match word.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => word.to_owned(),
    }
}

/// Shorter names are left alone: hiding each "a" would hide everything.
const MIN_HIDDEN: usize = 3;

fn without(text: &str, hide: &str) -> String {
    if hide.len() < MIN_HIDDEN {
        return text.to_owned();
    }
    if !hide.is_ascii() {
        return text.replace(hide, "***");
    }
    // Changing the case of ASCII letters keeps every position.
    let (lower, hide) = (text.to_ascii_lowercase(), hide.to_ascii_lowercase());
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in lower.match_indices(&hide) {
        out.push_str(&text[from..at]);
        out.push_str("***");
        from = at + found.len();
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_wherever_a_server_puts_them() {
        for (text, masked) in [
            (
                "5.1.1 <olena.k@example.com>: Recipient address rejected",
                "5.1.1 <o***@example.com>: Recipient address rejected",
            ),
            ("no such user: Olena.K@example.com.", "no such user: O***@example.com."),
            ("to=olena.k@example.com", "t***@example.com"),
            ("olena.k+tag@a@example.com", "o***@example.com"),
            ("User OLENA.K is unknown here", "User *** is unknown here"),
            ("\"olena.k\"@example.com", "\"***\"***@example.com"),
            ("see https://example.com/?u=olena.k", "see https://example.com/?u=***"),
            ("queued as 4XyZ", "queued as 4XyZ"),
            ("two\r\nlines\tand \u{1b}[31mmore", "two  lines and  [31mmore"),
            (
                "поштова скринька олена@приклад.укр",
                "поштова скринька о***@приклад.укр",
            ),
        ] {
            assert_eq!(mask(text, "olena.k"), masked);
        }
    }

    #[test]
    fn a_very_short_name_does_not_hide_everything() {
        assert_eq!(
            mask("a mailbox a@b.example is away", "a"),
            "a mailbox a***@b.example is away"
        );
    }

    #[test]
    fn a_password_of_other_letters_is_hidden_too() {
        assert_eq!(mask("пароль таємниця хибний", "таємниця"), "пароль *** хибний");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(mask(&"я".repeat(1000), "").chars().count(), MAX_CHARS);
    }
}
