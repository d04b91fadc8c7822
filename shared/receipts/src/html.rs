//! The receipt as HTML: on a phone, on a desk, on paper.

mod article;
mod page;

pub use article::article;
pub use page::{Links, Provider, page};

/// The one style sheet: light and dark, a phone first, 80 mm and A4 when printed. Everything it names is inside
/// `.receipt-page` or `.receipt`.
pub const STYLE: &str = include_str!("html/style.css");
