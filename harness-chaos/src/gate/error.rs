//! Why a gate could not be opened, and what a wait for it waited for in vain.

use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::condition::ConditionError;
use crate::wording::Spoken;

/// Why a gate could not be opened, or a fault of it not started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GateError {
    /// The address to listen on is no address, or its name is unknown.
    #[error("{address} is no address to listen on; give one such as 127.0.0.1:0")]
    NoAddress {
        /// What was given.
        address: String,
        /// What the system says of it; nothing if it knows the name and no address of it.
        source: Option<io::Error>,
    },
    /// Nobody can listen there: the address is in use, or not of this computer.
    #[error(
        "cannot listen on {address}; another program may, or it is an address of another computer"
    )]
    Listen {
        /// Where it was to listen.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// What is to be behind the gate has no address.
    #[error("{address} is no address to connect to; give one such as 127.0.0.1:10000")]
    NoUpstream {
        /// What was given.
        address: String,
        /// What the system says of it; nothing if it knows the name and no address of it.
        source: Option<io::Error>,
    },
    /// The condition is impossible.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// A fault that can become another one is one condition of one gate.
    #[error(
        "only a fault of one condition can become another one, of the same gate; start it as a fault of \
         its own"
    )]
    NotAdjustable,
    /// The gate has been closed.
    #[error("the gate is closed; open it anew")]
    Closed,
}

/// What was waited for in vain.
#[derive(Debug, Error)]
#[error("{awaited} did not come within {}; {found}", Spoken(*.time))]
pub struct WaitError {
    pub(crate) awaited: String,
    pub(crate) found: String,
    pub(crate) time: Duration,
}
