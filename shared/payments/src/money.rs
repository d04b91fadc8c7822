//! Facts, as all systems tell them.

use domain::event::{CarriedBasket, Fact};
use domain::money::Kopecks;

/// So much was paid, and so much of it given back until now.
pub(crate) fn moved(paid: u64, refunded_total: u64, basket: CarriedBasket) -> Fact {
    match (Kopecks::from_minor(paid), Kopecks::from_minor(refunded_total)) {
        (Ok(paid), Ok(refunded_total)) => Fact::Money {
            paid,
            refunded_total,
            basket,
            parts: Vec::new(),
        },
        (Err(_), _) | (_, Err(_)) => strange(format!("{paid} kopecks are more than a receipt can carry")),
    }
}

pub(crate) fn nothing(why: &str) -> Fact {
    Fact::Nothing { why: why.to_owned() }
}

pub(crate) fn ask(why: &str) -> Fact {
    Fact::Ask { why: why.to_owned() }
}

/// Money moved, and no rule covers it.
pub(crate) fn strange(why: String) -> Fact {
    Fact::Strange { why, money_moved: true }
}

/// No rule covers it, and no money is said to have moved.
pub(crate) fn unknown(why: String) -> Fact {
    Fact::Strange {
        why,
        money_moved: false,
    }
}

/// A system's words in our texts: short and without control characters.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}
