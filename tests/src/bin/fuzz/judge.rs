//! Whether a decoder did well with an input.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::MEMORY;
use crate::decoders::Decoder;

/// What a decoder may take: so much for each byte, and so much for nothing. A callback's limit of 256 KiB is
/// then worth some megabytes, many of which fit into a small machine.
const PER_BYTE: usize = 48;
const FOR_NOTHING: usize = 64 * 1024;

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Watches panics from when it is made.
pub struct Judge;

impl Judge {
    pub fn new() -> Self {
        std::panic::set_hook(Box::new(|info| {
            LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string());
        }));
        Self
    }

    /// The most bytes a reading of this input took, or what is wrong.
    pub fn judge(&self, decoder: &Decoder, input: &[u8]) -> Result<usize, String> {
        let mut most = 0;
        for dressed in (decoder.dress)(input) {
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let read = catch_unwind(AssertUnwindSafe(|| (decoder.read)(&dressed)));
            let peak = MEMORY.peak_usage().saturating_sub(before);
            match read {
                Err(_) => return Err(LAST_PANIC.with(|last| last.borrow().replace('\n', " "))),
                Ok(Err(broken)) => return Err(broken),
                Ok(Ok(())) => {}
            }
            let allowed = FOR_NOTHING + PER_BYTE * dressed.len();
            if peak > allowed {
                return Err(format!(
                    "{peak} bytes for {} of input, {allowed} are allowed",
                    dressed.len()
                ));
            }
            most = most.max(peak);
        }
        Ok(most)
    }
}
