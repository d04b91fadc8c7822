use domain::tax::VatScheme;
use lopdf::{Document, Object};
use receipts::language::Language;
use receipts::paper::Paper;
use receipts::pdf::{Form, pdf};

use crate::papers;
use crate::read::{self, letters};

const FORMS: [Form; 2] = [Form::Roll80, Form::A4];

fn pages(paper: &Paper, form: Form) -> Vec<String> {
    read::pdf(&pdf(paper, Language::Uk, form).unwrap())
}

/// Width and height of each page, in points.
fn sizes(file: &[u8]) -> Vec<(i64, i64)> {
    let document = Document::load_mem(file).unwrap();
    let number = |object: &Object| object.as_float().unwrap().round() as i64;
    document
        .get_pages()
        .values()
        .map(|page| {
            let page = document.get_dictionary(*page).unwrap();
            let sides = page.get(b"MediaBox").unwrap().as_array().unwrap();
            (number(&sides[2]), number(&sides[3]))
        })
        .collect()
}

#[test]
fn numbers_names_and_totals_can_be_searched() {
    for form in FORMS {
        let pages = pages(&papers::vat(), form);
        assert_eq!(pages.len(), 1, "{form:?}");
        for part in [
            "ФІСКАЛЬНИЙ ЧЕК",
            "9000000103",
            "4000999001",
            "ТОВ «Аптека»",
            "ПН 123456789012",
            "Ліки «Здоров’я» № 20",
            "УКТЗЕД 3004900000",
            "10955,47",
            "ПДВ Г 14,5 % від 10500,00",
            "444455XXXXXX1111",
            "21.11.2026 10:15:41",
            "онлайн",
            "Державна податкова служба України",
            "Kasyr",
        ] {
            assert!(pages[0].contains(part), "{part} in {form:?}:\n{}", pages[0]);
        }
    }
}

#[test]
fn a_usual_receipt_has_one_page_and_a_roll_is_as_long_as_it() {
    let short = pdf(&papers::one_line(), Language::Uk, Form::Roll80).unwrap();
    let long = pdf(&papers::forty_lines(), Language::Uk, Form::Roll80).unwrap();
    let (short, long) = (sizes(&short), sizes(&long));
    assert_eq!((short.len(), long.len()), (1, 1));
    assert_eq!((short[0].0, long[0].0), (227, 227), "80 mm");
    assert!(long[0].1 > short[0].1 + 39 * 20, "{short:?} {long:?}");
    assert_eq!(
        sizes(&pdf(&papers::discounts(), Language::Uk, Form::A4).unwrap()),
        [(595, 842)]
    );
}

#[test]
fn many_lines_go_on_on_further_sheets_with_their_head_and_their_count() {
    let pages = pages(&papers::forty_lines(), Form::A4);
    assert_eq!(pages.len(), 2);
    for (place, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Сторінка {} з 2", place + 1)), "{page}");
        assert!(page.contains("Кількість"), "{page}");
    }
    assert!(pages[1].contains("ФІСКАЛЬНИЙ ЧЕК · ЧЕК ФН 9000000103"), "{}", pages[1]);
    let with_total = pages.iter().filter(|page| page.contains("8550,00 ₴")).count();
    assert_eq!(with_total, 1);
    assert!(
        pages[1].contains("Лійка № 40"),
        "the sums are never alone: {}",
        pages[1]
    );
    assert!(!pages[0].contains("Лійка № 40"));
    assert!(pages[0].contains("Насіння чорнобривців № 1"));
}

#[test]
fn a_receipt_longer_than_any_page_goes_on() {
    let name = "Дуже довга назва товару ".repeat(42);
    let lines = (0..80).map(|_| papers::line(&name, "1", 100)).collect();
    let paper = papers::paper(lines, &VatScheme::NotAPayer);
    let roll = pdf(&paper, Language::Uk, Form::Roll80).unwrap();
    let sizes = sizes(&roll);
    assert!(sizes.len() > 1, "{sizes:?}");
    assert!(sizes.iter().all(|(_, height)| *height <= 14_400), "{sizes:?}");
    let found: usize = read::pdf(&roll)
        .iter()
        .map(|page| letters(page).matches("назватовару").count())
        .sum();
    assert_eq!(found, 80 * 42);
}

#[test]
fn long_names_are_broken_and_lose_no_letter() {
    for form in FORMS {
        let text = letters(&pages(&papers::long_names(), form).concat());
        for line in papers::long_names().content.basket.lines() {
            assert!(text.contains(&letters(&line.name)), "{} in {form:?}: {text}", line.name);
        }
    }
}

#[test]
fn a_test_receipt_says_so_on_every_form() {
    for form in FORMS {
        let text = letters(&pages(&papers::test(), form).concat());
        assert_eq!(text.matches("ТЕСТОВИЙЧЕК.НЕЄФІСКАЛЬНИМ").count(), 2, "{text}");
        assert_eq!(
            text.matches("ФІСКАЛЬНИЙЧЕК").count(),
            text.matches("НЕФІСКАЛЬНИЙЧЕК").count()
        );
    }
}

#[test]
fn the_same_receipt_gives_the_same_bytes() {
    for (name, paper) in papers::all() {
        for form in FORMS {
            let (one, other) = (pdf(&paper, Language::En, form), pdf(&paper, Language::En, form));
            assert!(one.unwrap() == other.unwrap(), "{name} {form:?}");
        }
    }
}

#[test]
fn letters_no_font_has_are_drawn_as_boxes_and_break_nothing() {
    let line = papers::line("Кеш’ю 🌰 中文 и\u{306} ☃ кінець", "1", 500);
    let paper = papers::paper(vec![line], &VatScheme::NotAPayer);
    for form in FORMS {
        let text = pages(&paper, form).concat();
        assert!(text.contains("Кеш’ю") && text.contains("кінець"), "{text}");
    }
}

#[test]
fn the_code_leads_to_the_link_only_where_a_browser_may_follow() {
    let uris = |link: Option<&str>| {
        let paper = Paper {
            link: link.map(str::to_owned),
            ..papers::one_line()
        };
        let document = Document::load_mem(&pdf(&paper, Language::Uk, Form::A4).unwrap()).unwrap();
        let uri = |object: &Object| {
            let action = object.as_dict().ok()?.get(b"A").ok()?.as_dict().ok()?;
            let uri = action.get(b"URI").ok()?.as_str().ok()?;
            Some(String::from_utf8(uri.to_vec()).unwrap())
        };
        document.objects.values().filter_map(uri).collect::<Vec<_>>()
    };
    let link = "https://cabinet.tax.gov.ua/cashregs/check?fn=1&id=2";
    assert_eq!(uris(Some(link)), [link]);
    assert_eq!(uris(Some("javascript:alert(1)")), [""; 0]);
    assert_eq!(uris(None), [""; 0]);
}

#[test]
fn the_fonts_are_within_and_cut_to_what_is_used() {
    let file = pdf(&papers::one_line(), Language::Uk, Form::A4).unwrap();
    let document = Document::load_mem(&file).unwrap();
    let names: Vec<String> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| dictionary.has(b"FontFile2"))
        .map(|dictionary| String::from_utf8(dictionary.get(b"FontName").unwrap().as_name().unwrap().to_vec()).unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.contains("+NotoSans-")), "{names:?}");
    assert!(file.len() < 60_000, "{}", file.len());
}
