//! The admin pages: server-rendered, on a listener of their own. Everything a page does goes through the
//! functions the API uses; nothing is possible in the browser only.
//!
//! ```text
//! request ─▶ headers (CSP, no-store) ─▶ guard: session ─▶ role ─▶ form and its CSRF token ─▶ one handler
//! ```
//!
//! A route is a row in a table ([`route::routes`]), and the table is the only way into the router, so no
//! page can be without its guard.

mod account;
mod asset;
mod attention;
mod audit;
mod deliveries;
mod documents;
mod error;
mod form;
mod guard;
mod headers;
mod language;
mod live;
mod notice;
mod orders;
mod page;
mod parts;
mod people;
mod reconciliation;
mod registers;
mod route;
mod session;
mod settings;
mod today;
mod visitor;
mod words;

pub(crate) use live::Pulse;
pub use route::{admin_routes, router};
pub(crate) use session::Pace;
pub(crate) use settings::Drafts;
pub use settings::register_check;
