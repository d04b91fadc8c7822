//! The standalone edition: ingress and worker in one process, the operator's commands, the demo.

pub mod apply;
pub mod demo;
