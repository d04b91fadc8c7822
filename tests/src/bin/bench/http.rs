//! Just enough HTTP/1.1 for a load generator.

/// A whole request, head and body, ready to be sent.
pub(crate) fn post(path: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: shop.example\r\nuser-agent: bench\r\ncontent-type: {content_type}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// A question with an API key.
pub(crate) fn get(path: &str, key: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: shop.example\r\nuser-agent: bench\r\nauthorization: Bearer {key}\r\n\r\n")
        .into_bytes()
}

/// An admin page for somebody who has signed in.
pub(crate) fn page(path: &str, session: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: kasyr.example\r\nuser-agent: bench\r\ncookie: kasyr_session={session}\r\n\r\n"
    )
    .into_bytes()
}

/// The end of an answer that has a `content-length`; success is 200.
pub(crate) fn whole(answer: &[u8]) -> Option<(usize, bool)> {
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let success = answer.get(9..12) == Some(b"200");
    let length = head + content_length(answer.get(..head)?);
    (answer.len() >= length).then_some((length, success))
}

fn content_length(head: &[u8]) -> usize {
    std::str::from_utf8(head)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_body() {
        for (answer, end) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Some(true)),
            ("HTTP/1.1 503 Away\r\nContent-Length: 2\r\n\r\n{}", Some(false)),
            ("HTTP/1.1 503 Away\r\ncontent-length: 2\r\n\r\n{", None),
            ("HTTP/1.1 200 OK\r\n", None),
        ] {
            let expected = end.map(|success| (answer.len(), success));
            assert_eq!(whole(answer.as_bytes()), expected, "{answer}");
        }
    }
}
