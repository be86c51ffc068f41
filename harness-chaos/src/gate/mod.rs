//! [`Gate`]: a network between client and server that misbehaves on request.

mod address;
mod adjustable;
mod behind;
mod board;
mod builder;
mod effect;
mod error;
mod fault;
mod handle;
mod roll;
mod serving;
mod waits;

pub(crate) use address::{listening, upstream};
pub use adjustable::AdjustableFault;
pub(crate) use behind::Behind;
pub(crate) use board::Board;
pub use builder::GateBuilder;
pub(crate) use effect::Effect;
pub use error::{GateError, WaitError};
pub use fault::GateFault;
pub use handle::Gate;
pub(crate) use roll::words_of;
