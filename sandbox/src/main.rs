//! Runs the simulators on loopback ports until interrupted.
fn main() {}
