//! Logs of devices, as Tango has them: what a device says goes to the targets that clients have
//! added on the admin device.

mod delivery;
mod level;
mod logs;
mod pattern;
mod record;
mod target;

pub use level::LogLevel;
pub use logs::DeviceLogs;

pub(super) use pattern::fits;
pub(super) use target::{LogTarget, TargetError};
