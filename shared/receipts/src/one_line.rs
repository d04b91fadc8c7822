//! Texts of others, made fit for one line.

/// Without what breaks a line or turns the letters after it around: control characters become spaces, invisible signs of
/// direction and joining are left out. A name cannot forge a line of a receipt or of a mail's head with them.
pub(crate) fn one_line(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| if breaks(letter) { ' ' } else { letter })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn breaks(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line_or_turns_it_around() {
        for (text, line) in [
            ("Чай\r\nBcc: a@b", "Чай Bcc: a@b"),
            ("ціна \u{202e}00,1\u{202c} грн", "ціна 00,1 грн"),
            ("  два   пробіли\u{2028}", "два пробіли"),
            ("м’ята «ґ» 🌰\u{fe0f}", "м’ята «ґ» 🌰"),
        ] {
            assert_eq!(one_line(text), line);
        }
    }
}
