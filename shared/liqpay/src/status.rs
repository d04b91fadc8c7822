//! LiqPay's enumerations.

wire::words! {
    /// `status`.
    Status {
        /// Charged.
        Success = "success",
        /// Charged in test mode: no money moved.
        Sandbox = "sandbox",
        /// Charged; the shop is not verified yet.
        WaitAccept = "wait_accept",
        /// Charged; paid out with the day's others.
        WaitCompensation = "wait_compensation",
        /// Charged; a letter of credit waits for the delivery.
        WaitLetterOfCredit = "wait_lc",
        /// Charged; kept for a refund that was asked for.
        WaitReserve = "wait_reserve",
        /// Blocked on the payer's account, not charged.
        HoldWait = "hold_wait",
        /// Given back, all or (it is not said) a part of it.
        Reversed = "reversed",
        /// A subscription begins.
        Subscribed = "subscribed",
        /// A subscription ends.
        Unsubscribed = "unsubscribed",
        /// Not paid.
        Failure = "failure",
        /// Not paid: the request was wrong.
        Error = "error",
        /// Not paid; the payer may try again.
        TryAgain = "try_again",
        /// The payer has to finish it.
        Prepared = "prepared",
        /// Under way.
        Processing = "processing",
        /// LiqPay looks at it.
        WaitSecure = "wait_secure",
        /// The receiver's card is not known.
        WaitCard = "wait_card",
        /// The payer scans a picture.
        WaitQr = "wait_qr",
        /// The payer confirms in the bank's app.
        WaitSender = "wait_sender",
        /// The payer brings cash.
        CashWait = "cash_wait",
        /// The payer got an invoice.
        InvoiceWait = "invoice_wait",
    }
}

impl Status {
    /// The payer has to confirm something: `3ds_verify`, `otp_verify` and a dozen more.
    pub(crate) fn is_verification(&self) -> bool {
        self.as_str().ends_with("_verify")
    }
}

wire::words! {
    /// `action`.
    Action {
        /// A payment.
        Pay = "pay",
        /// A payment in two steps.
        Hold = "hold",
        /// A payment shared between receivers.
        PaySplit = "paysplit",
        /// A donation.
        PayDonate = "paydonate",
        /// A subscription is made.
        Subscribe = "subscribe",
        /// A later payment of a subscription.
        Regular = "regular",
        /// A card check.
        Auth = "auth",
    }
}
