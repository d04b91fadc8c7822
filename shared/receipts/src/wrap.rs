//! Breaking a text into lines.

/// Breaks between words, and inside a word that is wider than a line. No letter is lost; a space at a break is.
pub(crate) fn wrap(text: &str, limit: i32, width: impl Fn(char) -> i32) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide: i32 = word.chars().map(&width).sum();
        let with_space = width(' ').saturating_add(wide);
        if !line.is_empty() && used + with_space <= limit {
            line.push(' ');
            line.push_str(word);
            used += with_space;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        used = 0;
        for letter in word.chars() {
            let wide = width(letter);
            if !line.is_empty() && used + wide > limit {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += wide;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, limit: i32, expected: &[&str]) {
        assert_eq!(wrap(text, limit, |_| 1), expected, "{text:?} at {limit}");
    }

    #[test]
    fn lines_break_between_words_and_inside_long_ones() {
        check("чай чорний", 10, &["чай чорний"]);
        check("чай чорний", 9, &["чай", "чорний"]);
        check("супердовгеслово так", 6, &["суперд", "овгесл", "ово", "так"]);
        check("а супердовге", 6, &["а", "суперд", "овге"]);
        check("", 5, &[]);
        check("ширше", 0, &["ш", "и", "р", "ш", "е"]);
    }
}
