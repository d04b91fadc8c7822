use std::error::Error;

/// An error and its causes in one line, masked: `what failed: because of this: because of that`.
/// Said once, where the error ends its way.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    crate::mask::text(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the letter was not sent")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("nobody is at buyer@shop.example")]
    struct Inner;

    #[test]
    fn causes_follow_their_error_and_personal_data_is_masked() {
        assert_eq!(
            chain(&Outer(Inner)),
            "the letter was not sent: nobody is at b***@shop.example"
        );
    }
}
