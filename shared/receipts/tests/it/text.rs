use domain::tax::VatScheme;
use receipts::paper::Paper;
use receipts::text::{COLUMNS, print};

use crate::papers;
use crate::read::letters;

#[test]
fn a_usual_receipt_is_printed() {
    let expected = "
        ФОП Приклад Олена Іванівна
         Інтернет-магазин «Квіти»
        м. Київ, вул. Хрещатик, 1
              ІД 1234567890
------------------------------------------
Чай зелений
2 шт × 125,00                       250,00
Знижка                              -25,00
Чашка порцелянова
3 шт × 333,34                      1000,02
Знижка                               -0,02
Ложка
1 шт × 45,00                         45,00
------------------------------------------
Разом без знижок                   1295,02
Знижки                              -25,02
СУМА, ГРН                          1270,00
------------------------------------------
Банківська картка                  1270,00
Платіжна система                Fondy VISA
ЕПЗ                       444455XXXXXX1111
Код авторизації                     123456
Код транзакції                429417347068
------------------------------------------
ЧЕК ФН                          9000000103
ВН                                       2
ПРРО ФН                         4000999001
Дата і час             21.11.2026 10:15:41
Режим                               онлайн
Касир                        Приклад О. І.
Замовлення                   14#1500639628
------------------------------------------
https://cabinet.tax.gov.ua/cashregs/check?
fn=4000999001&id=9000000103&date=20261121&
time=101541&sm=1270.00
              ФІСКАЛЬНИЙ ЧЕК
    Державна податкова служба України
                  Kasyr
";
    assert_eq!(print(&papers::discounts(), COLUMNS), expected.trim_start_matches('\n'));
}

#[test]
fn letters_and_sums_have_their_own_columns() {
    let text = print(&papers::vat(), COLUMNS);
    for line in [
        "1,5 шт × 100,00                   150,00 А\n",
        "Ліки «Здоров’я» № 20\nУКТЗЕД 3004900000\n1,5 шт × 160,33                   240,50 Б\n",
        "Знижка                            -10,03\n",
        "ПДВ Б 7 % від 230,47                 15,08\n",
        "Обіг Б без знижок                   240,50\n",
        "ПДВ Г 14,5 % від 10500,00          1329,69\n",
    ] {
        assert!(text.contains(line), "{line:?} in\n{text}");
    }
}

#[test]
fn no_line_is_wider_than_the_paper_and_no_letter_is_lost() {
    for (name, paper) in papers::all() {
        for columns in [COLUMNS, 16, 24, 32, 48, 80] {
            let text = print(&paper, columns);
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(columns), "{name} at {columns}:\n{text}");
            for line in paper.content.basket.lines() {
                assert!(
                    letters(&text).contains(&letters(&line.name)),
                    "{name} at {columns}:\n{text}"
                );
            }
        }
    }
}

#[test]
fn paper_narrower_than_any_paper_is_taken_for_the_narrowest() {
    assert_eq!(print(&papers::one_line(), 0), print(&papers::one_line(), 16));
}

#[test]
fn a_name_cannot_forge_a_line() {
    let line = papers::line("Чай\u{2028}СУМА, ГРН   1,00\u{202e}", "1", 500);
    let text = print(&papers::paper(vec![line], &VatScheme::NotAPayer), COLUMNS);
    assert!(text.contains("\nЧай СУМА, ГРН 1,00\n"), "{text}");
}

#[test]
fn a_test_receipt_says_so_twice_and_is_not_called_fiscal() {
    let text = print(&papers::test(), COLUMNS);
    let stars = "*".repeat(COLUMNS);
    let mark = format!("{stars}\n      ТЕСТОВИЙ ЧЕК. НЕ Є ФІСКАЛЬНИМ\n{stars}\n");
    assert_eq!(text.matches(&mark).count(), 2, "{text}");
    assert!(!text.contains(" ФІСКАЛЬНИЙ ЧЕК"), "{text}");
    assert!(text.contains("НЕФІСКАЛЬНИЙ ЧЕК"), "{text}");
}

#[test]
fn what_is_not_known_leaves_no_empty_line() {
    let paper = Paper {
        local_number: None,
        cashier: Some(" \u{200b} ".to_owned()),
        registered_at: None,
        link: None,
        ..papers::one_line()
    };
    let text = print(&paper, COLUMNS);
    for label in ["ВН ", "Касир", "Дата", "https"] {
        assert!(!text.contains(&format!("\n{label}")), "{label} in\n{text}");
    }
    assert!(!text.contains("\n\n"), "{text}");
}
