//! Long running commands: a command answers at once with an id, and its result comes later as an
//! event.
//!
//! [`LrcAction`] sends one and waits for it, [`LrcGroup`] sends one to several devices;
//! [`LrcReply`], [`LrcReport`] and [`Completion`] are what a device says at once, meanwhile and in
//! the end; a [`Refusal`] tells how and why it said no, and [`ExpectedRefusal`] wants it to. How
//! all this is told is an [`LrcProtocol`]: [`ClassicProtocol`] or [`ListsProtocol`], whichever the
//! device has the attributes of. [`LrcNarrator`] puts it into words for the record.

mod action;
mod classic;
mod codes;
mod completion;
mod detection;
mod execution;
mod expected_refusal;
mod group;
mod lists;
mod narrator;
mod protocol;
mod refusal;
mod refusal_class;
mod reply;
mod sent;
mod unchanged;

pub use action::LrcAction;
pub use classic::ClassicProtocol;
pub use codes::{NoResultCode, ResultCodes};
pub use detection::NoProtocol;
pub use expected_refusal::ExpectedRefusal;
pub use group::LrcGroup;
pub use lists::ListsProtocol;
pub use narrator::LrcNarrator;
pub use protocol::{Completion, LrcProtocol, LrcReport};
pub use refusal::{Refusal, RefusedBy};
pub use refusal_class::RefusalClass;
pub use reply::{LrcReply, ReplyError};
pub use sent::{SendError, SentCommand, send};
