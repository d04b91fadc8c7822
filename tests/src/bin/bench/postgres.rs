//! Just enough of PostgreSQL's protocol (version 3) to run one prepared statement again and again:
//! no client library's cost is counted against the inserts that Kasyr is compared with.

use std::io;

use crate::wire::Wire;

/// The name of the prepared statement.
const STATEMENT: &[u8] = b"i\0";

/// Connects (the private servers trust everybody) and prepares `statement`.
pub(crate) async fn prepared(port: u16, schema: &str, statement: &str) -> io::Result<Wire> {
    let mut wire = Wire::connect(port, whole).await?;
    let mut startup = 196_608_u32.to_be_bytes().to_vec();
    for text in [
        "user",
        "kasyr",
        "database",
        "postgres",
        "options",
        &format!("-c search_path={schema}"),
        "",
    ] {
        startup.extend_from_slice(text.as_bytes());
        startup.push(0);
    }
    let mut greeting = length_of(&startup).to_vec();
    greeting.extend_from_slice(&startup);
    expect(&mut wire, &greeting).await?;

    let mut parse = STATEMENT.to_vec();
    parse.extend_from_slice(statement.as_bytes());
    parse.extend_from_slice(&[0, 0, 0]);
    let mut prepare = Vec::new();
    message(&mut prepare, b'P', &parse);
    message(&mut prepare, b'S', &[]);
    expect(&mut wire, &prepare).await?;
    Ok(wire)
}

async fn expect(wire: &mut Wire, request: &[u8]) -> io::Result<()> {
    if wire.exchange(request).await? {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(wire.answer()).into_owned()))
}

/// One execution of the statement with these values as text, committed by itself.
pub(crate) fn execute(values: &[Option<&str>]) -> Vec<u8> {
    let count = u16::try_from(values.len()).unwrap_or(u16::MAX).to_be_bytes();
    let mut bind = vec![0];
    bind.extend_from_slice(STATEMENT);
    bind.extend_from_slice(&[0, 0]);
    bind.extend_from_slice(&count);
    for value in values {
        match value {
            Some(text) => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                bind.extend_from_slice(&length.to_be_bytes());
                bind.extend_from_slice(text.as_bytes());
            }
            None => bind.extend_from_slice(&[255; 4]),
        }
    }
    bind.extend_from_slice(&[0, 0]);
    let mut request = Vec::with_capacity(bind.len() + 32);
    message(&mut request, b'B', &bind);
    message(&mut request, b'E', &[0, 0, 0, 0, 0]);
    message(&mut request, b'S', &[]);
    request
}

fn message(out: &mut Vec<u8>, kind: u8, content: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&length_of(content));
    out.extend_from_slice(content);
}

/// A length counts itself.
fn length_of(content: &[u8]) -> [u8; 4] {
    u32::try_from(content.len() + 4).unwrap_or(u32::MAX).to_be_bytes()
}

/// An answer ends when the server is ready for the next request; any error in it is a failure.
fn whole(answer: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut success) = (0, true);
    loop {
        let kind = *answer.get(at)?;
        let length: [u8; 4] = answer.get(at + 1..at + 5)?.try_into().ok()?;
        at += 1 + usize::try_from(u32::from_be_bytes(length)).ok()?;
        success &= kind != b'E';
        if kind == b'Z' {
            return (answer.len() >= at).then_some((at, success));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_when_the_server_is_ready() {
        let mut answer = Vec::new();
        message(&mut answer, b'2', &[]);
        message(&mut answer, b'C', b"INSERT 0 1\0");
        assert_eq!(whole(&answer), None);
        message(&mut answer, b'Z', b"I");
        assert_eq!(whole(&answer), Some((answer.len(), true)));
        let mut refused = Vec::new();
        message(&mut refused, b'E', b"no\0");
        message(&mut refused, b'Z', b"I");
        assert_eq!(whole(&refused), Some((refused.len(), false)));
    }
}
