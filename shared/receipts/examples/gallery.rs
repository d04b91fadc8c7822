//! Writes eight receipts as HTML, PDF, text and letter into a folder, to be looked at:
//! `cargo run -p receipts --example gallery -- /tmp/gallery`.

use std::error::Error;
use std::fs;
use std::path::Path;

use receipts::html::{self, Links, Provider};
use receipts::language::Language;
use receipts::letter::{LetterLinks, letter};
use receipts::paper::Paper;
use receipts::pdf::{Form, pdf};
use receipts::text;

#[expect(clippy::unwrap_used, reason = "the receipts to try things on are the tests' own")]
#[path = "../tests/it/papers.rs"]
mod papers;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder to write to")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("receipt.css"), html::STYLE)?;
    for (name, paper) in papers::all() {
        for language in Language::ALL {
            write(folder, name, &paper, language)?;
        }
        fs::write(folder.join(format!("{name}.txt")), text::print(&paper, text::COLUMNS))?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, paper: &Paper, language: Language) -> Result<(), Box<dyn Error>> {
    let code = language.code();
    let file = |ending: &str| folder.join(format!("{name}.{code}.{ending}"));
    let links = Links {
        style: "receipt.css".to_owned(),
        a4: format!("{name}.{code}.a4.pdf"),
        roll: format!("{name}.{code}.80.pdf"),
        other_language: format!("{name}.{}.html", language.other().code()),
        provider: Some(Provider {
            name: "Cashälot".to_owned(),
            href: "#".to_owned(),
        }),
    };
    fs::write(file("html"), html::page(paper, language, &links))?;
    fs::write(file("a4.pdf"), pdf(paper, language, Form::A4)?)?;
    fs::write(file("80.pdf"), pdf(paper, language, Form::Roll80)?)?;
    let links = LetterLinks {
        receipt_page: "https://kasyr.example/r/token".to_owned(),
    };
    let letter = letter(paper, language, &links);
    if let Some(qr) = letter.qr {
        fs::write(file("qr.png"), qr)?;
    }
    let shown = letter.html.replace("cid:qr", &format!("{name}.{code}.qr.png"));
    fs::write(file("letter.html"), shown)?;
    fs::write(file("letter.txt"), format!("{}\n\n{}", letter.subject, letter.text))?;
    Ok(())
}
