//! Assertions: what must be true of the devices, and waiting until it is.
//!
//! * [`is_in_state`]: the devices hold a value;
//! * [`changes_to`], [`changes`]: a change of value is seen after the [`Watch`] began;
//! * [`passes_through`]: several changes are seen, in that order;
//! * [`stops_on`], [`stops_on_loss`], [`stops_on_lasting_loss`], [`stops_when`]: something is seen that makes waiting on useless.
//!
//! The traits are [`Assertion`] and [`EarlyStop`]; what a wait sees comes from [`Watch::entries`].

mod change_tracking;
mod changes;
mod contract;
mod early_stop;
mod engine;
mod in_state;
mod passes_through;
mod subject;
mod watch;

pub use changes::{Changes, changes, changes_to};
pub use contract::Assertion;
pub use early_stop::{
    EarlyStop, StopsOn, StopsWhen, stops_on, stops_on_lasting_loss, stops_on_loss, stops_when,
};
pub use in_state::{IsInState, is_in_state};
pub use passes_through::{PassesThrough, passes_through};
pub use watch::{EarlyStopped, Watch, WatchEnd, WatchedEntries};

#[cfg(test)]
mod tests;
