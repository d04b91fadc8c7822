//! Which fault an occasion meets.

use super::*;

#[test]
fn a_star_stands_for_anything() {
    for (pattern, text, expected) in [
        ("buyer@shop.example", "Buyer@Shop.example", true),
        ("buyer@shop.example", "buyer@shop.example.org", false),
        ("*@full.example", "a.b@full.example", true),
        ("*@full.example", "a@fuller.example", false),
        ("/fiscal*", "/fiscal?x=1", true),
        ("/fiscal*", "/FISCAL", true),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("a*a", "a", false),
        ("*", "", true),
        ("", "x", false),
    ] {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn a_counted_fault_comes_before_a_lasting_one_and_goes_when_used_up() {
    let mut faults = Faults::none();
    faults.inject(Fault::lasting("always"));
    faults.inject(Fault::once("twice").times(2).only("*@full.example"));
    let mut met = |subjects: &[&str]| faults.take(subjects, |_| true);
    assert_eq!(met(&["a@free.example"]), Some("always"));
    assert_eq!(met(&["a@free.example", "b@full.example"]), Some("twice"));
    assert_eq!(met(&[]), Some("always"), "a pattern never fits where nobody is named");
    assert_eq!(met(&["b@full.example"]), Some("twice"));
    assert_eq!(met(&["b@full.example"]), Some("always"));
    assert_eq!(faults.waiting(), [Fault::lasting("always")]);
    faults.clear();
    assert_eq!(faults.take(&[], |_| true), None);
}

#[test]
fn a_fault_waits_for_an_occasion_at_which_it_can_happen() {
    let mut faults = Faults::none();
    faults.inject(Fault::once(550));
    assert_eq!(faults.take(&[], |code| *code == 421), None);
    assert_eq!(faults.take(&[], |code| *code == 550), Some(550));
    assert!(faults.waiting().is_empty());
}

#[test]
fn chances_are_kept_and_repeat_with_the_seed() {
    let drawn = |seed| {
        let mut faults = Faults::none();
        let rate = |kind, per_mille| Rate { kind, per_mille };
        faults.set_chaos(Some(Chaos {
            seed,
            rates: vec![rate('a', 100), rate('b', 50), rate('c', 1000)],
        }));
        let draws: Vec<Option<char>> = (0..10_000).map(|_| faults.take(&[], |kind| *kind != 'c')).collect();
        draws
    };
    let draws = drawn(7);
    let count = |wanted| draws.iter().filter(|drawn| **drawn == wanted).count();
    assert!((900..1100).contains(&count(Some('a'))), "{}", count(Some('a')));
    assert!((400..600).contains(&count(Some('b'))), "{}", count(Some('b')));
    assert_eq!(count(Some('c')), 0);
    assert_eq!(draws, drawn(7));
    assert_ne!(draws, drawn(8));
}

#[test]
fn in_json_nothing_is_once_and_null_is_for_ever() {
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    enum Kind {
        Slow { ms: u64 },
    }
    let read = |json: &str| serde_json::from_str::<Fault<Kind>>(json).unwrap();
    let slow = Kind::Slow { ms: 5 };
    assert_eq!(read(r#"{"kind":"slow","ms":5}"#), Fault::once(slow.clone()));
    assert_eq!(
        read(r#"{"kind":"slow","ms":5,"times":null}"#),
        Fault::lasting(slow.clone())
    );
    assert_eq!(
        read(r#"{"kind":"slow","ms":5,"times":3,"only":"*@x"}"#),
        Fault::once(slow).times(3).only("*@x")
    );
}
