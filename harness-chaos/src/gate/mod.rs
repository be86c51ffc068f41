//! [`Gate`]: a network between client and server that misbehaves on request.

mod board;
mod builder;
mod error;
mod fault;
mod handle;
mod roll;
mod serving;
mod waits;

pub use builder::GateBuilder;
pub use error::{GateError, WaitError};
pub use fault::GateFault;
pub use handle::Gate;
