//! Long running commands: a command answers at once with an id, and its result comes later as an
//! event.
//!
//! [`LrcAction`] sends one and waits for it; [`LrcReply`] and [`Completion`] are what a device
//! says at once and in the end; a [`Refusal`] tells how and why it said no. How results are told
//! is an [`LrcProtocol`]; there is one so far, [`ClassicProtocol`].

mod action;
mod classic;
mod codes;
mod completion;
mod protocol;
mod refusal;
mod refusal_class;
mod reply;
mod sent;

pub use action::LrcAction;
pub use classic::ClassicProtocol;
pub use codes::ResultCodes;
pub use protocol::{Completion, LrcProtocol};
pub use refusal::{Refusal, RefusedBy};
pub use refusal_class::RefusalClass;
pub use reply::{LrcReply, ReplyError};
pub use sent::{SendError, SentCommand, send};
