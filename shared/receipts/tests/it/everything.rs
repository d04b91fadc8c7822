//! Whatever a receipt says is found in every rendering.

use domain::money::Kopecks;
use receipts::html::article;
use receipts::language::Language;
use receipts::paper::{Paper, TaxId};
use receipts::pdf::{Form, pdf};
use receipts::text::{COLUMNS, print};

use crate::papers;
use crate::read::{self, letters};

/// Every name, number and sum of a receipt, as text.
fn said(paper: &Paper, language: Language) -> Vec<String> {
    let money = |amount: Kopecks| match language {
        Language::Uk => amount.to_string().replace('.', ","),
        Language::En => amount.to_string(),
    };
    let content = &paper.content;
    let mut parts = vec![
        paper.seller.name.clone(),
        paper.register_number.clone(),
        paper.fiscal_number.clone(),
        paper.order.clone(),
        money(content.total()),
        "Державна податкова служба України".to_owned(),
        "Kasyr".to_owned(),
        "21.11.2026 10:15:41".to_owned(),
    ];
    let means = &content.means;
    for part in [
        &paper.seller.unit,
        &paper.seller.address,
        &paper.cashier,
        &paper.control_number,
        &paper.sale,
        &means.system,
        &means.masked_card,
        &means.auth_code,
        &means.transaction_id,
    ] {
        parts.extend(part.clone());
    }
    parts.extend(paper.local_number.map(|number| number.to_string()));
    parts.extend(paper.seller.tax_id.as_ref().map(|tax_id| match tax_id {
        TaxId::VatPayer(number) | TaxId::NonPayer(number) => number.clone(),
    }));
    for line in content.basket.lines() {
        parts.extend([
            line.name.clone(),
            line.unit.name.clone(),
            money(line.price),
            money(line.cost),
        ]);
        parts.extend(line.code.iter().chain(&line.uktzed).cloned());
        parts.extend(line.letter.map(|letter| letter.to_string()));
        parts.extend((!line.discount.is_zero()).then(|| format!("-{}", money(line.discount))));
    }
    for row in &content.taxes {
        parts.extend([row.tax, row.taxable, row.turnover].map(money));
        parts.push(row.letter.to_string());
    }
    parts
}

#[test]
fn nothing_is_left_out_of_any_rendering() {
    for (name, paper) in papers::all() {
        for language in Language::ALL {
            let rendered = |form| read::pdf(&pdf(&paper, language, form).unwrap()).concat();
            let mut renderings = vec![
                ("html", read::html(&article(&paper, language).into_string())),
                ("roll", rendered(Form::Roll80)),
                ("A4", rendered(Form::A4)),
            ];
            if language == Language::Uk {
                renderings.push(("text", print(&paper, COLUMNS)));
            }
            for (rendering, text) in renderings {
                let found = letters(&text);
                for part in said(&paper, language) {
                    assert!(
                        found.contains(&letters(&part)),
                        "{part} of {name} in {rendering}:\n{text}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_refund_names_itself_and_its_sale_everywhere() {
    let paper = papers::refund();
    for text in [
        print(&paper, COLUMNS),
        read::html(&article(&paper, Language::En).into_string()),
        read::pdf(&pdf(&paper, Language::En, Form::A4).unwrap()).concat(),
        read::pdf(&pdf(&paper, Language::Uk, Form::Roll80).unwrap()).concat(),
    ] {
        let found = letters(&text);
        assert!(found.contains("ВИДАТКОВИЙЧЕК(повернення)"), "{text}");
        assert!(found.contains("9000000103") && found.contains("9000000109"), "{text}");
        assert!(found.contains("СУМАПОВЕРНЕННЯ"), "{text}");
    }
}

#[test]
fn a_sale_says_nothing_of_another_sale() {
    let paper = Paper {
        sale: Some("9999999999".to_owned()),
        ..papers::one_line()
    };
    assert!(!print(&paper, COLUMNS).contains("9999999999"));
}
