//! The protocol's closed lists, read from their name or their number as the real service does.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

/// Declares an enum whose members have a wire name and a wire number.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $member:ident = $number:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[$doc])* $member,)+ }

        impl $name {
            /// The name used on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => stringify!($member),)+ }
            }

            /// The number used on the wire and in the tax service's XML.
            pub fn number(self) -> u16 {
                match self { $(Self::$member => $number,)+ }
            }

            fn read(text: &str) -> Option<Self> {
                let all = [$(Self::$member),+];
                all.into_iter().find(|member| text == member.name() || text == member.number().to_string())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                Self::read(raw.get().trim_matches('"'))
                    .ok_or_else(|| de::Error::custom(concat!("unknown ", stringify!($name))))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

wire_enum! {
    /// `DOCTYPE` (sheet §6.7).
    pub enum DocType {
        /// A sale, return, storno or cash movement.
        SaleGoods = 0,
        /// A transfer of funds.
        TransferFunds = 1,
        /// A currency exchange.
        CurrencyExchange = 2,
        /// A cash withdrawal.
        CashWithdrawal = 3,
        /// A pawnshop operation.
        Pawnshop = 4,
        /// Opens a shift.
        OpenShift = 100,
        /// Closes a shift.
        CloseShift = 101,
        /// Begins an offline session.
        OfflineBegin = 102,
        /// Ends an offline session.
        OfflineEnd = 103,
    }
}

wire_enum! {
    /// `DOCSUBTYPE` (sheet §6.7).
    pub enum DocSubType {
        /// A sale.
        CheckGoods = 0,
        /// A return of goods.
        CheckReturn = 1,
        /// Cash put into the drawer.
        ServiceDeposit = 2,
        /// A reinforcement of the drawer.
        AdditionalDeposit = 3,
        /// Cash taken out of the drawer.
        ServiceIssue = 4,
        /// The cancellation of the last document.
        CheckStorno = 5,
    }
}

wire_enum! {
    /// `PARTPAYTYPE` (sheet §6.2).
    pub(in crate::cashalot) enum PartPayType {
        Prepay = 1,
        FinalPayment = 2,
        NextPayment = 3,
    }
}

wire_enum! {
    /// `WorkMode` of `SetupRegistrar` (sheet §4.15).
    pub(in crate::cashalot) enum WorkMode {
        Normal = 0,
        DisableOnline = 1,
        DisableOffline = 2,
    }
}

wire_enum! {
    /// `Type` of `GetCheck` and `GetZRep` (sheet §4.10).
    pub(in crate::cashalot) enum FetchType {
        Availability = 0,
        OriginalXml = 1,
        SignedByServerXml = 2,
        Visualization = 3,
        SignedBySenderXml = 4,
        SignedBySenderAndServerXml = 5,
    }
}

/// `DocClass` of `Documents`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DocClass {
    /// A check of any type, shift and offline documents included.
    Check,
    /// A Z-report.
    ZRep,
}

/// Declares the commands once: their wire names, and the lookup that ignores letter case.
macro_rules! commands {
    ($($name:ident,)+) => {
        /// The commands of the protocol (sheet §3).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::cashalot) enum Command { $($name,)+ }

        impl Command {
            pub(in crate::cashalot) fn read(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case(stringify!($name)) { return Some(Self::$name); })+
                None
            }

            pub(in crate::cashalot) fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

commands! {
    ServerState,
    CertificateInfo,
    Objects,
    TransactionsRegistrarState,
    OpenShift,
    RegisterCheck,
    RegisterZRep,
    CloseShift,
    LastShiftTotals,
    GetCheck,
    GetZRep,
    Cleanup,
    Shifts,
    Documents,
    Setup,
    SetupRegistrar,
    SendCheckToConsumer,
}

impl Command {
    /// Whether it is work at the register, of which there should be one at a time. A receipt sent to a phone is not: it
    /// may leave while the register makes the next one.
    pub(in crate::cashalot) fn is_register_work(self) -> bool {
        self != Self::SendCheckToConsumer
    }

    /// Whether the command makes fiscal documents, so that the licence and the register's consistency matter.
    pub(in crate::cashalot) fn makes_documents(self) -> bool {
        match self {
            Self::OpenShift | Self::RegisterCheck | Self::RegisterZRep | Self::CloseShift => true,
            Self::ServerState
            | Self::CertificateInfo
            | Self::Objects
            | Self::TransactionsRegistrarState
            | Self::LastShiftTotals
            | Self::GetCheck
            | Self::GetZRep
            | Self::Cleanup
            | Self::Shifts
            | Self::Documents
            | Self::Setup
            | Self::SetupRegistrar
            | Self::SendCheckToConsumer => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_from_names_and_numbers() {
        for text in ["\"OfflineBegin\"", "102", "\"102\""] {
            assert_eq!(
                serde_json::from_str::<DocType>(text).unwrap(),
                DocType::OfflineBegin,
                "{text}"
            );
        }
        for text in ["\"offlinebegin\"", "7", "null", "{}"] {
            assert!(serde_json::from_str::<DocType>(text).is_err(), "{text}");
        }
        assert_eq!(DocSubType::CheckStorno.number(), 5);
    }

    #[test]
    fn commands_are_matched_without_regard_to_case() {
        assert_eq!(Command::read("serverstate"), Some(Command::ServerState));
        assert_eq!(Command::read("GETZREP"), Some(Command::GetZRep));
        assert_eq!(Command::read("GetChecks"), None);
    }
}
