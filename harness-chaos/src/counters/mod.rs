//! What is counted: octets of each direction, on each connection and on all together.

mod flow;
mod gauge;

pub(crate) use flow::Flow;
pub use flow::FlowCounts;
pub(crate) use gauge::{Gauge, Meter};
