//! Who works with the admin pages: users, what they may do, whose data they see, and their sessions.

mod account;
mod administrators;
mod invitations;
mod rows;
mod sessions;
mod sign_in;
mod token;
mod users;

use domain::ids::MerchantId;
use domain::time::UnixMillis;

pub use invitations::{INVITATION_LASTS, Invited};
pub use sessions::{SESSION_IDLE, SESSION_LONGEST, Session, SessionView};
pub use sign_in::{Locked, SignIn};
pub use users::{NewUser, UserChange, UserError, is_login};

/// What a user may do. Each can do what those after it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Settings, keys, users.
    Administrator,
    /// Actions: resend, close a shift, resolve a hold.
    Operator,
    /// Read and export.
    Accountant,
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Operator, Self::Accountant];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Operator => "operator",
            Self::Accountant => "accountant",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Can this role do what `needed` can?
    pub const fn covers(self, needed: Self) -> bool {
        self.rank() >= needed.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Administrator => 2,
            Self::Operator => 1,
            Self::Accountant => 0,
        }
    }
}

/// Whose data a finder may return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every merchant's.
    Everything,
    /// Only these merchants'. None: nobody's.
    Merchants(Vec<MerchantId>),
}

impl Reach {
    /// Is what belongs to this merchant within reach?
    pub fn sees(&self, merchant: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Merchants(ids) => ids.iter().any(|id| id.as_str() == merchant),
        }
    }

    /// May somebody with this reach see and change a user with the other one, and give it to somebody? Who
    /// sees nobody's data belongs to no merchant: only who reaches everything reaches them.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everything, _) => true,
            (Self::Merchants(_), Self::Everything) => false,
            (Self::Merchants(_), Self::Merchants(ids)) => {
                !ids.is_empty() && ids.iter().all(|id| self.sees(id.as_str()))
            }
        }
    }
}

/// A user. Nothing secret is in it.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: String,
    /// What is typed to sign in, in small letters.
    pub login: String,
    /// The person's name, as shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose data they see.
    pub reach: Reach,
    /// `uk` or `en`.
    pub language: String,
    /// False until they have chosen a password.
    pub has_password: bool,
    /// A second step is asked at sign-in.
    pub has_totp: bool,
    /// Wrong passwords since the last right one.
    pub failures: u32,
    /// No sign-in before this time.
    pub locked_until: UnixMillis,
    /// Since when.
    pub created_at: UnixMillis,
    /// May no longer sign in.
    pub disabled_at: Option<UnixMillis>,
}

impl User {
    /// May this one do everything everywhere? There is always somebody who can.
    pub fn runs_everything(&self) -> bool {
        self.role == Role::Administrator && self.reach == Reach::Everything && self.disabled_at.is_none()
    }
}
