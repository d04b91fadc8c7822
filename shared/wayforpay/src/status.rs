//! `transactionStatus`.

wire::words! {
    /// `transactionStatus`.
    Status {
        /// Charged.
        Approved = "Approved",
        /// Held, not charged.
        WaitingAuthComplete = "WaitingAuthComplete",
        /// Given back, all or a part.
        Refunded = "Refunded",
        /// Taken back on the day it was made, or a hold released.
        Voided = "Voided",
        /// A refund was asked for and waits for money on the shop's balance.
        RefundInProcessing = "RefundInProcessing",
        /// Refused.
        Declined = "Declined",
        /// Not paid in time.
        Expired = "Expired",
        /// Looked at for fraud.
        Pending = "Pending",
        /// Being paid.
        InProcessing = "InProcessing",
        /// The same, as the wiki writes it.
        InProcessingToo = "inProcessing",
        /// Nothing entered yet.
        Created = "Created",
    }
}
