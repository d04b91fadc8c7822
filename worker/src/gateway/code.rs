//! What the tax service's codes in `ERRORCODE` mean. The same for whoever works a register, told here
//! for a register that the payment system works.

use ledger::alerts::Words;

/// A code in words, and what to do about it.
pub(super) fn words(code: &str) -> (Words, Words) {
    let (en, uk, to_do) = match code {
        "1" => (
            "the tax service does not know the register",
            "податкова не знає цієї каси",
            ToDo::Settings,
        ),
        "2" => (
            "the cashier's key is not allowed on the register",
            "ключ касира не має доступу до каси",
            ToDo::Settings,
        ),
        "3" => (
            "the tax number of the key is not the register's",
            "податковий номер ключа не той, що в каси",
            ToDo::Settings,
        ),
        "4" => ("the shift is open already", "зміну вже відкрито", ToDo::Support),
        "5" => ("the shift is not open", "зміну не відкрито", ToDo::Support),
        "6" => ("the shift has no Z-report", "у зміні немає Z-звіту", ToDo::Support),
        "7" => (
            "the receipt's place on the tape is not the expected one",
            "номер чека не той, якого чекала податкова",
            ToDo::Support,
        ),
        "8" => ("the Z-report was made already", "Z-звіт уже зроблено", ToDo::Support),
        "9" => (
            "the tax service found a mistake in the receipt",
            "податкова знайшла помилку в чеку",
            ToDo::Basket,
        ),
        "10" => (
            "the tax service refused a package of offline receipts",
            "податкова не прийняла пакет офлайн-чеків",
            ToDo::Support,
        ),
        "11" => ("the request had a mistake", "у запиті була помилка", ToDo::Support),
        "12" => (
            "the cashier's key, its certificate or its password does not work",
            "ключ касира, його сертифікат або пароль не діє",
            ToDo::Settings,
        ),
        _ => ("the reason is not known to us", "причина нам не відома", ToDo::Support),
    };
    (Words::new(en, uk), to_do.words())
}

/// Who can mend it.
enum ToDo {
    Settings,
    Basket,
    Support,
}

impl ToDo {
    fn words(&self) -> Words {
        match self {
            Self::Settings => Words::new(
                "Check the cash register and its key in the payment system's merchant portal; it tries again itself.",
                "Перевірте касу та її ключ у кабінеті платіжної системи; вона спробує ще раз сама.",
            ),
            Self::Basket => Words::new(
                "Check the basket that the shop sends with the payment, then ask the payment system's support to make the \
                 receipt again.",
                "Перевірте кошик, який магазин надсилає з оплатою, і попросіть підтримку платіжної системи зробити чек ще \
                 раз.",
            ),
            Self::Support => Words::new(
                "Ask the payment system's support to make the receipt again; this alert closes when it is there.",
                "Попросіть підтримку платіжної системи зробити чек ще раз; щойно він з’явиться, попередження закриється.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_and_a_next_step_in_both_languages() {
        for code in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "77", "x"] {
            let (what, next) = words(code);
            for text in [what.en, what.uk, next.en, next.uk] {
                assert!(!text.is_empty(), "{code}");
            }
        }
    }
}
