//! A shop's basket as Fondy's `reservation_data`, ready to be sent with a payment (`fondy.md` §9). Reading
//! what comes back is liberal and lives in the client crate; this is the strict side: everything that is wrong
//! is told at once, by line and with what to do, so that a plugin's author sees it before a buyer does.

mod check;
mod complaint;
mod object;
mod shape;

use domain::money::Kopecks;
use fondy::{EncodeError, Product};

pub use complaint::Complaint;

/// A basket that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The value of `reservation_data`.
    pub encoded: String,
    /// What the lines are worth together: what Fondy's `amount` should be.
    pub total: Kopecks,
    /// How many lines a receipt will have.
    pub lines: usize,
    /// What goes out all the same and deserves a look.
    pub warnings: Vec<Complaint>,
}

/// Why a basket cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Not JSON, or a key occurs twice at the top.
    BrokenJson,
    /// Everything that is wrong with it, in the order of its lines.
    Problems(Vec<Complaint>),
}

/// Prepares a basket: `{"basket": […]}` as `PUT /v1/orders` takes it, its bare list, or Fondy's own
/// `{"products": […]}`, of which whatever else it carries for the gateway stays. `amount` is the payment it
/// must be worth, in kopecks. Pure; nothing is kept.
pub fn prepare(json: &[u8], amount: Option<u64>) -> Result<Prepared, Unfit> {
    let shape = shape::read(json)?;
    let mut found = check::Found::default();
    let products: Vec<Product> = shape
        .lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| check::line(index + 1, line, shape.dialect, &mut found))
        .collect();
    found.warnings.extend(shape.warnings);
    if found.more {
        let what = "more is wrong with its lines than is told here";
        found
            .problems
            .push(Complaint::whole("more_problems", what, "mend these first"));
    }
    let total = total(&products, &mut found.problems);
    if let (Some(amount), Some(total), true) = (amount, total, found.problems.is_empty()) {
        found.problems.extend(worth(total, amount));
    }
    let others: Vec<(&str, &str)> = shape.others.iter().map(|(name, raw)| (name.as_str(), *raw)).collect();
    let encoded = match fondy::reservation_data::encode_beside(&products, &others) {
        Ok(encoded) => Some(encoded),
        Err(EncodeError::TooLong { chars }) => {
            found.problems.push(Complaint::whole(
                "basket_too_long",
                format!("it takes {chars} characters, and the gateway takes 10000"),
                "shorten the names, or put several goods into one line",
            ));
            None
        }
    };
    match (encoded, total) {
        (Some(encoded), Some(total)) if found.problems.is_empty() => Ok(Prepared {
            encoded,
            total,
            lines: products.len(),
            warnings: found.warnings,
        }),
        _ => Err(Unfit::Problems(found.problems)),
    }
}

/// The sum of the lines; what is wrong with it is told unless a line is to blame already.
fn total(products: &[Product], problems: &mut Vec<Complaint>) -> Option<Kopecks> {
    let amounts = products
        .iter()
        .map(|product| Kopecks::from_minor(product.total_kopecks.unsigned_abs()).ok());
    let total = amounts.collect::<Option<Vec<_>>>().and_then(Kopecks::sum);
    match total {
        None => {
            problems.push(Complaint::whole(
                "amount_too_large",
                "the lines are worth more than a receipt can carry",
                "check the amounts: they are hryvnias, not kopecks",
            ));
            None
        }
        Some(total) if total.is_zero() && problems.is_empty() => {
            problems.push(Complaint::whole(
                "basket_empty",
                "it has no line that costs anything",
                "add the goods; without a basket leave reservation_data out of the request",
            ));
            None
        }
        Some(total) => Some(total),
    }
}

fn worth(total: Kopecks, amount: u64) -> Option<Complaint> {
    let (lines, what) = (total.minor(), |kopecks: u64| {
        format!("{}.{:02}", kopecks / 100, kopecks % 100)
    });
    let todo = match lines.cmp(&amount) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => format!(
            "{} are missing in the basket: add what else was paid for, such as the delivery, as a line",
            what(amount - lines)
        ),
        std::cmp::Ordering::Greater => format!(
            "the basket has {} too much: take a discount off the lines it belongs to",
            what(lines - amount)
        ),
    };
    Some(Complaint::whole(
        "amount_differs",
        format!(
            "the lines are worth {} and the payment is {}",
            what(lines),
            what(amount)
        ),
        todo,
    ))
}

#[cfg(test)]
mod tests;
