//! What Kasyr says of a document or a report in English, in Ukrainian. Reasons are kept in the ledger in English,
//! once, as they go to logs and to the API; people read them in their own language.

/// English with a place for each value, and the same in Ukrainian; `{}` are taken over in order.
const SAID: &[(&str, &str)] = &[
    ("the basket's total is {} and {} was paid", "кошик на {}, а сплачено {}"),
    (
        "the VAT letter {} has no rate at this register",
        "для літери ПДВ {} на цій касі немає ставки",
    ),
    (
        "the basket has no line that costs anything",
        "у кошику немає жодного рядка з ціною",
    ),
    ("a line has no name", "рядок без назви"),
    (
        "a line's name has more than {} characters",
        "назва рядка довша за {} знаків",
    ),
    ("a line's name has a control character", "у назві рядка є керівний знак"),
    ("the amounts of the basket are too large", "суми кошика завеликі"),
    (
        "the basket has more than {} lines",
        "у кошику більше рядків, ніж можна: {}",
    ),
    ("the payment's basket: {}", "кошик із платежу: {}"),
    ("the lines cannot be used", "рядки не можна використати"),
    (
        "{} would be given back; {} was sold and {} given back before",
        "повертають {}; продано {}, раніше повернуто {}",
    ),
    (
        "{} would be given back and {} is left of the sale",
        "повертають {}, а від продажу лишилося {}",
    ),
    (
        "the refund's lines add up to {} and its amount is {}",
        "рядки повернення разом {}, а сума повернення {}",
    ),
    (
        "the refund's lines give back more under a VAT letter than is left of the sale",
        "за літерою ПДВ повертають більше, ніж лишилося від продажу",
    ),
    (
        "the payment was divided already, not by this settlement",
        "оплату вже поділено, і не цим поділом",
    ),
    ("the payment system declined it", "платіжна система відмовила"),
    (
        "the payment system does not know it",
        "платіжна система про нього не знає",
    ),
    (
        "the receivers' parts add up to {} and {} was paid",
        "частини отримувачів разом {}, а сплачено {}",
    ),
    (
        "the payment was divided between receivers after its receipt was planned",
        "оплату поділили між отримувачами, коли її чек уже було заплановано",
    ),
    (
        "the payment system divides the payment otherwise than its receipts do",
        "платіжна система поділила оплату інакше, ніж її чеки",
    ),
    (
        "{} came back, and nobody says which receiver's it was",
        "повернуто {}, і ніхто не каже, чия це частина",
    ),
    ("the order has no receiver {}", "у замовленні немає отримувача {}"),
    (
        "its receiver has no basket in the order",
        "для його отримувача в замовленні немає кошика",
    ),
    (
        "{} was paid again for an order that has a receipt of {}",
        "ще раз сплачено {} за замовлення, що має чек на {}",
    ),
    (
        "{} is said to be paid, and the receipt is for {}",
        "кажуть, що сплачено {}, а чек на {}",
    ),
    ("{} kopecks were given back of {}", "повернуто {} коп. із {}"),
    (
        "{} minor units of \"{}\" were charged",
        "списано {} найменших одиниць валюти «{}»",
    ),
    (
        "the order status \"{}\" is not known",
        "статус замовлення «{}» невідомий",
    ),
    (
        "paid by the operation \"{}\", which is not known",
        "сплачено невідомою операцією «{}»",
    ),
    ("paid, but nothing was charged", "сплачено, але нічого не списано"),
    ("{} kopecks were charged of {} held", "списано {} коп. із {} утриманих"),
    (
        "{} kopecks of a hold of {} were given back",
        "повернуто {} коп. з утримання {}",
    ),
    (
        "nobody says in which currency the charged part is",
        "ніхто не каже, у якій валюті списана частина",
    ),
    (
        "the status API does not confirm the payment: {}",
        "платіжна система не підтверджує оплату: {}",
    ),
    (
        "its sale was settled by hand and has no receipt here",
        "його продаж владнали вручну, чека тут немає",
    ),
    (
        "it cannot be told whether it was registered: {}",
        "не вдається дізнатися, чи його зареєстровано: {}",
    ),
    (
        "the provider gave it the number of another document",
        "провайдер дав йому номер іншого документа",
    ),
    (
        "the money is held, not charged yet",
        "гроші утримано, але ще не списано",
    ),
    (
        "a card check, given back at once",
        "перевірка картки, гроші одразу повернуто",
    ),
    ("not paid yet", "ще не оплачено"),
    ("not paid", "не оплачено"),
    ("being paid", "оплата триває"),
    (
        "being paid, or an attempt failed",
        "оплата триває, або спроба не вдалася",
    ),
    ("declined", "відхилено"),
    ("expired unpaid", "час на оплату вийшов"),
    (
        "the hold went back before any charge",
        "утримані гроші повернуто, нічого не списано",
    ),
    ("a payout to a card", "виплата на картку"),
    ("a subscription ended", "підписку завершено"),
    (
        "a refund was asked for and is not made yet",
        "повернення замовлено, але ще не зроблено",
    ),
    (
        "a settlement between the receivers of a split",
        "розрахунок між отримувачами поділу",
    ),
    (
        "the Z-report could not be read, so nothing could be compared",
        "Z-звіт не вдалося прочитати, тож порівняти немає з чим",
    ),
    (
        "documents on the tape that are not ours: {}",
        "документи на касі, яких Kasyr не робив: {}",
    ),
    ("{}: ours {}, the report {}", "{}: у Kasyr {}, у звіті {}"),
    ("sales.{}", "продажі, {}"),
    ("returns.{}", "повернення, {}"),
    ("sum", "сума"),
    ("count", "кількість чеків"),
    ("form.{}", "форма оплати {}"),
    ("taxable.{}", "оподатковано за літерою {}"),
    ("tax.{}", "податок за літерою {}"),
    ("cash_in", "внесено"),
    ("cash_out", "видано"),
];

/// The same in Ukrainian, as far as it is known; what a provider or a payment system said stays in its words.
pub fn of(english: &str) -> String {
    if let Some(text) = matching(english, |template| template.contains("; ")) {
        return text;
    }
    let part = |part: &str| matching(part, |_| true).unwrap_or_else(|| part.to_owned());
    english.split("; ").map(part).collect::<Vec<_>>().join("; ")
}

fn matching(english: &str, fits: fn(&str) -> bool) -> Option<String> {
    SAID.iter()
        .filter(|(template, _)| fits(template))
        .find_map(|(template, ukrainian)| {
            let mut values = values(template, english)?.into_iter();
            let mut pieces = ukrainian.split("{}");
            let mut text = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                let value = values.next().unwrap_or_default();
                text.push_str(&matching(value, |_| true).unwrap_or_else(|| value.to_owned()));
                text.push_str(piece);
            }
            Some(text)
        })
}

/// What stands in the places of a template; `None` if the text is another one.
fn values<'a>(template: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = template.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match pieces.peek() {
            None if rest.ends_with(piece) => rest.len() - piece.len(),
            None => return None,
            Some(_) => rest.find(piece)?,
        };
        let (value, after) = rest.split_at_checked(end)?;
        values.push(value);
        rest = after.strip_prefix(piece)?;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basket::{Basket, BasketError};
    use crate::money::Kopecks;
    use crate::receipt::ReceiptError;
    use crate::refund::RefundError;

    #[test]
    fn values_stay_and_words_change() {
        let table = [
            (
                "the basket's total is 100.00 and 267.50 was paid",
                "кошик на 100.00, а сплачено 267.50",
            ),
            (
                "60.00 would be given back; 100.00 was sold and 60.00 given back before",
                "повертають 60.00; продано 100.00, раніше повернуто 60.00",
            ),
            (
                "sales.sum: ours 1550.00, the report 1551.00; sales.form.1: ours 0.00, the report 1.00; \
                 documents on the tape that are not ours: 9000000121",
                "продажі, сума: у Kasyr 1550.00, у звіті 1551.00; продажі, форма оплати 1: у Kasyr 0.00, у звіті 1.00; \
                 документи на касі, яких Kasyr не робив: 9000000121",
            ),
            (
                "the payment's basket: a line has no name",
                "кошик із платежу: рядок без назви",
            ),
            (
                "4500 minor units of \"EUR\" were charged",
                "списано 4500 найменших одиниць валюти «EUR»",
            ),
            (
                "the status API does not confirm the payment: the money is held, not charged yet",
                "платіжна система не підтверджує оплату: гроші утримано, але ще не списано",
            ),
            ("not paid", "не оплачено"),
            ("not paid yet", "ще не оплачено"),
            ("DocumentValidationError: Помилка", "DocumentValidationError: Помилка"),
            ("", ""),
        ];
        for (english, ukrainian) in table {
            assert_eq!(of(english), ukrainian);
        }
    }

    #[test]
    fn what_the_decisions_say_is_known() {
        let kopecks = |minor| Kopecks::from_minor(minor).unwrap();
        let said = [
            ReceiptError::Mismatch {
                basket: kopecks(1),
                paid: kopecks(2),
            }
            .to_string(),
            Basket::new(Vec::new()).unwrap_err().to_string(),
            RefundError::Exceeds {
                amount: kopecks(2),
                left: kopecks(1),
            }
            .to_string(),
            RefundError::LinesMismatch {
                lines: kopecks(2),
                amount: kopecks(1),
            }
            .to_string(),
            RefundError::LetterExceeds.to_string(),
            ReceiptError::Basket(BasketError::Empty).to_string(),
        ];
        for english in said {
            let ukrainian = of(&english);
            assert!(
                ukrainian.chars().any(|letter| ('а'..='я').contains(&letter)),
                "{english}: {ukrainian}"
            );
        }
    }
}
