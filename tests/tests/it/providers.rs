//! Registers' providers beside the first one, as simulators that were written from their documentation by others.

mod atol_online;
mod cashdesk;
