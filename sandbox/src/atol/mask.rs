//! Which callback URLs the service posts to (sheet §4).

/// Whether the URL fits the vendor's mask. A port is fine; userinfo, IPv6 hosts and `~ : ( )` in the path are not.
pub(super) fn fits(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return false;
    };
    let end = rest.find(|c| !is_host(c)).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let Some(path) = after_port(rest) else {
        return false;
    };
    host.starts_with(is_letter) && path.chars().all(|c| is_letter(c) || PUNCTUATION.contains(c))
}

const PUNCTUATION: &str = "-.?,'/\\+&=%$#_";

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

fn is_host(c: char) -> bool {
    is_letter(c) || c == '-' || c == '.'
}

/// What follows the port, if there is one; none when the colon has no port behind it.
fn after_port(rest: &str) -> Option<&str> {
    let Some(rest) = rest.strip_prefix(':') else {
        return Some(rest);
    };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (1..=5).contains(&end).then(|| rest.split_at(end).1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_mask_takes_plain_urls_with_a_port_and_little_else() {
        for (url, fits) in [
            ("http://gw.example", true),
            ("https://gw.example/atol/cb/7f3a", true),
            ("http://127.0.0.1:8080/callbacks/till-1?s=a_b&t=%20#x", true),
            ("https://касса.example/чек", true),
            ("https://gw.example:443", true),
            ("", false),
            ("ftp://gw.example/", false),
            ("gw.example/cb", false),
            ("https://", false),
            ("https://-gw.example/", false),
            ("https://user:pass@gw.example/", false),
            ("https://user@gw.example/", false),
            ("http://[::1]/cb", false),
            ("https://gw.example:/cb", false),
            ("https://gw.example:123456/cb", false),
            ("https://gw.example/~till", false),
            ("https://gw.example/a:b", false),
            ("https://gw.example/a(b)", false),
            ("https://gw.example/a b", false),
        ] {
            assert_eq!(super::fits(url), fits, "{url}");
        }
    }
}
