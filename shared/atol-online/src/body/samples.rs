//! Documents for tests.

use wire::Personal;

use crate::{
    BaseDate, Buyer, Company, CorrectionInfo, CorrectionKind, Document, Item, Measure, Money, MoscowTime, Operation,
    Payment, PaymentMethod, PaymentObject, PaymentType, Quantity, Receipt, Sno, Vat, VatTable,
};

pub(crate) fn vat(word: &str, kopecks: u64) -> Vat {
    Vat {
        kind: VatTable::default().get(word).unwrap(),
        sum: Some(Money::from_kopecks(kopecks)),
    }
}

pub(crate) fn item() -> Item {
    Item {
        name: "Notebook".to_owned(),
        price: Money::from_kopecks(15_000),
        quantity: Quantity::from_thousandths(2_000),
        sum: Money::from_kopecks(30_000),
        unit: Measure::Piece,
        payment_method: PaymentMethod::FullPayment,
        payment_object: PaymentObject::Commodity,
        vat: vat("vat20", 5_000),
    }
}

/// A sale that both versions take.
pub(crate) fn sale() -> Document {
    Document {
        operation: Operation::Sell,
        timestamp: MoscowTime::parse("21.11.2026 10:15:40").unwrap(),
        external_id: "shopA-90017-1".to_owned(),
        callback_url: Some("https://gw.example/atol/cb/7f3a".into()),
        ism_optional: None,
        correction: None,
        receipt: Receipt {
            client: Buyer {
                email: Some(Personal::new("buyer@mail.example")),
                ..Buyer::default()
            },
            company: Company {
                email: "till@shop.example".to_owned(),
                sno: Some(Sno::Osn),
                inn: "0000000000".to_owned(),
                payment_address: "https://shop.example".to_owned(),
                location: None,
            },
            items: vec![item()],
            payments: vec![Payment {
                kind: PaymentType::Cashless,
                sum: Money::from_kopecks(30_000),
            }],
            vats: vec![vat("vat20", 5_000)],
            total: Money::from_kopecks(30_000),
            cashier: None,
            cashier_inn: None,
            additional_check_props: None,
            additional_user_props: None,
            device_number: None,
        },
    }
}

/// A correction that both versions take.
pub(crate) fn correction() -> Document {
    Document {
        operation: Operation::SellCorrection,
        callback_url: None,
        external_id: "shopA-c-12-1".to_owned(),
        correction: Some(CorrectionInfo {
            kind: CorrectionKind::Own,
            base_date: BaseDate::new(2026, 11, 20).unwrap(),
            base_number: Some("12".to_owned()),
        }),
        ..sale()
    }
}
