//! Where sources disagree about the gateway, a switch: a receiver must live with either position.

/// What the gateway shows of the basket in `additional_info.reservation_data`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BasketEcho {
    /// The base64 text of the merchant; `null` when none was sent.
    #[default]
    AsSent,
    /// Always `null`.
    Null,
    /// The text `{}`.
    EmptyObject,
    /// The basket with one more line the gateway added: a discount of so many kopecks.
    DiscountLine(u64),
}

/// What `reversal_amount` in the answer to a reversal means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReversalAmount {
    /// This reversal alone.
    #[default]
    ThisOne,
    /// Everything reversed so far.
    RunningTotal,
}

/// Positions of all switches; the default is what most sources say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switches {
    /// Callbacks of reversals say `tran_type=reverse` instead of `purchase`.
    pub reverse_tran_type: bool,
    /// Callbacks of captures say `tran_type=capture` instead of `purchase`.
    pub capture_tran_type: bool,
    /// A full reversal stays `approved` instead of `reversed`.
    pub approved_on_full_reversal: bool,
    /// After a capture `actual_amount` is the captured sum.
    pub actual_is_captured: bool,
    /// The basket in `additional_info`.
    pub basket: BasketEcho,
    /// Callback bodies are wrapped in `{"response": …}`.
    pub wrapped: bool,
    /// There is no `/api/reports`.
    pub no_reports: bool,
    /// The dates of `/api/reports` mean the payment, not the order's making.
    pub reports_by_payment: bool,
    /// The amount in the answer to a reversal.
    pub reversal_amount: ReversalAmount,
    /// Messages of protocol 2.0 echo `receiver[]` as it was asked for, baskets included.
    pub echo_receivers: bool,
    /// Messages about a settlement echo `order_type` and `operation_id`, which name the order it divides.
    pub echo_operation: bool,
}
