//! [`Network`]: many gates, one for each link, and faults of any part of them.
//!
//! A [`Link`] is named by what it leads to and what for. Gates are opened when somebody first asks for
//! the way: that is what an address book is filled with. A fault concerns the gates of a [`Part`] that
//! are open, and those that are opened while it lasts.

mod fault;
mod handle;
mod link;
mod part;
mod profile;

pub use fault::NetworkFault;
pub use handle::{Network, NetworkError};
pub use link::Link;
pub use part::Part;
pub use profile::{Profile, UnknownProfile};
