//! Typed calls on a Tango database.
//!
//! | module | holds |
//! |---|---|
//! | `proxy` | [`DatabaseProxy`]: which database is asked, and what stands in for it |
//! | `question`, `reply` | one command of a database, and how its lists are read |
//! | `properties`, `attribute_properties` | properties of devices, classes and free objects; of attributes |
//! | `devices`, `servers`, `aliases` | what is defined, what runs, and where |

mod aliases;
mod attribute_properties;
mod devices;
mod properties;
mod proxy;
mod question;
mod reply;
mod servers;

pub use attribute_properties::{AttributeOwner, AttributeProperties};
pub use devices::{DatabaseDevice, DeviceExport};
pub use properties::{Property, PropertyOwner};
pub use proxy::DatabaseProxy;
pub use servers::ServerPlacement;
