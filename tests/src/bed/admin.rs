use ingress::Listeners;
use tokio_util::sync::CancellationToken;

use super::{Running, TestBed, ingress_config, listen};

impl TestBed {
    /// Starts ingress with the admin pages, each on a free port; it ends with the bed.
    pub async fn start_ingress_with_admin(&mut self) {
        let (public, ingress_addr) = listen().await;
        let (admin, admin_addr) = listen().await;
        let mut config = ingress_config();
        config.public_addr = ingress_addr;
        config.admin.addr = admin_addr;
        let parts = self.parts().await;
        let listeners = Listeners {
            public,
            admin: Some(admin),
        };
        let running = Running::start("ingress", |stop: CancellationToken| {
            ingress::run(config, parts, listeners, stop.cancelled_owned())
        });
        self.ingress_addr = Some(ingress_addr);
        self.admin_addr = Some(admin_addr);
        self.keep(running);
    }

    /// The address of an admin page; its path begins with a slash.
    pub fn admin_url(&self, path: &str) -> String {
        let addr = self
            .admin_addr
            .expect("the test starts ingress with the admin pages first");
        format!("http://{addr}{path}")
    }
}
