//! Our receipts as CashDesk's checks (`cashdesk.md` §6), written as JSON text: exactly this text is stored and sent.

use ::cashdesk::{ActionType, Amount, CARD, CashMove, Check, Letters, Money, Payment, Product, Rate, ServiceDocument};
use domain::basket::Line;
use domain::document::Kind;
use domain::hold::HoldReason;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::Receipt;

use crate::compose::Stop;
use crate::providers::{Draft, What};

/// The name of a payment by card on a site.
const CARD_PAYMENT: &str = "Картка";

/// What every document of a register says.
pub(super) struct Writer {
    /// The register's fiscal number.
    pub number: u64,
    /// The text under a check.
    pub footer: Option<String>,
}

impl Writer {
    pub fn written(&self, draft: &Draft<'_>) -> Result<String, Stop> {
        match draft.what {
            What::Sale(receipt) => self.trade(ActionType::Sale, receipt, draft),
            // Nobody knows how to name the sale that is given back.
            What::Return(receipt, _) => self.trade(ActionType::Return, receipt, draft),
            What::Cash(kind, amount) => self.cash(kind, amount),
            What::Storno(_) => Err(stop("CashDesk cannot cancel a receipt")),
        }
    }

    fn trade(&self, action: ActionType, receipt: &Receipt, draft: &Draft<'_>) -> Result<String, Stop> {
        let number = draft.document.number.and_then(|number| u64::try_from(number).ok());
        let number = number.ok_or_else(|| stop("it has no number to be found by"))?;
        let total = money(receipt.total());
        let check = Check {
            products: receipt
                .basket
                .lines()
                .iter()
                .map(|line| product(line, receipt))
                .collect(),
            payments: vec![Payment::new(CARD, CARD_PAYMENT, total)],
            open_shift: true,
            footer: self.footer.clone(),
            ..Check::new(self.number, action, number, total)
        };
        write(&check)
    }

    fn cash(&self, kind: Kind, amount: Kopecks) -> Result<String, Stop> {
        let way = match kind {
            Kind::CashIn => CashMove::In,
            Kind::CashOut | Kind::Sale | Kind::Storno | Kind::Return | Kind::ZReport | Kind::Closing => CashMove::Out,
        };
        write(&ServiceDocument::new(self.number, way, money(amount)))
    }
}

fn product(line: &Line, receipt: &Receipt) -> Product {
    let rate = line
        .letter
        .and_then(|letter| receipt.taxes.iter().find(|row| row.letter == letter))
        .map(|row| Rate::from_hundredths(row.rate.basis_points()));
    // A kopeck off price × amount is refused: then it is sold as one piece of the whole cost.
    let exact = line.quantity.cost_at(line.price) == Some(line.cost);
    let (quantity, price) = if exact {
        (line.quantity, line.price)
    } else {
        (Quantity::ONE, line.cost)
    };
    Product {
        code: line.code.clone(),
        uktzed: line.uktzed.clone(),
        unit_code: Some(line.unit.code.to_string()),
        unit_name: Some(line.unit.name.clone()),
        sum_discount: (!line.discount.is_zero()).then(|| money(line.discount)),
        // Both or none: a letter without its rate would be a tax group that nobody has.
        letters: rate.and(line.letter).map(|letter| Letters::new(&letter.to_string())),
        tax_prc: rate,
        ..Product::new(
            line.name.as_str(),
            Amount::from_thousandths(quantity.thousandths()),
            money(price),
            money(line.cost),
        )
    }
}

fn write(document: &impl serde::Serialize) -> Result<String, Stop> {
    serde_json::to_string(document).map_err(|_| stop("it cannot be written as JSON"))
}

fn stop(text: &str) -> Stop {
    Stop {
        reason: HoldReason::RefusedByProvider,
        text: text.to_owned(),
    }
}

pub(super) fn money(amount: Kopecks) -> Money {
    // Kopecks::MAX fits by far.
    Money::from_kopecks(i64::try_from(amount.minor()).unwrap_or(i64::MAX))
}
