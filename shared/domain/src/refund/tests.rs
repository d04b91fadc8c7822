use super::*;

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn standing(sold: Option<u64>, refunded: u64) -> Standing {
    Standing {
        sold: sold.map(kopecks),
        refunded: kopecks(refunded),
    }
}

fn basket(lines: &[(&str, u64)]) -> Basket {
    let lines = lines
        .iter()
        .map(|(letter, total)| Line {
            letter: VatLetter::parse(letter).ok(),
            ..Line::single("Товар", kopecks(*total)).unwrap()
        })
        .collect();
    Basket::new(lines).unwrap()
}

#[test]
fn running_totals_become_documents_for_what_is_new() {
    let document = |kind, amount| RefundPlan::Document {
        kind,
        amount: kopecks(amount),
    };
    for (sold, refunded, total, expected) in [
        (Some(1000), 0, 1000, document(Kind::Storno, 1000)),
        (Some(1000), 0, 400, document(Kind::Return, 400)),
        (Some(1000), 400, 400, RefundPlan::Nothing),
        (Some(1000), 400, 300, RefundPlan::Nothing),
        (Some(1000), 400, 1000, document(Kind::Return, 600)),
        (Some(1000), 400, 1001, RefundPlan::Exceeds { amount: kopecks(601) }),
        (Some(1000), 0, 0, RefundPlan::Nothing),
        (None, 0, 500, document(Kind::Return, 500)),
    ] {
        let plan = plan_running_total(standing(sold, refunded), kopecks(total), RefundPolicy::StornoFirst);
        assert_eq!(plan, expected, "sold {sold:?}, refunded {refunded}, total {total}");
    }
}

#[test]
fn return_only_never_plans_a_storno() {
    let plan = plan_single(standing(Some(1000), 0), kopecks(1000), RefundPolicy::ReturnOnly);
    assert_eq!(
        plan,
        RefundPlan::Document {
            kind: Kind::Return,
            amount: kopecks(1000)
        }
    );
}

#[test]
fn single_refunds_never_exceed_the_sale() {
    let plan = |refunded, amount| {
        plan_single(
            standing(Some(1000), refunded),
            kopecks(amount),
            RefundPolicy::StornoFirst,
        )
    };
    assert_eq!(plan(900, 101), RefundPlan::Exceeds { amount: kopecks(101) });
    assert_eq!(
        plan(900, 100),
        RefundPlan::Document {
            kind: Kind::Return,
            amount: kopecks(100)
        }
    );
}

fn sums(basket: &Basket) -> Vec<(Option<char>, u64)> {
    basket
        .lines()
        .iter()
        .map(|line| (line.letter.map(VatLetter::letter), line.paid().minor()))
        .collect()
}

#[test]
fn a_full_return_repeats_the_sale() {
    let sale = basket(&[("А", 100), ("А", 200), ("Б", 50)]);
    assert_eq!(return_lines(&sale, &[], kopecks(350), None, "Повернення"), Ok(sale));
}

#[test]
fn a_partial_return_has_one_line_per_letter() {
    let sale = basket(&[("А", 100), ("А", 200), ("Б", 50)]);
    let returned = return_lines(&sale, &[], kopecks(100), None, "Повернення").unwrap();
    assert_eq!(sums(&returned), [(Some('А'), 86), (Some('Б'), 14)]);
}

#[test]
fn several_partial_returns_empty_every_letter_exactly() {
    let sale = basket(&[("А", 301), ("Б", 50), ("", 7)]);
    let mut earlier = Vec::new();
    for amount in [33, 100, 1, 150, 74] {
        let returned = return_lines(&sale, &earlier, kopecks(amount), None, "Повернення").unwrap();
        assert_eq!(returned.total().minor(), amount);
        earlier.push(returned);
    }
    let given_back = |letter: Option<char>| -> u64 {
        earlier
            .iter()
            .flat_map(sums)
            .filter(|(found, _)| *found == letter)
            .map(|(_, sum)| sum)
            .sum()
    };
    assert_eq!(
        (given_back(Some('А')), given_back(Some('Б')), given_back(None)),
        (301, 50, 7)
    );
    let more = return_lines(&sale, &earlier, kopecks(1), None, "Повернення");
    assert_eq!(
        more,
        Err(RefundError::Exceeds {
            amount: kopecks(1),
            left: Kopecks::ZERO
        })
    );
}

#[test]
fn the_refunds_own_lines_are_used_when_they_fit() {
    let sale = basket(&[("А", 300), ("Б", 50)]);
    let own = basket(&[("Б", 50)]);
    assert_eq!(
        return_lines(&sale, &[], kopecks(50), Some(&own), "Повернення"),
        Ok(own.clone())
    );
    assert_eq!(
        return_lines(&sale, &[], kopecks(60), Some(&own), "Повернення"),
        Err(RefundError::LinesMismatch {
            lines: kopecks(50),
            amount: kopecks(60)
        })
    );
    let too_much = basket(&[("Б", 51)]);
    assert_eq!(
        return_lines(&sale, &[], kopecks(51), Some(&too_much), "Повернення"),
        Err(RefundError::LetterExceeds)
    );
}
