//! What a test is made of: devices, events, waits, assertions, actions and the state graph.
//!
//! Nothing in this crate knows Tango, SKA or cucumber. From the bottom up:
//!
//! | module | holds |
//! |---|---|
//! | [`value`] | [`Value`]: what commands take and attributes hold |
//! | [`device`] | [`Device`]: how a control system is reached; [`InMemoryDevice`] for tests without one |
//! | [`event`] | [`Event`]: what a subscription said |
//! | [`timeout`] | [`Timeout`]: one deadline that many waits share |
//! | [`journal`] | [`Journal`]: the record of a run; [`Mark`]: a position in it |
//! | [`tracer`] | [`Tracer`]: subscribes once per attribute and records every event |
//! | [`assertion`] | what must be true of the devices, and waiting until it is |
//! | [`action`] | [`Action`]: something done, with what must be true before and after |
//! | [`state_machine`] | the graph of states, and how to reach one |
//! | [`failure`] | [`Failure`]: the account of what went wrong |
//! | [`fault`] | [`Fault`]: something made to go wrong on purpose |
//! | [`admission`] | who may control a part of a test over HTTP |
//! | [`page`] | [`Page`](page::Page): one HTML file that shows something and needs nothing else |
//!
//! Start at [`action::CommandAction`]: its example has all the parts.

pub mod action;
pub mod admission;
pub mod assertion;
pub mod device;
pub mod event;
pub mod failure;
pub mod fault;
pub mod journal;
pub mod page;
pub mod state_machine;
pub mod timeout;
pub mod tracer;
pub mod value;

pub use action::{
    Action, ActionError, CommandAction, Parallel, ProcedureAction, Sequence, WaitAction,
};
pub use assertion::{
    changes, changes_to, close_to, in_order, is_in_state, matching, never_changes_to, not, one_of,
    passes_through, stops_on, stops_on_loss, stops_when,
};
pub use device::{BoxFuture, Device, DeviceError, InMemoryDevice, Reading};
pub use event::{Event, Signal};
pub use failure::Failure;
pub use fault::{Fault, FaultGuard};
pub use journal::{Entry, Journal, Mark};
pub use timeout::Timeout;
pub use tracer::{TracedDevice, Tracer};
pub use value::{EnumValue, Value};
