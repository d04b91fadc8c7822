//! The whole way of a shop through the real pages: from the first link to the audit log, with the simulators of
//! the provider and the payment system at the other ends.

mod accountant;
mod first_start;
mod keyboard;
mod payments;
mod register;
mod trouble;

use domain::ids::{MerchantId, RegisterId, SourceId};
use tests::bed::{Placed, Shop, TestBed, short_times};
use tests::browser::{Browser, Page};
use tests::db::Database;

const REGISTER: u64 = 4_000_999_001;
const GATEWAY: u64 = 999_001;
const GATEWAY_KEY: &str = "the-payment-key-of-flowers";
const PASSWORD: &str = "кінь батарея скріпка дощ";

/// The world, and the administrator's window.
struct Story {
    bed: TestBed,
    browser: Browser,
    page: Page,
    shop: Shop,
}

impl Story {
    /// A ledger with nothing in it.
    async fn open() -> Self {
        let mut bed = TestBed::start(Database::Sqlite).await;
        bed.start_ingress_with_admin().await;
        let worker = bed.start_worker(short_times()).await;
        bed.keep(worker);
        for number in [REGISTER, REGISTER + 1] {
            bed.cashalot.add_register(sandbox::cashalot::RegisterSetup::new(number));
        }
        bed.fondy
            .add_merchant(sandbox::fondy::Merchant::new(GATEWAY, GATEWAY_KEY));
        let browser = Browser::start().await;
        let page = browser.open(&bed.admin_url("")).await;
        // What the pages are going to be told.
        let shop = Shop {
            merchant: MerchantId::parse("flowers").unwrap(),
            register: RegisterId::parse("flowers-1").unwrap(),
            number: REGISTER,
            source: SourceId::parse("flowers-fondy").unwrap(),
            gateway: GATEWAY,
            gateway_key: GATEWAY_KEY.to_owned(),
            api_key: String::new(),
            provider: ledger::settings::Provider::Cashalot,
            till: sandbox::till::Till::Cashalot(bed.cashalot.clone(), REGISTER),
        };
        Self {
            bed,
            browser,
            page,
            shop,
        }
    }

    /// A payment through the payment system, with a basket of so many tulips at 40.00 each.
    fn pay(&self, order: &str, kopecks: u64, tulips: u32) -> Placed {
        let placed = self.bed.place_with(&self.shop, payments::order(order, kopecks, tulips));
        self.bed.fondy.pay(&placed.at_gateway).unwrap();
        placed
    }
}

#[tokio::test]
async fn a_shop_is_run_through_the_pages_alone() {
    let story = Story::open().await;
    first_start::choose_a_password(&story).await;
    first_start::add_a_merchant(&story).await;
    first_start::add_a_register(&story).await;
    first_start::add_a_source(&story).await;
    payments::see_an_order_come(&story).await;
    payments::read_its_card(&story).await;
    payments::show_its_receipt(&story).await;
    payments::give_some_back(&story).await;
    register::compare_totals(&story).await;
    register::close_the_shift(&story).await;
    trouble::correct_a_basket(&story).await;
    trouble::bring_in_line(&story).await;
    let link = accountant::invite(&story).await;
    accountant::look_and_do_nothing(&story, &link).await;
    register::read_the_audit_in_english(&story).await;
    let mut errors = story.page.console_errors().await;
    // The check with the wrong PIN is answered 422.
    errors.retain(|error| !error.contains("registers/new - Failed to load resource"));
    assert_eq!(errors, [""; 0]);
}
