//! Paths and parameters of `MAIL` and `RCPT` (RFC 5321 §4.1.2).

use super::reply::Reply;

/// `<a@b> KEY=VALUE …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Empty for `<>`.
    pub address: String,
    /// Keys in upper case.
    pub parameters: Vec<(String, Option<String>)>,
}

impl Path {
    /// Reads what follows `FROM:` or `TO:`.
    pub(super) fn read(text: &str) -> Result<Self, Reply> {
        let wrong = || Reply::syntax("An address in angle brackets is expected");
        let inside = text.strip_prefix('<').ok_or_else(wrong)?;
        let end = closing_bracket(inside).ok_or_else(wrong)?;
        let (address, rest) = (&inside[..end], &inside[end + 1..]);
        if !rest.is_empty() && !rest.starts_with(' ') {
            return Err(wrong());
        }
        let parameters = rest.split_ascii_whitespace().map(|parameter| {
            let (key, value) = match parameter.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (parameter, None),
            };
            (key.to_ascii_uppercase(), value)
        });
        Ok(Self {
            address: address.to_owned(),
            parameters: parameters.collect(),
        })
    }

    /// Whether the address looks like one: something, an at sign, a domain. `postmaster` alone is everybody's.
    pub(super) fn is_address(&self) -> bool {
        if self.address.eq_ignore_ascii_case("postmaster") {
            return true;
        }
        let strange = |character: char| character.is_control() || character == ' ';
        match self.address.rsplit_once('@') {
            Some((local, domain)) => {
                let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
                let local_good = quoted || !(local.is_empty() || local.contains(strange) || local.contains('@'));
                let labels = domain.split('.').all(|label| !label.is_empty());
                local_good && labels && !domain.contains(strange)
            }
            None => false,
        }
    }
}

/// The bracket that ends a path, not one inside a quoted name.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(index),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_with_their_parameters() {
        let path = Path::read("<a@b.example> SIZE=12 body=8bitmime SMTPUTF8").unwrap();
        assert_eq!(path.address, "a@b.example");
        let parameter = |key: &str, value: Option<&str>| (key.to_owned(), value.map(str::to_owned));
        let expected = [
            parameter("SIZE", Some("12")),
            parameter("BODY", Some("8bitmime")),
            parameter("SMTPUTF8", None),
        ];
        assert_eq!(path.parameters, expected);
        assert_eq!(Path::read("<>").unwrap().address, "");
        assert_eq!(Path::read("<\"a>b\"@c>").unwrap().address, "\"a>b\"@c");
        for wrong in ["a@b", "<a@b", " <a@b>", "<a@b>SIZE=1", ""] {
            assert!(Path::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for (text, good) in [
            ("<a@b.example>", true),
            ("<покупець@пошта.укр>", true),
            ("<\"a b\"@c>", true),
            ("<Postmaster>", true),
            ("<a>", false),
            ("<@b>", false),
            ("<a@>", false),
            ("<a@b..c>", false),
            ("<a b@c>", false),
            ("<a@b@c>", false),
            ("<>", false),
        ] {
            assert_eq!(Path::read(text).unwrap().is_address(), good, "{text}");
        }
    }
}
