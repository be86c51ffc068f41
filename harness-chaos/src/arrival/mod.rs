//! How new connections are met: a listener that can refuse them, keep them waiting, or close them
//! at once.

mod listener;
mod manner;
mod order;

pub(crate) use listener::{Listener, bind};
pub use manner::Arrival;
pub(crate) use order::{ArrivalOrder, ask};
