//! [`UdpGate`]: the gate for datagrams. Each client address has a session with a socket of its own towards
//! the upstream; what can go wrong with datagrams is a [`DatagramCondition`].

mod any;
mod builder;
mod duplicate;
mod handle;
mod loss;
mod receiver;
mod reorder;
mod session;
mod truncate;

pub use any::DatagramCondition;
pub use builder::UdpGateBuilder;
pub use duplicate::Duplicate;
pub use handle::UdpGate;
pub use loss::Loss;
pub use reorder::Reorder;
pub use truncate::Truncate;
