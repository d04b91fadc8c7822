//! `DOCTYPE` and `DOCSUBTYPE` (sheet §6.7): sent as names, read as names or numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a check document is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DocType {
    /// A sale, its return or storno, and cash in or out.
    SaleGoods,
    /// Money transfer.
    TransferFunds,
    /// Currency exchange.
    CurrencyExchange,
    /// Cash withdrawal at a till.
    CashWithdrawal,
    /// Pawnshop operations.
    Pawnshop,
    /// The document that opens a shift.
    OpenShift,
    /// The document that closes a shift.
    CloseShift,
    /// The first document of an offline session.
    OfflineBegin,
    /// The last document of an offline session.
    OfflineEnd,
    /// A value this crate does not know, as it was written.
    Other(String),
}

/// What kind of a [`DocType::SaleGoods`] it is; meaningless for shift and offline documents (sheet §4.13).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DocSubType {
    /// A sale.
    CheckGoods,
    /// A return of goods or money.
    CheckReturn,
    /// Cash put into the drawer.
    ServiceDeposit,
    /// Reinforcement at a currency exchange.
    AdditionalDeposit,
    /// Cash taken out of the drawer.
    ServiceIssue,
    /// The cancelling of the register's last document.
    CheckStorno,
    /// A value this crate does not know, as it was written.
    Other(String),
}

macro_rules! wire_names {
    ($type:ident { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $type {
            /// The name on the wire.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $type {
            /// From a name in any letter case, or from the number in the XML.
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) || text == $number {
                    return Self::$variant;
                })+
                Self::Other(text.to_owned())
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use wire_names;

wire_names!(DocType {
    SaleGoods = "0",
    TransferFunds = "1",
    CurrencyExchange = "2",
    CashWithdrawal = "3",
    Pawnshop = "4",
    OpenShift = "100",
    CloseShift = "101",
    OfflineBegin = "102",
    OfflineEnd = "103",
});

wire_names!(DocSubType {
    CheckGoods = "0",
    CheckReturn = "1",
    ServiceDeposit = "2",
    AdditionalDeposit = "3",
    ServiceIssue = "4",
    CheckStorno = "5",
});

macro_rules! serde_by_name {
    ($($type:ident),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::lenient::named(deserializer)?
                    .ok_or_else(|| serde::de::Error::custom(concat!(stringify!($type), " is missing")))
            }
        }
    )+};
}
serde_by_name!(DocType, DocSubType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_and_names_are_written() {
        for json in ["\"CheckStorno\"", "\"checkstorno\"", "5", "\"5\""] {
            let read: DocSubType = serde_json::from_str(json).unwrap();
            assert_eq!(read, DocSubType::CheckStorno, "{json}");
            assert_eq!(serde_json::to_string(&read).unwrap(), "\"CheckStorno\"");
        }
        assert_eq!(DocType::from("103"), DocType::OfflineEnd);
    }

    #[test]
    fn an_unknown_value_is_kept_as_written() {
        let read: DocType = serde_json::from_str("\"Lottery\"").unwrap();
        assert_eq!(read, DocType::Other("Lottery".to_owned()));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"Lottery\"");
        assert!(serde_json::from_str::<DocType>("null").is_err());
    }
}
