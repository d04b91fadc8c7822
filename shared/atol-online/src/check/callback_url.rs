//! The mask of callback addresses. A URL outside it is accepted by the service, and nothing is ever sent there.

/// The mask in words.
pub(super) const ALLOWED: &str = "http:// or https://, a host that begins with a letter or digit and has no user name, perhaps a port, then letters, \
     digits and - . ? , ' / \\ + & = % $ # _";

/// Does it fit?
pub(super) fn fits(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let end = rest.find(|c| !is_host(c)).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    // A dot or a dash behind the host belongs to the path, which has both.
    host.starts_with(is_letter_or_digit) && without_port(rest).chars().all(is_path)
}

/// What follows a port, or the text itself if there is none.
fn without_port(rest: &str) -> &str {
    let digits = rest
        .strip_prefix(':')
        .map(|port| port.trim_start_matches(|c: char| c.is_ascii_digit()));
    digits.unwrap_or(rest)
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('А'..='я').contains(&c)
}

fn is_host(c: char) -> bool {
    is_letter_or_digit(c) || matches!(c, '-' | '.' | '_')
}

/// Cyrillic letters are left to the host: in a path they travel encoded anyway.
fn is_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-.?,'/\\+&=%$#_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_the_vendors() {
        for (url, expected) in [
            ("https://gw.example/atol/cb/7f3a", true),
            ("http://gw.example", true),
            ("http://1.example?a=b&c=%20#x", true),
            ("https://gw.example:8443/cb", true),
            ("https://касса.example/cb", true),
            ("https://192.0.2.7/cb_1-2.3,4'5\\6+7$", true),
            ("https://user@gw.example/cb", false),
            ("https://user:secret@gw.example/cb", false),
            ("https://gw.example/~cb", false),
            ("https://gw.example/a:b", false),
            ("https://gw.example/a(b)", false),
            ("https://gw.example/a b", false),
            ("https://[2001:db8::1]/cb", false),
            ("https://-gw.example/cb", false),
            ("ftp://gw.example/cb", false),
            ("gw.example/cb", false),
            ("https://", false),
            ("", false),
        ] {
            assert_eq!(fits(url), expected, "{url}");
        }
    }
}
