//! Subarrays over Tango: what the state graph of the SKA says of them, and what one is seen by.
//!
//! [`SubarrayUnderTest`] is a subarray as [`SystemUnderTest`](crate::lifecycle::SystemUnderTest),
//! [`SubarrayClients`] starts them, and [`subarray_lifecycle`] says what is allowed.

mod clients;
mod error;
mod ledger;
mod load;
mod rules;
mod system;

pub use clients::SubarrayClients;
pub use error::ClientsError;
pub use load::{SkaReplies, SkaResults, fleet_of_subarrays, offers, subarray_fleet};
pub use rules::{SubarrayRules, subarray_lifecycle};
pub use system::SubarrayUnderTest;
