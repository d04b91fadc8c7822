//! The pages as their handlers answer, over a ledger of their own and a play provider. What stands before a
//! handler (session, role, token) is the guard's and tested there.

mod atol_online;
mod bed;
mod cashdesk;
mod keys;
mod mail;
mod overview;
mod play;
mod provider;
mod registers;
mod sources;
mod webhooks;

use ledger::people::Role;

use super::super::route::Access;

#[test]
fn every_settings_page_is_for_administrators_only() {
    let routes = super::routes();
    assert!(routes.len() > 15, "{}", routes.len());
    for route in routes {
        assert_eq!(route.access, Access::Needs(Role::Administrator), "{}", route.path);
        assert!(route.path.starts_with("/settings"), "{}", route.path);
    }
}
