use super::*;

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn check(refunded: u64, reversals: &[(&str, u64)], expected: Found) {
    let seen = vec!["1".to_owned()];
    let money = Money {
        paid: kopecks(1_000),
        refunded: kopecks(refunded),
    };
    let reversals: Vec<Reversed> = reversals
        .iter()
        .map(|(id, amount)| Reversed {
            id: (*id).to_owned(),
            amount: Some(kopecks(*amount)),
        })
        .collect();
    let found = judge((kopecks(300), kopecks(100), &seen), money, &reversals);
    assert_eq!(found, expected, "{refunded} {reversals:?}");
}

#[test]
fn our_reversal_is_told_from_those_of_others() {
    // 100 had gone back before, by the movement 1; ours is 300.
    check(100, &[("1", 100)], Found::Absent);
    check(400, &[("1", 100), ("2", 300)], Found::Done);
    check(150, &[("1", 100), ("2", 50)], Found::Absent);
    check(450, &[("1", 100), ("2", 50), ("3", 300)], Found::Done);
    // The total and the list do not agree yet.
    check(400, &[("1", 100)], Found::Unclear);
    check(100, &[("1", 100), ("2", 300)], Found::Unclear);
    check(50, &[("1", 100)], Found::Unclear);
}
