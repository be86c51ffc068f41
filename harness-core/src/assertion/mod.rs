//! Assertions: what must be true of the devices, and waiting until it is.
//!
//! * [`is_in_state`]: the devices hold a value;
//! * [`changes_to`], [`changes`]: a change of value is seen after the [`Watch`] began, as often as asked for;
//! * [`never_changes_to`]: none is seen;
//! * [`passes_through`]: several changes of one attribute are seen, in that order;
//! * [`in_order`], [`Changes::then`]: changes of several devices are seen one after the other;
//! * [`logs`]: a device writes a line into its log;
//! * [`stops_on`], [`stops_on_loss`], [`stops_on_lasting_loss`], [`stops_when`]: something is seen that makes waiting on useless.
//!
//! All of them are about one device or more: what is asked of none fails when it is set up.
//! Where these take a value they take any [`Matcher`]: [`one_of`], [`not`], [`close_to`] and [`matching`] make some.
//!
//! Assertions are parts of actions, or verified on their own with [`Tracer::expect`](crate::Tracer::expect). The traits are
//! [`Assertion`] and [`EarlyStop`]; what a wait sees comes from [`Watch::entries`].

mod behind;
mod change_account;
mod change_tracking;
mod changes;
mod closing;
mod contract;
mod count;
mod device_state;
mod early_stop;
mod engine;
mod expectation;
mod in_order;
mod in_state;
mod logs;
mod matcher;
mod passes_through;
mod subject;
mod watch;

pub use changes::{Changes, changes, changes_to, never_changes_to};
pub use contract::Assertion;
pub use early_stop::{
    EarlyStop, StopsOn, StopsWhen, stops_on, stops_on_lasting_loss, stops_on_loss, stops_when,
};
pub use expectation::Expectation;
pub use in_order::{InOrder, in_order};
pub use in_state::{IsInState, is_in_state};
pub use logs::{Logs, logs};
pub use matcher::{Matcher, close_to, matching, not, one_of};
pub use passes_through::{PassesThrough, passes_through};
pub use watch::{EarlyStopped, Watch, WatchEnd, WatchedEntries};

#[cfg(test)]
mod tests;
