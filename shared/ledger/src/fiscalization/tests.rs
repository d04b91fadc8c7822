use super::*;

/// `sale:registered:100` or `sale:registered:100:offline`.
fn document(text: &str) -> DocumentFacts {
    let mut words = text.split(':');
    let mut word = || words.next();
    DocumentFacts {
        kind: Kind::parse(word().unwrap()).unwrap(),
        state: word().unwrap().to_owned(),
        amount: Kopecks::from_minor(word().unwrap().parse().unwrap()).unwrap(),
        presence: word().map(|presence| Presence::parse(presence).unwrap()),
    }
}

#[test]
fn the_most_pressing_thing_is_told() {
    use Fiscalization as F;
    for (documents, expected) in [
        ("", F::NoPayment),
        ("sale:ready:100", F::UnderWay),
        ("sale:sending:100", F::UnderWay),
        ("sale:pending:100", F::UnderWay),
        ("sale:in_doubt:100", F::InDoubt),
        ("sale:held:100", F::Held),
        ("sale:closed:100", F::Closed),
        ("return:waiting:100", F::Waiting),
        ("sale:ready:100 return:waiting:100", F::UnderWay),
        ("sale:registered:100", F::Registered),
        ("sale:registered:100:online", F::Registered),
        ("sale:registered:100:delivered", F::Registered),
        ("sale:registered:100:offline", F::Offline),
        ("sale:registered:100:offline return:registered:100:online", F::Offline),
        ("sale:registered:100 return:ready:40", F::UnderWay),
        ("sale:registered:100 return:in_doubt:40", F::InDoubt),
        ("sale:registered:100 return:held:40 return:ready:10", F::Held),
        ("sale:registered:100 sale:closed:100", F::Registered),
        ("sale:registered:100 return:registered:40", F::PartlyRefunded),
        (
            "sale:registered:100 return:registered:40 return:registered:60",
            F::Refunded,
        ),
        ("sale:registered:100 storno:registered:100", F::Refunded),
        ("sale:closed:100 return:closed:100", F::Closed),
    ] {
        let facts: Vec<DocumentFacts> = documents.split_whitespace().map(document).collect();
        assert_eq!(F::of(&facts), expected, "{documents}");
    }
}

#[test]
fn only_what_is_registered_is_added_up() {
    let facts: Vec<DocumentFacts> =
        "sale:registered:100 sale:held:70 return:registered:30 storno:registered:5 return:ready:9"
            .split_whitespace()
            .map(document)
            .collect();
    let sums = Sums::of(&facts);
    assert_eq!((sums.sold.minor(), sums.returned.minor()), (100, 35));
}

#[test]
fn words_are_distinct_and_read_back() {
    for status in Fiscalization::ALL {
        assert_eq!(Fiscalization::parse(status.as_str()), Some(status));
    }
    assert_eq!(Fiscalization::parse("paid"), None);
}
