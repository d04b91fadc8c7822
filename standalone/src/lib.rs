//! The standalone edition: ingress and worker in one process on SQLite, the operator's commands,
//! and the demo.

pub mod apply;
pub mod commands;
pub mod config;
pub mod demo;
pub mod key;
