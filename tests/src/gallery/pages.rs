//! Which pages are photographed and judged.

use futures_util::future::{BoxFuture, FutureExt as _};
use ledger::people::Role;

use super::Gallery;
use crate::browser::Page;

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
    pub prepare: for<'a> fn(&'a Page) -> BoxFuture<'a, ()>,
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

/// All of them.
pub const PAGES: &[Shot] = &[Shot {
    status: 404,
    ..shot("nothing-here", Who::Anyone, |_| "/nothing".to_owned()).in_english()
}];

const fn shot(name: &'static str, who: Who, path: fn(&Gallery) -> String) -> Shot {
    Shot {
        name,
        who,
        path,
        status: 200,
        prepare: |_| async {}.boxed(),
        english: false,
    }
}

impl Shot {
    const fn in_english(mut self) -> Self {
        self.english = true;
        self
    }
}
