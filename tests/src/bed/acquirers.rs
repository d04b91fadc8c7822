use std::time::Duration;

use sandbox::acquirer::{Config, Merchant, Simulator, System, serve};
use sandbox::{fondy, liqpay, monobank, wayforpay};

use super::{TestBed, listen};

/// A payment system beside Fondy, and where it is.
#[derive(Clone)]
pub struct Acquirer<S: System> {
    /// Its books and controls.
    pub sim: Simulator<S>,
    /// Where its API listens, without a path: `http://127.0.0.1:…`.
    pub url: String,
    /// The merchant it knows from the start.
    pub merchant: Merchant,
}

impl TestBed {
    /// LiqPay on a socket, delivering its callbacks.
    pub async fn start_liqpay(&mut self) -> Acquirer<liqpay::LiqPay> {
        self.start_acquirer(liqpay::Simulator::new(config())).await
    }

    /// WayForPay on a socket, delivering its messages.
    pub async fn start_wayforpay(&mut self) -> Acquirer<wayforpay::WayForPay> {
        self.start_acquirer(wayforpay::Simulator::new(config())).await
    }

    /// monobank's acquiring on a socket, delivering its webhooks.
    pub async fn start_monobank(&mut self) -> Acquirer<monobank::Monobank> {
        let sim = monobank::Simulator::new(config()).expect("a signing key");
        self.start_acquirer(sim).await
    }

    async fn start_acquirer<S: System>(&mut self, sim: Simulator<S>) -> Acquirer<S> {
        let (listener, addr) = listen().await;
        let served = serve(listener, sim.clone(), self.stop.clone().cancelled_owned());
        self.peers
            .spawn(async { served.await.expect("the acquirer's simulator serves") });
        let (deliverer, until) = (sim.clone(), self.stop.clone().cancelled_owned());
        self.peers.spawn(async move { deliverer.run_delivery(until).await });
        let merchant = sim.first_merchant();
        Acquirer {
            sim,
            url: format!("http://{addr}"),
            merchant,
        }
    }
}

/// Short times, as Fondy has them here.
fn config() -> Config {
    Config {
        callback_timeout: Duration::from_secs(5),
        retry_schedule: Some(fondy::RetrySchedule::repeating(vec![Duration::from_millis(80)])),
        ..Config::default()
    }
}
