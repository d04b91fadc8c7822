//! Why a document waits for a person.

/// The reason of a hold. The code is stable (database, metrics, API); the advice is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldReason {
    /// The basket's total is not what was paid.
    BasketMismatch,
    /// The basket or description cannot be put on a receipt.
    BasketUnusable,
    /// A line has a VAT letter the register does not know.
    UnknownVatLetter,
    /// Paid in another currency than hryvnias.
    ForeignCurrency,
    /// The payment system says something no rule covers.
    StrangeEvent,
    /// The payment system does not confirm the payment.
    NotConfirmed,
    /// A second payment came for an order that has a receipt.
    SecondPayment,
    /// More would be given back than was sold.
    RefundExceedsSale,
    /// The lines of a refund do not fit the sale.
    RefundLinesMismatch,
    /// The provider refused this document for good.
    RefusedByProvider,
    /// It could not be found out whether the document was registered.
    DoubtUnresolved,
    /// It gives back a sale that a person settled another way, so there is no receipt to refer to.
    SaleClosed,
    /// The receivers' parts of a split are not what was paid.
    SplitMismatch,
    /// A split was told after receipts were made another way.
    SplitTooLate,
    /// Part of a split payment went back, and nobody says which receiver's.
    ReceiverUnknown,
}

impl HoldReason {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 15] = [
        Self::BasketMismatch,
        Self::BasketUnusable,
        Self::UnknownVatLetter,
        Self::ForeignCurrency,
        Self::StrangeEvent,
        Self::NotConfirmed,
        Self::SecondPayment,
        Self::RefundExceedsSale,
        Self::RefundLinesMismatch,
        Self::RefusedByProvider,
        Self::DoubtUnresolved,
        Self::SaleClosed,
        Self::SplitMismatch,
        Self::SplitTooLate,
        Self::ReceiverUnknown,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BasketMismatch => "basket_mismatch",
            Self::BasketUnusable => "basket_unusable",
            Self::UnknownVatLetter => "unknown_vat_letter",
            Self::ForeignCurrency => "foreign_currency",
            Self::StrangeEvent => "strange_event",
            Self::NotConfirmed => "not_confirmed",
            Self::SecondPayment => "second_payment",
            Self::RefundExceedsSale => "refund_exceeds_sale",
            Self::RefundLinesMismatch => "refund_lines_mismatch",
            Self::RefusedByProvider => "refused_by_provider",
            Self::DoubtUnresolved => "doubt_unresolved",
            Self::SaleClosed => "sale_closed",
            Self::SplitMismatch => "split_mismatch",
            Self::SplitTooLate => "split_too_late",
            Self::ReceiverUnknown => "receiver_unknown",
        }
    }

    /// Reads a code back; `None` for one we never wrote.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What a person should do next.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::BasketMismatch | Self::BasketUnusable => {
                "correct the order's basket (PUT /v1/orders/{order_id}), then resend the document"
            }
            Self::UnknownVatLetter => "add the VAT letter to the register's tax settings, then resend the document",
            Self::ForeignCurrency => "make the receipt by hand: a fiscal receipt is in hryvnias",
            Self::StrangeEvent => "look at the order at the payment system; its next message is handled as usual",
            Self::NotConfirmed => "look for the payment in the payment system's cabinet; resend only if it is there",
            Self::SecondPayment => {
                "find out whether the buyer paid twice; refund one payment or make its receipt by hand"
            }
            Self::RefundExceedsSale => "compare the refunds with the sale at the payment system; resend once they fit",
            Self::RefundLinesMismatch => "send the refund again with lines that fit the sale, or without lines",
            Self::RefusedByProvider => "read the provider's message, correct the data, then resend the document",
            Self::DoubtUnresolved => "look for the document in the register's cabinet; resend only if it is not there",
            Self::SaleClosed => "settle the refund the way its sale was settled, then close it with a reason",
            Self::SplitMismatch => {
                "correct the order's receivers (PUT /v1/orders/{order_id}), then resend: the payment is divided anew"
            }
            Self::SplitTooLate => {
                "compare the receipts with the split; correct them by hand if needed, then close this with a reason"
            }
            Self::ReceiverUnknown => {
                "say whose part came back (POST /v1/events, a refund with its receiver), then close this with a reason \
                 unless it closed by itself"
            }
        }
    }

    /// The same in Ukrainian.
    pub const fn next_step_uk(self) -> &'static str {
        match self {
            Self::BasketMismatch | Self::BasketUnusable => {
                "виправте кошик замовлення (PUT /v1/orders/{order_id}) і надішліть документ ще раз"
            }
            Self::UnknownVatLetter => "додайте літеру ПДВ до налаштувань каси і надішліть документ ще раз",
            Self::ForeignCurrency => "зробіть чек вручну: фіскальний чек буває лише в гривнях",
            Self::StrangeEvent => {
                "перегляньте замовлення в платіжній системі; її наступне повідомлення буде оброблено як звичайно"
            }
            Self::NotConfirmed => {
                "знайдіть оплату в кабінеті платіжної системи; надсилайте ще раз, лише якщо вона там є"
            }
            Self::SecondPayment => {
                "з'ясуйте, чи покупець заплатив двічі; поверніть одну оплату або зробіть її чек вручну"
            }
            Self::RefundExceedsSale => {
                "порівняйте повернення з продажем у платіжній системі; надішліть ще раз, коли вони зійдуться"
            }
            Self::RefundLinesMismatch => {
                "надішліть повернення ще раз з рядками, що відповідають продажу, або без рядків"
            }
            Self::RefusedByProvider => "прочитайте відповідь каси, виправте дані і надішліть документ ще раз",
            Self::DoubtUnresolved => "знайдіть документ у кабінеті каси; надсилайте ще раз, лише якщо його там немає",
            Self::SaleClosed => "владнайте повернення так само, як його продаж, а тоді закрийте його з поясненням",
            Self::SplitMismatch => {
                "виправте отримувачів замовлення (PUT /v1/orders/{order_id}) і надішліть ще раз: оплату буде поділено наново"
            }
            Self::SplitTooLate => {
                "порівняйте чеки з поділом оплати; за потреби виправте їх вручну, а тоді закрийте це з поясненням"
            }
            Self::ReceiverUnknown => {
                "скажіть, чию частину повернуто (POST /v1/events, повернення з отримувачем), а тоді закрийте це з \
                 поясненням, якщо воно не закрилося само"
            }
        }
    }

    /// May a person have the document sent, its content made anew? The others need another way out.
    pub const fn can_be_resent(self) -> bool {
        match self {
            Self::BasketMismatch
            | Self::BasketUnusable
            | Self::UnknownVatLetter
            | Self::RefundExceedsSale
            | Self::RefundLinesMismatch
            | Self::RefusedByProvider
            | Self::NotConfirmed
            | Self::DoubtUnresolved
            | Self::SplitMismatch => true,
            Self::ForeignCurrency
            | Self::StrangeEvent
            | Self::SecondPayment
            | Self::SaleClosed
            | Self::SplitTooLate
            | Self::ReceiverUnknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_read_back() {
        for reason in HoldReason::ALL {
            assert_eq!(HoldReason::parse(reason.code()), Some(reason));
        }
        assert_eq!(HoldReason::parse("other"), None);
    }
}
