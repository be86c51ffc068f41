//! Which devices a simulated telescope has: presets for Low and Mid, and files of one's own.

mod definition;
mod error;
mod file;
mod role;
mod template;

pub use definition::{CommandTimeouts, Preset};
pub use error::PresetError;
pub use role::DeviceRole;
pub(crate) use template::NameTemplate;
