//! A one-page PDF of lines of text. Why not a library: the standard fonts suffice for a stand-in, at no cost. They have
//! no Cyrillic, so it is spelled in Latin letters.

use std::fmt::Write as _;

/// The lines as a PDF of at least so many bytes; a comment fills what is missing.
pub(super) fn pdf(lines: &[String], at_least: usize) -> Vec<u8> {
    let mut page = String::from("BT /F1 9 Tf 12 TL 24 780 Td\n");
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "({}) Tj T*", latin(line));
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 320 800] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".to_owned(),
    ];
    let bare = assembled(&objects, 0);
    let missing = at_least.saturating_sub(bare.len());
    if missing == 0 {
        bare
    } else {
        assembled(&objects, missing)
    }
    .into_bytes()
}

fn assembled(objects: &[String], filling: usize) -> String {
    let mut file = String::from("%PDF-1.4\n");
    if filling > 0 {
        let _ = writeln!(file, "%{}", ".".repeat(filling));
    }
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    let size = objects.len() + 1;
    let _ = write!(file, "xref\n0 {size}\n0000000000 65535 f \n");
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    );
    file
}

const CYRILLIC: &str = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя";
const LATIN: [&str; 33] = [
    "a", "b", "v", "h", "g", "d", "e", "ie", "zh", "z", "y", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s",
    "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "iu", "ia",
];

/// A line for a PDF string: Latin letters, escaped.
fn latin(line: &str) -> String {
    let mut out = String::new();
    for letter in line.chars() {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        let known = CYRILLIC.chars().position(|known| known == small);
        match (known.and_then(|place| LATIN.get(place)), letter) {
            (Some(latin), _) if letter == small => out.push_str(latin),
            (Some(latin), _) => out.push_str(&latin.to_uppercase()),
            (None, '(' | ')' | '\\') => out.extend(['\\', letter]),
            (None, ' '..='~') => out.push(letter),
            (None, _) => out.push('?'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_points_at_the_objects_and_the_size_is_as_wished() {
        for at_least in [0, 50_000] {
            let file = String::from_utf8(pdf(&["ЧЕК (1)".to_owned()], at_least)).unwrap();
            assert!(file.len() >= at_least && file.contains("(CHEK \\(1\\)) Tj"));
            let table: usize = file
                .rsplit("startxref\n")
                .next()
                .unwrap()
                .lines()
                .next()
                .unwrap()
                .parse()
                .unwrap();
            let entries = file[table..].lines().skip(3).take(5);
            for (number, entry) in (1..).zip(entries) {
                let offset: usize = entry[..10].parse().unwrap();
                assert!(file[offset..].starts_with(&format!("{number} 0 obj\n")), "{entry}");
            }
        }
    }
}
