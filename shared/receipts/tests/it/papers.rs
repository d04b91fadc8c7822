//! Receipts to try things on: the eight cases that are looked at as pictures.

use domain::basket::{Basket, Line};
use domain::document::Presence;
use domain::event::PaymentMeans;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::tax::{Rate, VatLetter, VatScheme};
use receipts::paper::{Kind, Paper, Seller, TaxId};

/// Each with a name.
pub fn all() -> Vec<(&'static str, Paper)> {
    vec![
        ("one-line", one_line()),
        ("forty-lines", forty_lines()),
        ("long-names", long_names()),
        ("discounts", discounts()),
        ("vat", vat()),
        ("refund", refund()),
        ("offline", offline()),
        ("test", test()),
    ]
}

pub fn one_line() -> Paper {
    paper(
        vec![line("Чай чорний «Карпатський», 100 г", "1", 26_750)],
        &VatScheme::NotAPayer,
    )
}

pub fn forty_lines() -> Paper {
    let goods = [
        "Насіння чорнобривців",
        "Горщик керамічний",
        "Ґрунт для квітів, 5 л",
        "Добриво",
        "Лійка",
    ];
    let lines = (0..40_u64)
        .map(|number| {
            let name = format!("{} № {}", goods[(number % 5) as usize], number + 1);
            line(&name, &format!("{}", number % 4 + 1), 1_050 + number * 375)
        })
        .collect();
    paper(lines, &VatScheme::NotAPayer)
}

pub fn long_names() -> Paper {
    let name = "Букет із двадцяти п’яти півоній «Сара Бернар» рожевих, із зеленню евкаліпта, у капелюшній коробці з оксамитовою \
                стрічкою та листівкою ручної роботи; доставка кур’єром у межах міста в зручний для отримувача час";
    let code = "НАЗВАБЕЗЖОДНОГОПРОБІЛУ".repeat(7);
    let mut lines = vec![
        line(name, "1", 345_000),
        line(&code, "12.125", 999_999),
        line("Ґ", "1000000", 1),
    ];
    lines[0].uktzed = Some("0603190000".to_owned());
    lines[0].code = Some("BQ-25-SARAH-BERNHARDT-PINK-VELVET".to_owned());
    lines[1].unit.name = "погонний метр".to_owned();
    Paper {
        seller: Seller {
            name: "Товариство з обмеженою відповідальністю «Квіткова майстерня Олександри Пономаренко та партнерів»".to_owned(),
            unit: Some("Інтернет-магазин «Найкращі букети Києва та області з доставкою»".to_owned()),
            address: Some(
                "Україна, 01001, м. Київ, Шевченківський р-н, вул. Велика Васильківська, буд. 143/2, корпус Б, офіс 401".to_owned(),
            ),
            tax_id: Some(TaxId::NonPayer("1234567890".to_owned())),
        },
        order: "shop-2026-11-21-замовлення-з-дуже-довгим-номером-#1500639628/7".to_owned(),
        ..paper(lines, &VatScheme::NotAPayer)
    }
}

pub fn discounts() -> Paper {
    let mut tea = line("Чай зелений", "2", 12_500);
    tea.discount = kopecks(2_500);
    let mut cup = line("Чашка порцелянова", "3", 33_334);
    cup.discount = kopecks(2);
    paper(vec![tea, cup, line("Ложка", "1", 4_500)], &VatScheme::NotAPayer)
}

pub fn vat() -> Paper {
    let rates = [("А", 2_000), ("Б", 700), ("В", 0), ("Г", 1_450)]
        .map(|(letter, points)| (self::letter(letter), Rate::from_basis_points(points).unwrap()));
    let scheme = VatScheme::letters(self::letter("А"), rates.into()).unwrap();
    let lettered = |name: &str, text: &str, price| Line {
        letter: Some(letter(text)),
        ..line(name, "1.5", price)
    };
    let mut pills = lettered("Ліки «Здоров’я» № 20", "Б", 16_033);
    pills.discount = kopecks(1_003);
    pills.uktzed = Some("3004900000".to_owned());
    let mut paper = paper(
        vec![
            lettered("Чай чорний", "А", 10_000),
            pills,
            lettered("Експортний товар", "В", 5_000),
            lettered("Зерно", "Г", 700_000),
        ],
        &scheme,
    );
    paper.seller.tax_id = Some(TaxId::VatPayer("123456789012".to_owned()));
    paper.seller.name = "ТОВ «Аптека»".to_owned();
    paper
}

pub fn refund() -> Paper {
    Paper {
        kind: Kind::Return,
        fiscal_number: "9000000109".to_owned(),
        local_number: Some(6),
        sale: Some("9000000103".to_owned()),
        ..one_line()
    }
}

pub fn offline() -> Paper {
    let mac = "1f2e3d4c5b6a79880a1b2c3d4e5f60718293a4b5c6d7e8f90011223344556677";
    Paper {
        fiscal_number: "700010.2.3414".to_owned(),
        presence: Presence::Offline,
        control_number: Some(mac.to_owned()),
        link: Some(format!(
            "https://cabinet.tax.gov.ua/cashregs/check?fn=4000999001&id=700010.2.3414&date=20261121&time=101541&sm=267.50&mac={mac}"
        )),
        ..one_line()
    }
}

pub fn test() -> Paper {
    Paper {
        test: true,
        ..one_line()
    }
}

pub fn paper(lines: Vec<Line>, vat: &VatScheme) -> Paper {
    let basket = Basket::new(lines).unwrap();
    let paid = basket.total();
    let means = PaymentMeans {
        system: Some("Fondy VISA".to_owned()),
        masked_card: Some("444455XXXXXX1111".to_owned()),
        auth_code: Some("123456".to_owned()),
        transaction_id: Some("429417347068".to_owned()),
    };
    Paper {
        kind: Kind::Sale,
        seller: Seller {
            name: "ФОП Приклад Олена Іванівна".to_owned(),
            unit: Some("Інтернет-магазин «Квіти»".to_owned()),
            address: Some("м. Київ, вул. Хрещатик, 1".to_owned()),
            tax_id: Some(TaxId::NonPayer("1234567890".to_owned())),
        },
        register_number: "4000999001".to_owned(),
        fiscal_number: "9000000103".to_owned(),
        local_number: Some(2),
        cashier: Some("Приклад О. І.".to_owned()),
        registered_at: Some("2026-11-21T10:15:41.123+02:00".to_owned()),
        presence: Presence::Online,
        control_number: None,
        content: Receipt::sale(basket, paid, MismatchPolicy::Hold, vat, means).unwrap(),
        sale: None,
        order: "14#1500639628".to_owned(),
        link: Some(format!(
            "https://cabinet.tax.gov.ua/cashregs/check?fn=4000999001&id=9000000103&date=20261121&time=101541&sm={paid}"
        )),
        by_gateway: false,
        test: false,
    }
}

pub fn line(name: &str, quantity: &str, price: u64) -> Line {
    let quantity = Quantity::parse(quantity).unwrap();
    let total = quantity.cost_at(kopecks(price)).unwrap();
    Line::with_total(name, quantity, kopecks(price), total).unwrap()
}

pub fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn letter(text: &str) -> VatLetter {
    VatLetter::parse(text).unwrap()
}
