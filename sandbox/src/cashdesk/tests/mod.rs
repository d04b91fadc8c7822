//! The simulator against chapters 14 and 15 of the protocol sheet, over real sockets.

mod access;
mod api_faults;
mod bed;
mod check_rules;
mod conditions;
mod control;
mod forms;
mod offline_mode;
mod reports;
mod shift_machine;
mod switches;
mod webhooks;

use super::*;
use crate::patience::{eventually, soon};
use bed::{Bed, OTHER, REGISTER, Reply, sale};
