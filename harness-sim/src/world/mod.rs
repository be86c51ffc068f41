//! A world of devices that live, talk to each other and share one clock.
//!
//! All its devices are behind one lock, and one task turns its clock, which sleeps until something
//! is due. What one device says to another is handled in the order in which it was said, until
//! nothing is left to do; what is due at the same moment happens in the order of the devices. So the
//! same inputs give the same events in the same order.

mod agenda;
mod builder;
mod clock;
mod driver;
mod handle;
mod population;
mod status;

pub(crate) use builder::WorldBuilder;
pub(crate) use driver::Shared;
pub use handle::TelescopeHandle;
pub use status::DeviceStatus;

#[cfg(test)]
mod tests;
