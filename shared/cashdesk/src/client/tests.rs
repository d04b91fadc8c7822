//! What is told apart on raw sockets.

mod failures;
mod requests;
mod signing;

use crate::decimal::{Amount, Money};
use crate::fake::Step;
use crate::{ActionType, CARD, Check, Payment, Product};

const NUM_FISCAL: u64 = 4_000_000_017;

/// The answer to [`sale`].
const SOLD: &str = r#"{"num_fiscal":"4000000017","check_type":"Z_SALE","ORDERNUM":"TST_a1","ORDERDATE":"2026-11-21",
    "ORDERTIME":"10:15:41","is_offline":false,"check_data":{"total_sum":124.11,"local_number":90017},"qr":"","pdf":null,
    "link":"https://till.example/check/6f0c5a3e/html","uuid":"6f0c5a3e","local_number":90017,"cash_in_box":624.1}"#;

fn sale() -> Check {
    let sum = Money::from_kopecks(12_411);
    Check {
        products: vec![Product::new(
            "Зошит",
            Amount::from_thousandths(3000),
            Money::from_kopecks(4_137),
            sum,
        )],
        payments: vec![Payment::new(CARD, "КАРТКА", sum)],
        ..Check::new(NUM_FISCAL, ActionType::Sale, 90_017, sum)
    }
}

fn ok(body: &str) -> Step {
    Step::Answer(200, body.to_owned())
}

fn refused(status: u16, message: &str) -> Step {
    Step::Answer(status, format!(r#"{{"message":"{message}","type":"ERROR"}}"#))
}
