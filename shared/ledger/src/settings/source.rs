use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::ids::{MerchantId, RegisterId, SourceId};
use domain::receipt::MismatchPolicy;
use domain::time::UnixMillis;
use secrecy::SecretString;

use super::{AddressRange, Provider};

/// Where events come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id; callbacks come to `/callbacks/{id}`.
    pub id: SourceId,
    /// Whose.
    pub merchant: MerchantId,
    /// Whose messages it takes.
    pub kind: SourceKind,
    /// Where its receipts are made.
    pub register: RegisterId,
    /// The merchant's name at the payment system. What it looks like is the kind's matter
    /// ([`crate::settings_rules::account`]): Fondy's is a number.
    pub account: String,
    /// The payment key: our own requests are signed with it and with no other. Of a provider's notices: the last part
    /// of their address.
    pub secret: SecretString,
    /// The key before it, while callbacks signed with that one may still be on their way. `apply` looks
    /// after it by itself when `secret` changes; what is written here changes nothing.
    pub secret_before: Option<OldSecret>,
    /// For how many hours after a change the key before is believed, too. 0: from then on not any
    /// more, because strangers learnt it.
    pub old_secret_hours: u32,
    /// The payment system's API.
    pub api_url: String,
    /// Ask the status API before a receipt is made.
    pub confirm: bool,
    /// What to do when the basket is not worth what was paid.
    pub on_mismatch: MismatchPolicy,
    /// Splits: gateway merchant → register.
    pub receivers: BTreeMap<String, RegisterId>,
    /// Where callbacks may come from; empty: from anywhere.
    pub allowed_addresses: Vec<AddressRange>,
    /// Who makes the receipts.
    pub makes_receipts: ReceiptMaker,
    /// A gateway merchant whose purchases make no receipt themselves: only its receivers' parts do.
    pub technical: bool,
}

/// A payment key that was replaced.
#[derive(Clone, Debug)]
pub struct OldSecret {
    /// The key.
    pub secret: SecretString,
    /// Until then callbacks signed with it are believed.
    pub until: UnixMillis,
}

/// Whose messages a source takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Fondy and its brands Hutko and Flitt.
    Fondy,
    /// LiqPay.
    LiqPay,
    /// WayForPay.
    WayForPay,
    /// monobank's internet acquiring.
    Monobank,
    /// What CashDesk tells of a register: no payment system.
    CashDesk,
    /// What ATOL Online tells of a group of registers: no payment system.
    AtolOnline,
}

/// Whose messages tell of money: what whoever asks a payment system goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentSystem {
    /// [`SourceKind::Fondy`].
    Fondy,
    /// [`SourceKind::LiqPay`].
    LiqPay,
    /// [`SourceKind::WayForPay`].
    WayForPay,
    /// [`SourceKind::Monobank`].
    Monobank,
}

/// [`SourceKind::is_payment`] in SQL.
pub(crate) const IS_PAYMENT: &str = "sources.kind NOT IN ('cashdesk', 'atol-online')";

impl SourceKind {
    /// Can we ask this payment system to give money back? At the others it goes back in their own cabinets.
    pub const fn gives_back(self) -> bool {
        match self {
            Self::Fondy => true,
            Self::LiqPay | Self::WayForPay | Self::Monobank | Self::CashDesk | Self::AtolOnline => false,
        }
    }

    /// Do its messages tell of money? The others are providers' notices about documents: nobody asks them about
    /// payments, nothing of theirs is reconciled, and because nothing signs them the secret stands in their address.
    pub const fn is_payment(self) -> bool {
        self.payment_system().is_some()
    }

    /// The provider whose notices these are, where it is none.
    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::CashDesk => Some(Provider::CashDesk),
            Self::AtolOnline => Some(Provider::AtolOnline),
            Self::Fondy | Self::LiqPay | Self::WayForPay | Self::Monobank => None,
        }
    }

    /// The payment system, where it is one.
    pub const fn payment_system(self) -> Option<PaymentSystem> {
        match self {
            Self::Fondy => Some(PaymentSystem::Fondy),
            Self::LiqPay => Some(PaymentSystem::LiqPay),
            Self::WayForPay => Some(PaymentSystem::WayForPay),
            Self::Monobank => Some(PaymentSystem::Monobank),
            Self::CashDesk | Self::AtolOnline => None,
        }
    }
}

/// Who makes the receipts of a source's payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReceiptMaker {
    /// We do, on the source's register.
    #[default]
    Kasyr,
    /// The payment system does by itself.
    Gateway,
}

impl Source {
    /// For how many hours the key before is believed, where nobody said otherwise.
    pub const OLD_SECRET_HOURS: u32 = 24;

    /// A source with what most shops want. Its `account`, `secret` and `api_url` are still to be told.
    pub fn new(kind: SourceKind, id: SourceId, merchant: MerchantId, register: RegisterId) -> Self {
        Self {
            id,
            merchant,
            kind,
            register,
            account: String::new(),
            secret: SecretString::from(""),
            secret_before: None,
            old_secret_hours: Self::OLD_SECRET_HOURS,
            api_url: String::new(),
            confirm: true,
            on_mismatch: MismatchPolicy::Hold,
            receivers: BTreeMap::new(),
            allowed_addresses: Vec::new(),
            makes_receipts: ReceiptMaker::default(),
            technical: false,
        }
    }

    /// The merchant's number at Fondy; `None` for a source of another kind.
    pub fn gateway_merchant_id(&self) -> Option<u64> {
        match self.kind {
            SourceKind::Fondy => self.account.parse().ok(),
            SourceKind::LiqPay
            | SourceKind::WayForPay
            | SourceKind::Monobank
            | SourceKind::CashDesk
            | SourceKind::AtolOnline => None,
        }
    }

    /// Is this one of the secrets that are good now? The time it takes tells nothing of them.
    pub fn is_believed(&self, secret: &SecretString, now: UnixMillis) -> bool {
        // Each is compared, whatever came of the one before.
        let told: Vec<bool> = self
            .believed_secrets(now)
            .map(|good| vault::same(good, secret))
            .collect();
        told.contains(&true)
    }

    /// The keys a callback may be signed with now, the newest first.
    pub fn believed_secrets(&self, now: UnixMillis) -> impl Iterator<Item = &SecretString> {
        let before = self.secret_before.as_ref().filter(|old| old.until > now);
        std::iter::once(&self.secret).chain(before.map(|old| &old.secret))
    }

    /// May a callback come from there? An address that nobody knows is on no list.
    pub fn allows(&self, address: Option<IpAddr>) -> bool {
        let listed = |address| self.allowed_addresses.iter().any(|range| range.contains(address));
        self.allowed_addresses.is_empty() || address.is_some_and(listed)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn source() -> Source {
        let (id, merchant, register) = (
            SourceId::parse("flowers-fondy").unwrap(),
            MerchantId::parse("flowers").unwrap(),
            RegisterId::parse("flowers-1").unwrap(),
        );
        Source {
            account: "1396424".to_owned(),
            secret: "new".into(),
            ..Source::new(SourceKind::Fondy, id, merchant, register)
        }
    }

    #[test]
    fn the_key_before_is_believed_until_its_time_is_over() {
        let source = Source {
            secret_before: Some(OldSecret {
                secret: "old".into(),
                until: UnixMillis(1_000),
            }),
            ..source()
        };
        let believed = |now| {
            let keys = source.believed_secrets(UnixMillis(now));
            keys.map(|key| key.expose_secret().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(believed(999), ["new", "old"]);
        assert_eq!(believed(1_000), ["new"]);
    }

    #[test]
    fn the_secret_of_an_address_is_good_until_its_time_is_over() {
        let source = Source {
            secret_before: Some(OldSecret {
                secret: "old".into(),
                until: UnixMillis(1_000),
            }),
            ..source()
        };
        for (secret, now, good) in [
            ("new", 999, true),
            ("old", 999, true),
            ("old", 1_000, false),
            ("", 999, false),
            ("newer", 999, false),
        ] {
            assert_eq!(
                source.is_believed(&secret.into(), UnixMillis(now)),
                good,
                "{secret} {now}"
            );
        }
    }

    #[test]
    fn sql_and_code_agree_on_what_a_payment_system_is() {
        for kind in SourceKind::ALL {
            let left_out = IS_PAYMENT.contains(&format!("'{}'", kind.as_str()));
            assert_eq!(kind.is_payment(), !left_out, "{kind:?}");
        }
    }

    #[test]
    fn a_list_lets_in_what_is_on_it_and_no_list_lets_in_everything() {
        let address = |text: &str| Some(text.parse().unwrap());
        assert!(source().allows(None) && source().allows(address("192.0.2.1")));
        let listed = Source {
            allowed_addresses: vec![AddressRange::parse("192.0.2.0/28").unwrap()],
            ..source()
        };
        assert!(listed.allows(address("192.0.2.15")));
        assert!(!listed.allows(address("192.0.2.16")));
        assert!(!listed.allows(None));
    }

    #[test]
    fn the_number_at_fondy_is_read_from_the_account() {
        assert_eq!(source().gateway_merchant_id(), Some(1_396_424));
    }
}
