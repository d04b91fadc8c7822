use domain::tax::VatScheme;
use receipts::html::{Links, Provider, STYLE, article, page};
use receipts::language::Language;
use receipts::paper::Paper;

use crate::papers;
use crate::read;

fn links(provider: Option<Provider>) -> Links {
    Links {
        style: "/r/receipt.abc.css".to_owned(),
        a4: "/r/t0ken/a4.pdf".to_owned(),
        roll: "/r/t0ken/80.pdf".to_owned(),
        other_language: "/r/t0ken?lang=en".to_owned(),
        provider,
    }
}

#[test]
fn what_others_wrote_is_escaped() {
    let evil = "<script>alert(\"1\")</script>&amp;";
    let mut paper = papers::paper(vec![papers::line(evil, "1", 500)], &VatScheme::NotAPayer);
    paper.seller.name = evil.to_owned();
    paper.order = evil.to_owned();
    paper.cashier = Some(evil.to_owned());
    paper.fiscal_number = evil.to_owned();
    paper.link = Some(format!("https://example.com/\"><{evil}"));
    let mut links = links(None);
    links.a4 = format!("/\"{evil}");
    for language in Language::ALL {
        let page = page(&paper, language, &links);
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains("com/\"><"), "{page}");
        assert!(page.matches("&lt;script&gt;").count() > 5, "{page}");
    }
}

#[test]
fn nothing_inline_stands_in_the_way_of_a_strict_policy() {
    for (name, paper) in papers::all() {
        let page = page(&paper, Language::Uk, &links(None));
        for forbidden in [
            "style=",
            "<style",
            "<script",
            "onclick",
            "javascript:",
            "http-equiv",
            "<img",
        ] {
            assert!(!page.contains(forbidden), "{forbidden} in {name}");
        }
        assert_eq!(page.matches("<link ").count(), 1, "{name}");
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

#[test]
fn a_link_is_followed_only_where_it_leads_to_the_web() {
    let with = |link: &str| {
        article(
            &Paper {
                link: Some(link.to_owned()),
                ..papers::one_line()
            },
            Language::Uk,
        )
        .into_string()
    };
    assert!(with("https://a.example/?a=1&b=2").contains("href=\"https://a.example/?a=1&amp;b=2\""));
    let odd = with("javascript:alert(1)");
    assert!(!odd.contains("href"), "{odd}");
    assert!(odd.contains("<span>javascript:alert(1)</span>"), "{odd}");
}

#[test]
fn the_page_leads_to_the_pdfs_the_other_language_and_the_providers_rendering() {
    let provider = Provider {
        name: "Cashälot".to_owned(),
        href: "/r/t0ken/provider".to_owned(),
    };
    let page = page(&papers::one_line(), Language::Uk, &links(Some(provider)));
    for part in [
        "<!DOCTYPE html><html lang=\"uk\">",
        "<title>ФІСКАЛЬНИЙ ЧЕК 9000000103, ФОП Приклад Олена Іванівна</title>",
        "<link rel=\"stylesheet\" href=\"/r/receipt.abc.css\">",
        "<meta name=\"robots\" content=\"noindex, nofollow\">",
        "<meta name=\"referrer\" content=\"no-referrer\">",
        "href=\"/r/t0ken/a4.pdf\"",
        "href=\"/r/t0ken/80.pdf\"",
        "<a class=\"language\" href=\"/r/t0ken?lang=en\" hreflang=\"en\" lang=\"en\">English</a>",
        "<a href=\"/r/t0ken/provider\">Чек, як його показує Cashälot</a>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn english_has_labels_and_keeps_the_words_of_the_law() {
    let text = read::html(&article(&papers::vat(), Language::En).into_string());
    for part in [
        "ФІСКАЛЬНИЙ ЧЕК",
        "Fiscal receipt",
        "ПН (VAT payer no.) 123456789012",
        "TOTAL (СУМА)",
        "10955.47 ₴",
        "ПДВ (VAT) Г 14.5 % of 10500.00",
        "1.5 шт × 160.33",
        "Receipt no. (ЧЕК ФН)",
        "онлайн (online)",
        "Державна податкова служба України",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    for missing in ["Знижка", "Касир", "Замовлення"] {
        assert!(!text.contains(missing), "{missing} in {text}");
    }
}

#[test]
fn every_class_has_its_style() {
    let mut pages = String::new();
    for (_, paper) in papers::all() {
        let provider = Provider {
            name: "P".to_owned(),
            href: "#".to_owned(),
        };
        pages.push_str(&page(&paper, Language::En, &links(Some(provider))));
    }
    for classes in pages.split("class=\"").skip(1) {
        for class in classes.split('"').next().unwrap().split(' ') {
            assert!(STYLE.contains(&format!(".{class}")), "{class}");
        }
    }
}
