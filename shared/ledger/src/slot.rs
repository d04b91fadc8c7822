//! A document's place in its order, unique there. A plain order has `sale`, `refund:12750` (a running
//! total) and `refund:<event>`; in a split each receiver has its own: `sale@500001`, `refund@500001:6000`.

use domain::ids::Receiver;

/// The slot of an order's sale.
pub const SALE: &str = "sale";

/// The slot of the sale of an order, or of a receiver's part of it.
pub fn sale(part: Option<&Receiver>) -> String {
    match part {
        None => SALE.to_owned(),
        Some(receiver) => format!("{SALE}@{receiver}"),
    }
}

/// The slot of a refund: `what` is a running total in kopecks, or the event that told of it.
pub fn refund(part: Option<&Receiver>, what: impl std::fmt::Display) -> String {
    match part {
        None => format!("refund:{what}"),
        Some(receiver) => format!("refund@{receiver}:{what}"),
    }
}

/// Whose part of the order a slot belongs to; `None`: the whole order's.
pub fn part(slot: &str) -> Option<Receiver> {
    let (_, rest) = slot.split_once('@')?;
    let receiver = rest.split_once(':').map_or(rest, |(receiver, _)| receiver);
    Receiver::parse(receiver).ok()
}

/// Is it the slot of a sale that refunds refer to?
pub fn is_sale(slot: &str) -> bool {
    slot == SALE || slot.starts_with("sale@")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_says_whose_part_it_is() {
        let receiver = Receiver::parse("500001").unwrap();
        for (slot, part_of, is_a_sale) in [
            (sale(None), None, true),
            (sale(Some(&receiver)), Some(&receiver), true),
            (refund(None, 12_750), None, false),
            (refund(Some(&receiver), 6_000), Some(&receiver), false),
            (refund(Some(&receiver), "an-event"), Some(&receiver), false),
            ("second:805243692".to_owned(), None, false),
            ("strange:an-event".to_owned(), None, false),
        ] {
            assert_eq!((part(&slot).as_ref(), is_sale(&slot)), (part_of, is_a_sale), "{slot}");
        }
    }
}
