//! The gateway's enumerations. Unknown values are kept as received, never guessed.

wire::words! {
    /// `order_status`, fondy.md §5.
    OrderStatus {
        /// The order exists; the payer entered nothing yet.
        Created = "created",
        /// Under way; also "an attempt failed, the payer may try again".
        Processing = "processing",
        /// Refused.
        Declined = "declined",
        /// Charged, or only held. Stays after a capture and after a partial reversal.
        Approved = "approved",
        /// The lifetime ended unpaid. May arrive after `approved`.
        Expired = "expired",
        /// Reversed in full.
        Reversed = "reversed",
    }
}

wire::words! {
    /// `tran_type`, fondy.md §4.
    TranType {
        /// The normal kind, also seen on partial reversals.
        Purchase = "purchase",
        /// A reversal.
        Reverse = "reverse",
        /// A held payment was charged.
        Capture = "capture",
        /// A card check: charged and given back at once.
        Verification = "verification",
        /// A payout to a card: money that leaves the merchant.
        P2pCredit = "p2p credit",
        /// Money moved between the receivers of a split.
        Settlement = "settlement",
    }
}

wire::words! {
    /// `additional_info.capture_status`, fondy.md §4.
    CaptureStatus {
        /// The money is held, not charged.
        Hold = "hold",
        /// The held money was charged, all or part of it.
        Captured = "captured",
        /// The hold, or what was charged of it, went back.
        Reversed = "reversed",
    }
}
