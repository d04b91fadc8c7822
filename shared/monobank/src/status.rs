//! The bank's enumerations.

wire::words! {
    /// An invoice's `status`.
    Status {
        /// Nobody paid yet.
        Created = "created",
        /// Being paid.
        Processing = "processing",
        /// Held, not charged.
        Hold = "hold",
        /// Charged.
        Success = "success",
        /// Refused.
        Failure = "failure",
        /// Given back.
        Reversed = "reversed",
        /// Not paid in time.
        Expired = "expired",
    }
}

wire::words! {
    /// The `status` of one refund.
    CancelStatus {
        /// Asked for.
        Processing = "processing",
        /// Made.
        Success = "success",
        /// Refused.
        Failure = "failure",
    }
}
