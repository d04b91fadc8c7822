use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use jiff::Timestamp;
use ledger::settings::{Credentials, Provider, Register};
use sandbox::cashdesk;

use super::{TestBed, listen};

/// CashDesk beside the other provider, on a socket.
#[derive(Clone)]
pub struct Desk {
    /// Its books and controls.
    pub sim: cashdesk::Simulator,
    addr: SocketAddr,
}

impl TestBed {
    /// CashDesk, by this world's clock.
    pub async fn start_cashdesk(&mut self) -> Desk {
        let sim = cashdesk::Simulator::new(cashdesk::Config {
            // Offline documents are delivered when a test says so.
            upload_every: None,
            ..cashdesk::Config::default()
        });
        let apart = self.now().0 - Timestamp::now().as_millisecond();
        sim.set_clock(cashdesk::Clock::Moved(Arc::new(AtomicI64::new(apart))));
        let (listener, addr) = listen().await;
        let served = cashdesk::serve(listener, sim.clone(), self.stop.clone().cancelled_owned());
        self.peers
            .spawn(async { served.await.expect("CashDesk's simulator serves") });
        Desk { sim, addr }
    }

    /// Everybody's clock goes on by so much, CashDesk's too.
    pub fn later_at(&self, desk: &Desk, by: Duration) {
        desk.sim.advance_clock(by);
        self.later(by);
    }
}

impl Desk {
    /// Makes a register CashDesk's, which knows it from now on.
    pub fn takes(&self, register: &mut Register, mode: cashdesk::Mode) {
        self.sim.add_register(cashdesk::RegisterSetup {
            mode,
            ..cashdesk::RegisterSetup::new(register.fiscal_number.get())
        });
        let server = match mode {
            cashdesk::Mode::Cloud => "cloud",
            cashdesk::Mode::SmartConnect => "smartconnect",
        };
        register.provider = Provider::CashDesk;
        register.base_url = format!("http://{}/api/v2", self.addr);
        register.credentials = Credentials::Login {
            login: cashdesk::DEFAULT_EMAIL.to_owned(),
            password: cashdesk::DEFAULT_PASSWORD.into(),
        };
        register.options = [("developer_id", "Shop"), ("server", server)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    }
}
