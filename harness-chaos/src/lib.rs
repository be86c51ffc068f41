//! The gate: a network between client and server that misbehaves on request.
//!
//! It knows TCP and UDP, and no protocol above them. A [`Gate`] listens on one address and connects to
//! another; what comes it passes on as it came, until a fault is started. Start at [`Gate`]: its example
//! has all the parts.
//!
//! | module | holds |
//! |---|---|
//! | [`gate`] | [`Gate`]: opening one, its faults, its connections, waiting for them |
//! | [`condition`] | what can go wrong with octets on their way: [`Delay`], [`Corrupt`], [`Close`] and so on |
//! | [`arrival`] | [`Arrival`]: what can happen to new connections |
//! | [`datagram`] | [`UdpGate`]: the same for datagrams, which get lost, come twice, and overtake each other |
//! | [`network`] | [`Network`]: many gates, faults of any part of them, and kinds of networks by name |
//! | [`recovery`] | [`recovers_within`]: proof that a system came back, and how long it took |
//! | [`connection`] | what is known of a connection, and how it ended |
//! | [`counters`] | what is counted |
//! | `control` | with the feature `control`: gates that Toxiproxy's clients make and change over HTTP |
//! | [`seed`] | [`Seed`]: where all chance comes from |
//!
//! Within, a condition is data; what it does is a stage, a machine without sockets and clocks; a chain of
//! stages stands in each direction of each connection, and a task moves octets through it.

pub mod arrival;
pub mod condition;
pub mod connection;
#[cfg(feature = "control")]
pub mod control;
pub mod counters;
pub mod datagram;
pub mod gate;
pub mod network;
pub mod recovery;
pub mod seed;
mod stage;
mod wording;

pub use arrival::Arrival;
pub use condition::{
    Bandwidth, Close, Coalesce, Condition, ConditionError, Corrupt, Delay, Ending, Fate, Hold,
    LateEnd, Rewrite, Slice, Stall, Swallow,
};
pub use connection::{Closed, ConnectionIdentity, ConnectionSummary, Direction, Side};
pub use counters::FlowCounts;
pub use datagram::{
    DatagramCondition, Duplicate, Loss, Reorder, Truncate, UdpGate, UdpGateBuilder,
};
pub use gate::{AdjustableFault, Gate, GateBuilder, GateError, GateFault, WaitError};
pub use network::{Link, Network, NetworkError, NetworkFault, Part, Profile};
pub use recovery::{NotRecovered, Recovery, recovers_within};
pub use seed::Seed;
