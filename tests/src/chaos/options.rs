//! What the command is asked to do.

use std::time::Duration;

use clap::Parser;

/// Thousands of payments and refunds while workers, ingress, Redis and PostgreSQL are killed and the
/// cash registers' API misbehaves. Exits 0 only if the registers' tapes say exactly what the payment
/// systems' books say.
#[derive(Clone, Debug, Parser)]
#[command(name = "chaos")]
pub struct Options {
    /// Decides the load, the kills and the faults. Drawn when not given, and printed.
    #[arg(long)]
    seed: Option<u64>,
    /// Payments [default: 2000, short: 200].
    #[arg(long)]
    payments: Option<u32>,
    /// Refunds [default: 400, short: 60].
    #[arg(long)]
    refunds: Option<u32>,
    /// Cash registers [default: 20, short: 8].
    #[arg(long)]
    registers: Option<u16>,
    /// Worker processes.
    #[arg(long, default_value_t = 2)]
    workers: u8,
    /// Milliseconds between two payments [default: 30, short: 100].
    #[arg(long)]
    pace_ms: Option<u32>,
    /// A small run for CI.
    #[arg(long)]
    short: bool,
    /// No mail to buyers and no webhooks to shops: to compare the receipts' times with.
    #[arg(long)]
    without_messages: bool,
    /// Keep the programs' logs even if everything was right.
    #[arg(long)]
    pub keep_logs: bool,
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Everything random comes from it.
    pub seed: u64,
    /// Orders that are paid.
    pub payments: u32,
    /// Movements of money back to buyers.
    pub refunds: u32,
    /// Cash registers.
    pub registers: usize,
    /// Worker processes.
    pub workers: usize,
    /// Between two payments.
    pub pace: Duration,
    /// Buyers get mail and shops webhooks.
    pub messages: bool,
}

impl Options {
    /// The sizes, with what was not given filled in.
    pub fn size(&self) -> Size {
        let or = |given: Option<u32>, full, short| given.unwrap_or(if self.short { short } else { full });
        Size {
            seed: self.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())),
            payments: or(self.payments, 2000, 200),
            refunds: or(self.refunds, 400, 60),
            registers: usize::from(self.registers.unwrap_or(if self.short { 8 } else { 20 }).max(1)),
            workers: usize::from(self.workers.max(1)),
            pace: Duration::from_millis(u64::from(or(self.pace_ms, 30, 100))),
            messages: !self.without_messages,
        }
    }
}
