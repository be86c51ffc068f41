//! Loads of subarrays over Tango: what their replies and results say, and a fleet that knows it.

mod fleet;
mod offers;
mod replies;
mod results;

pub use fleet::{fleet_of_subarrays, subarray_fleet};
pub use offers::offers;
pub use replies::SkaReplies;
pub use results::SkaResults;
