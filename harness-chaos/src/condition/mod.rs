//! What can go wrong with octets on their way, as data: a struct for each kind, and [`Condition`]
//! for any of them.
//!
//! | condition | what it does |
//! |---|---|
//! | [`Hold`] | nothing is read; the sender is held up when its buffers are full |
//! | [`Swallow`] | all is read, and nothing passed on |
//! | [`Delay`] | everything comes later, by a time with or without jitter, in order |
//! | [`Stall`] | here and there something is held up, and all behind it too |
//! | [`Bandwidth`] | so many octets a second pass, and no more |
//! | [`Corrupt`] | bits are flipped, octets inverted, or words replaced |
//! | [`Slice`] | what was sent at once arrives in pieces |
//! | [`Coalesce`] | what was sent in pieces arrives at once |
//! | [`Close`] | the connection is closed or reset: on data, after so many octets, at a time |
//! | [`LateEnd`] | the end of the stream comes late, or never |
//! | [`Rewrite`] | whatever a closure makes of each message |

mod any;
mod bandwidth;
mod close;
mod coalesce;
mod corrupt;
mod delay;
mod error;
mod hold;
mod late_end;
mod rewrite;
mod slice;
mod stall;
#[cfg(test)]
mod tests;

pub use any::Condition;
pub use bandwidth::Bandwidth;
pub(crate) use bandwidth::Line;
pub use close::{Close, Ending};
pub(crate) use close::{Origin, When, Window};
pub use coalesce::Coalesce;
pub use corrupt::Corrupt;
pub(crate) use corrupt::Manner;
pub use delay::Delay;
pub use error::ConditionError;
pub(crate) use error::{finite_rate, fraction};
pub use hold::{Hold, Swallow};
pub use late_end::LateEnd;
pub use rewrite::{Fate, Rewrite};
pub(crate) use rewrite::{Framing, Rewriter};
pub use slice::Slice;
pub use stall::Stall;
