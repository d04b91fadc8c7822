//! Which pages are photographed and judged.

use ledger::people::Role;

use super::Gallery;
use super::scenes::{self, Scene};

/// A page as somebody sees it.
pub struct Shot {
    /// Its name: small letters, digits and `-`.
    pub name: &'static str,
    /// Who looks.
    pub who: Who,
    /// Where it is.
    pub path: fn(&Gallery) -> String,
    /// With which HTTP status it comes.
    pub status: u64,
    /// What is done there before one looks: something folded open, a form sent with faults.
    pub prepare: Scene,
    /// Looked at in English, too.
    pub english: bool,
}

/// Who looks at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody who has not signed in.
    Anyone,
    /// Somebody with this role who sees every merchant.
    Everyones(Role),
    /// Somebody with this role whose merchant has nothing yet.
    Newcomers(Role),
}

use Who::{Anyone, Everyones, Newcomers};

const ADMINISTRATOR: Who = Everyones(Role::Administrator);
const OPERATOR: Who = Everyones(Role::Operator);
const ACCOUNTANT: Who = Everyones(Role::Accountant);
const NEWCOMER: Who = Newcomers(Role::Operator);
const NEW_ADMINISTRATOR: Who = Newcomers(Role::Administrator);

/// All of them.
pub const PAGES: &[Shot] = &[
    shot("nothing-here", Anyone, |_| "/nothing".to_owned())
        .with(404)
        .in_english(),
    shot("sign-in", Anyone, |_| "/sign-in".to_owned()).in_english(),
    shot("sign-in-wrong", Anyone, |_| "/sign-in".to_owned())
        .after(scenes::sign_in_wrongly)
        .with(422),
    shot("signed-out", Anyone, |_| "/sign-in?done=signed-out".to_owned()),
    shot("welcome", Anyone, |g| g.places.welcome.clone()).in_english(),
    shot("welcome-short", Anyone, |g| g.places.welcome.clone())
        .after(scenes::choose_a_short_password)
        .with(422),
    shot("welcome-used", Anyone, |_| "/welcome/used-already".to_owned()).with(409),
    shot("not-allowed", OPERATOR, |_| "/settings".to_owned()).with(403),
    shot("today", OPERATOR, |_| "/".to_owned()).in_english(),
    shot("today-empty", NEWCOMER, |_| "/".to_owned()).in_english(),
    shot("orders", OPERATOR, |_| "/orders".to_owned()).in_english(),
    shot("orders-none-such", OPERATOR, |_| "/orders?text=K-9999".to_owned()),
    shot("orders-empty", NEWCOMER, |_| "/orders".to_owned()),
    shot("order", OPERATOR, |g| g.places.order(&g.orders.sold)).in_english(),
    shot("order-accountant", ACCOUNTANT, |g| g.places.order(&g.orders.sold)),
    shot("order-refund", OPERATOR, |g| g.places.order(&g.orders.sold)).after(scenes::ask_for_a_refund),
    shot("order-refund-wrong", OPERATOR, |g| g.places.order(&g.orders.sold))
        .after(scenes::refund_too_much)
        .with(422),
    shot("order-requests", OPERATOR, |g| g.places.order(&g.orders.sold)).after(scenes::unfold_requests),
    shot("order-cancelled", OPERATOR, |g| g.places.order(&g.orders.cancelled)),
    shot("order-returned", OPERATOR, |g| g.places.order(&g.orders.returned)),
    shot("order-mismatched", OPERATOR, |g| g.places.order(&g.orders.mismatched)).in_english(),
    shot("order-basket", OPERATOR, |g| g.places.order(&g.orders.unpaid)).after(scenes::correct_the_basket),
    shot("order-basket-wrong", OPERATOR, |g| g.places.order(&g.orders.unpaid))
        .after(scenes::correct_the_basket_wrongly)
        .with(422),
    shot("order-refused", OPERATOR, |g| g.places.order(&g.orders.refused)).after(scenes::give_up_a_hold),
    shot("order-strange", OPERATOR, |g| g.places.order(&g.orders.strange)),
    shot("order-overdrawn", OPERATOR, |g| g.places.order(&g.orders.overdrawn)),
    shot("order-marked", OPERATOR, |g| g.places.order(&g.orders.marked)),
    shot("order-long", OPERATOR, |g| g.places.order(&g.orders.long)),
    shot("order-declined", OPERATOR, |g| g.places.order(&g.orders.declined)),
    shot("order-preauthorised", OPERATOR, |g| {
        g.places.order(&g.orders.preauthorised)
    }),
    shot("order-offline", OPERATOR, |g| g.places.order(&g.orders.offline)),
    shot("order-waiting", OPERATOR, |g| g.places.order(&g.orders.waiting)),
    shot("order-doubtful", OPERATOR, |g| g.places.order(&g.orders.doubtful)),
    shot("order-phone-again", OPERATOR, |g| g.places.order(&g.orders.sold)).after(scenes::ask_to_send_to_the_phone),
    shot("deliveries", OPERATOR, |_| "/deliveries".to_owned()).in_english(),
    shot("deliveries-accountant", ACCOUNTANT, |_| "/deliveries".to_owned()),
    shot("deliveries-failed", OPERATOR, |_| "/deliveries?state=failed".to_owned()),
    shot("deliveries-again", OPERATOR, |_| "/deliveries?state=held".to_owned()).after(scenes::ask_for_everything_again),
    shot("deliveries-empty", NEWCOMER, |_| "/deliveries".to_owned()),
    shot("delivery", ACCOUNTANT, |g| g.places.letter.clone()).in_english(),
    shot("receipt", ACCOUNTANT, |g| g.places.receipt.clone()).in_english(),
    shot("document", OPERATOR, |g| g.places.cash.clone()),
    shot("registers", OPERATOR, |_| "/registers".to_owned()).in_english(),
    shot("registers-empty", NEWCOMER, |_| "/registers".to_owned()),
    shot("register", OPERATOR, |g| format!("/registers/{}", g.flowers.register)).in_english(),
    shot("register-totals", OPERATOR, |g| {
        format!("/registers/{}", g.flowers.register)
    })
    .after(scenes::read_the_totals),
    shot("register-close", OPERATOR, |g| {
        format!("/registers/{}", g.flowers.register)
    })
    .after(scenes::ask_to_close_the_shift),
    shot("register-cash", OPERATOR, |g| {
        format!("/registers/{}", g.flowers.register)
    })
    .after(scenes::ask_for_cash),
    shot("register-offline", OPERATOR, |g| {
        format!("/registers/{}", g.kiosk.register)
    }),
    shot("register-away", OPERATOR, |g| {
        format!("/registers/{}", g.bakery.register)
    }),
    shot("register-certificate", ACCOUNTANT, |g| {
        format!("/registers/{}", g.workshop.register)
    }),
    shot("shift", ACCOUNTANT, |g| g.places.agreeing.clone()).in_english(),
    shot("shift-differs", ACCOUNTANT, |g| g.places.differing.clone()),
    shot("reconciliation", OPERATOR, |_| "/reconciliation".to_owned()).in_english(),
    shot("reconciliation-accountant", ACCOUNTANT, |_| {
        "/reconciliation?all=yes".to_owned()
    }),
    shot("reconciliation-empty", NEWCOMER, |_| "/reconciliation".to_owned()),
    shot("attention", OPERATOR, |_| "/attention".to_owned()).in_english(),
    shot("attention-empty", NEWCOMER, |_| "/attention".to_owned()),
    shot("attention-accountant", ACCOUNTANT, |_| "/attention".to_owned()),
    shot("doubts", OPERATOR, |_| "/attention/doubts".to_owned()),
    shot("doubts-empty", NEWCOMER, |_| "/attention/doubts".to_owned()),
    shot("gateway-receipts-empty", NEWCOMER, |_| "/attention/receipts".to_owned()),
    shot("alerts", OPERATOR, |_| "/attention/alerts".to_owned()).in_english(),
    shot("alerts-past", OPERATOR, |_| "/attention/alerts?all=yes".to_owned()),
    shot("alerts-empty", NEWCOMER, |_| "/attention/alerts".to_owned()),
    shot("audit", ACCOUNTANT, |_| "/audit".to_owned()).in_english(),
    shot("audit-empty", NEWCOMER, |_| "/audit?actor=nobody".to_owned()),
    shot("account", OPERATOR, |_| "/account".to_owned()).in_english(),
    shot("account-second-step", OPERATOR, |_| "/account".to_owned()).after(scenes::begin_the_second_step),
    shot("settings", ADMINISTRATOR, |_| "/settings".to_owned()).in_english(),
    shot("settings-empty", NEW_ADMINISTRATOR, |_| "/settings".to_owned()),
    shot("merchant-new", ADMINISTRATOR, |_| "/settings/merchants/new".to_owned())
        .after(scenes::save_an_empty_merchant)
        .with(422),
    shot("merchant-edit", ADMINISTRATOR, |g| {
        format!("/settings/merchants/{}/edit", g.flowers.merchant)
    }),
    shot("merchant-mail", ADMINISTRATOR, |g| {
        format!("/settings/merchants/{}/mail", g.flowers.merchant)
    })
    .in_english(),
    shot("merchant-mail-wrong", ADMINISTRATOR, |g| {
        format!("/settings/merchants/{}/mail", g.flowers.merchant)
    })
    .after(scenes::write_a_wrong_sender)
    .with(422),
    shot("register-new", ADMINISTRATOR, |_| "/settings/registers/new".to_owned()).after(scenes::pay_vat),
    shot("register-new-cashdesk", ADMINISTRATOR, |_| {
        "/settings/registers/new?provider=cashdesk".to_owned()
    }),
    shot("register-new-atol-online", ADMINISTRATOR, |_| {
        "/settings/registers/new?provider=atol-online".to_owned()
    }),
    shot("register-new-away", ADMINISTRATOR, |_| {
        "/settings/registers/new".to_owned()
    })
    .after(scenes::check_while_the_tax_service_is_away)
    .with(422),
    shot("register-edit", ADMINISTRATOR, |g| {
        format!("/settings/registers/{}/edit", g.workshop.register)
    }),
    shot("register-checked", ADMINISTRATOR, |g| {
        format!("/settings/registers/{}/edit", g.flowers.register)
    })
    .after(scenes::check_a_register),
    shot("register-wrong-pin", ADMINISTRATOR, |g| {
        format!("/settings/registers/{}/edit", g.flowers.register)
    })
    .after(scenes::check_a_wrong_pin)
    .with(422),
    shot("register-unchecked", ADMINISTRATOR, |g| {
        format!("/settings/registers/{}/edit", g.bakery.register)
    })
    .after(scenes::check_where_nobody_is)
    .with(422),
    shot("source-new", ADMINISTRATOR, |_| "/settings/sources/new".to_owned())
        .after(scenes::save_a_source_wrongly)
        .with(422),
    shot("source", ADMINISTRATOR, |g| {
        format!("/settings/sources/{}/edit", g.flowers.source)
    })
    .after(scenes::send_a_test),
    shot("api-key-new", ADMINISTRATOR, |_| "/settings/api-keys/new".to_owned()),
    shot("api-key-shown", ADMINISTRATOR, |_| "/settings/api-keys/new".to_owned()).after(scenes::make_an_api_key),
    shot("webhook-new", ADMINISTRATOR, |_| "/settings/webhooks/new".to_owned()).after(scenes::read_how_to_verify),
    shot("webhook-secret", ADMINISTRATOR, |g| {
        format!("/settings?merchant={}", g.flowers.merchant)
    })
    .after(scenes::change_a_webhook_s_secret),
    shot("users", ADMINISTRATOR, |_| "/settings/users".to_owned()).in_english(),
    shot("user", ADMINISTRATOR, |g| g.places.invited.clone()),
    shot("user-new-wrong", ADMINISTRATOR, |_| "/settings/users/new".to_owned())
        .after(scenes::invite_somebody_known)
        .with(422),
    shot("user-link", ADMINISTRATOR, |_| "/settings/users/new".to_owned()).after(scenes::invite_somebody),
];

const fn shot(name: &'static str, who: Who, path: fn(&Gallery) -> String) -> Shot {
    Shot {
        name,
        who,
        path,
        status: 200,
        prepare: scenes::as_it_is,
        english: false,
    }
}

impl Shot {
    const fn in_english(mut self) -> Self {
        self.english = true;
        self
    }

    const fn after(mut self, prepare: Scene) -> Self {
        self.prepare = prepare;
        self
    }

    const fn with(mut self, status: u64) -> Self {
        self.status = status;
        self
    }
}
