//! Users over real devices, and what is still right under load.

mod connected;
mod conservation;
mod error;
#[expect(
    clippy::module_inception,
    reason = "the fleet itself, beside what it does"
)]
mod fleet;
mod flow_user;
mod history;
mod matching;
mod replies;
mod rules;
mod settle;
mod station;
mod telling;
mod walk;
mod watch;

pub use connected::ConnectedFleet;
pub use error::FleetError;
pub use fleet::Fleet;
pub use flow_user::FleetUser;
pub use replies::{Answer, Ending, Endings, PlainReplies, Replies};
pub use walk::{WalkInputs, WalkUser};
