use receipts::language::Language;
use receipts::letter::{Letter, LetterLinks, letter};
use receipts::paper::{Kind, Paper};

use crate::papers;
use crate::read;

const PAGE: &str = "https://kasyr.example/r/t0ken";

fn of(paper: &Paper, language: Language) -> Letter {
    let links = LetterLinks {
        receipt_page: PAGE.to_owned(),
    };
    letter(paper, language, &links)
}

#[test]
fn the_subject_tells_what_it_is() {
    let kind = |kind| Paper {
        kind,
        ..papers::one_line()
    };
    for (paper, language, subject) in [
        (
            kind(Kind::Sale),
            Language::Uk,
            "Чек від ФОП Приклад Олена Іванівна на 267,50 ₴",
        ),
        (
            kind(Kind::Return),
            Language::Uk,
            "Повернення 267,50 ₴ від ФОП Приклад Олена Іванівна: чек",
        ),
        (
            kind(Kind::Sale),
            Language::En,
            "Your receipt from ФОП Приклад Олена Іванівна for 267.50 ₴",
        ),
        (
            kind(Kind::Storno),
            Language::En,
            "Refund of 267.50 ₴ from ФОП Приклад Олена Іванівна: your receipt",
        ),
        (
            papers::test(),
            Language::Uk,
            "[ТЕСТ] Чек від ФОП Приклад Олена Іванівна на 267,50 ₴",
        ),
    ] {
        assert_eq!(of(&paper, language).subject, subject);
    }
}

#[test]
fn a_name_cannot_break_out_of_the_subject() {
    let mut paper = papers::one_line();
    paper.seller.name = "ФОП\r\nBcc: all@example.com".to_owned();
    assert_eq!(
        of(&paper, Language::Uk).subject,
        "Чек від ФОП Bcc: all@example.com на 267,50 ₴"
    );
    paper.seller.name = "Ж".repeat(300);
    assert_eq!(
        of(&paper, Language::Uk).subject,
        format!("Чек від {}… на 267,50 ₴", "Ж".repeat(80))
    );
}

#[test]
fn both_parts_tell_the_same() {
    for (name, paper) in papers::all() {
        for language in Language::ALL {
            let letter = of(&paper, language);
            let (text, html) = (&letter.text, read::html(&letter.html));
            let sum = paper.content.total().to_string();
            let sum = if language == Language::Uk {
                sum.replace('.', ",")
            } else {
                sum
            };
            for part in [
                sum.as_str(),
                &paper.seller.name,
                &paper.order,
                &paper.fiscal_number,
                "21.11.2026 10:15:41",
            ] {
                assert!(text.contains(part), "{part} in {name}:\n{text}");
                assert!(html.contains(part), "{part} in {name}:\n{html}");
            }
            let link = paper.link.as_deref().unwrap();
            assert!(text.contains(link) && text.contains(PAGE), "{name}:\n{text}");
            let escaped = link.replace('&', "&amp;");
            assert!(letter.html.contains(&format!("href=\"{escaped}\"")), "{}", letter.html);
            assert!(letter.html.contains(&format!("href=\"{PAGE}\"")), "{}", letter.html);
            assert_eq!(text.contains("НЕ Є ФІСКАЛЬНИМ"), paper.test);
            assert_eq!(html.contains("НЕ Є ФІСКАЛЬНИМ"), paper.test);
        }
    }
}

#[test]
fn the_picture_in_the_letter_leads_to_the_receipt() {
    let letter = of(&papers::offline(), Language::Uk);
    let (light, side) = read::png(&letter.qr.unwrap());
    assert_eq!(Some(read::code(&light, side)), papers::offline().link);
    assert_eq!(letter.html.matches("src=\"").count(), 1, "nothing from elsewhere");
    assert!(letter.html.contains("src=\"cid:qr\""));
    assert!(letter.text.contains("без зв’язку"), "{}", letter.text);
}

#[test]
fn a_receipt_without_a_link_has_no_picture() {
    let paper = Paper {
        link: None,
        ..papers::one_line()
    };
    let letter = of(&paper, Language::Uk);
    assert_eq!(letter.qr, None);
    assert!(!letter.html.contains("<img") && !letter.html.contains("cid:"));
    assert!(letter.text.contains(PAGE) && !letter.text.contains("tax.gov.ua"));
}

#[test]
fn what_others_wrote_is_escaped() {
    let mut paper = papers::one_line();
    paper.seller.name = "<img src=x onerror=alert(1)>".to_owned();
    paper.order = "\"><script>".to_owned();
    let letter = of(&paper, Language::En);
    assert!(
        !letter.html.contains("<img src=x") && !letter.html.contains("<script"),
        "{}",
        letter.html
    );
}
