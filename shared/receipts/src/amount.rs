//! Money, quantities and rates as a buyer writes them.

use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::tax::Rate;

use crate::language::Language;

/// `1250,50`, in English `1250.50`. Not grouped: a register prints it so, and it stays one word.
pub fn money(amount: Kopecks, language: Language) -> String {
    decimal(amount.to_string(), language)
}

/// `0,2`, in English `0.2`.
pub(crate) fn quantity(quantity: Quantity, language: Language) -> String {
    decimal(quantity.to_string(), language)
}

/// `20 %`, `14,5 %`.
pub(crate) fn rate(rate: Rate, language: Language) -> String {
    let (whole, rest) = (rate.basis_points() / 100, rate.basis_points() % 100);
    let number = if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest:02}").trim_end_matches('0').to_owned()
    };
    format!("{} %", decimal(number, language))
}

fn decimal(dotted: String, language: Language) -> String {
    match language {
        Language::Uk => dotted.replace('.', ","),
        Language::En => dotted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_decimal_sign() {
        let amount = Kopecks::from_minor(123_450).unwrap();
        assert_eq!(money(amount, Language::Uk), "1234,50");
        assert_eq!(money(amount, Language::En), "1234.50");
        assert_eq!(quantity(Quantity::parse("0.2").unwrap(), Language::Uk), "0,2");
    }

    #[test]
    fn rates_have_no_needless_zeros() {
        for (points, text) in [(2_000, "20 %"), (1_450, "14,5 %"), (705, "7,05 %"), (0, "0 %")] {
            assert_eq!(rate(Rate::from_basis_points(points).unwrap(), Language::Uk), text);
        }
    }
}
