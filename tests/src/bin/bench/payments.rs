//! Signed callbacks as the payment system's simulator writes them, made before they are needed.

use anyhow::Context as _;
use sandbox::fondy::{Config, Merchant, NewOrder, SignedCallback, Simulator};

/// The made-up merchant of the bench at the payment system.
pub(crate) const GATEWAY_MERCHANT: u64 = 1_900_001;
/// Its key, good for nothing else.
pub(crate) const PAYMENT_KEY: &str = "bench-payment-key";
/// What every order costs, kopecks.
const AMOUNT: u64 = 26_750;
/// Two goods worth 267.50, as a shop sends them along (`fondy.md` §14.3).
const BASKET: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";

/// Makes payments, each of another order.
pub(crate) struct Payments {
    made: usize,
}

impl Payments {
    pub fn new() -> Self {
        Self { made: 0 }
    }

    /// `count` payments: the order's id and the callback that tells of it.
    pub fn make(&mut self, count: usize) -> anyhow::Result<Vec<(String, SignedCallback)>> {
        // A simulator of their own: nobody needs to remember earlier ones.
        let gateway = Simulator::new(Config::default());
        gateway.add_merchant(Merchant::new(GATEWAY_MERCHANT, PAYMENT_KEY));
        let first = self.made + 1;
        self.made += count;
        (first..=self.made)
            .map(|number| {
                let order_id = format!("bench-{number:08}");
                let callback = pay(&gateway, &order_id, number).context("the simulated payment was refused")?;
                Ok((order_id, callback))
            })
            .collect()
    }
}

fn pay(gateway: &Simulator, order_id: &str, number: usize) -> anyhow::Result<SignedCallback> {
    let payment_id = 800_000_000 + u64::try_from(number)?;
    let order = NewOrder {
        merchant_id: GATEWAY_MERCHANT,
        order_id: order_id.to_owned(),
        amount: AMOUNT,
        payment_id: Some(payment_id),
        reservation_data: Some(BASKET.to_owned()),
        sender_email: "buyer@shop.example".to_owned(),
        ..NewOrder::default()
    };
    let refused = |refusal| anyhow::anyhow!("{refusal:?}");
    let order = gateway.create_order(order).map_err(refused)?;
    gateway.pay(&order).map_err(refused)?;
    gateway.callback_for(&order).map_err(refused)
}
