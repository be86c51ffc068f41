//! A load as a TOML file: everything in it is checked before anything is begun.

mod baseline;
mod data;
mod entry;
mod error;
mod faults;
#[expect(
    clippy::module_inception,
    reason = "the file itself, beside what it is made of"
)]
mod file;
mod flows;
mod json;
mod mentions;
mod names;
mod notes;
mod overrides;
mod plan;
mod table;
mod telescope;
mod walk;

pub use baseline::Baseline;
pub use error::{FileProblem, LoadFileError, Place};
pub use faults::FileFault;
pub use file::{LoadFile, What};
pub use mentions::Offer;
pub use names::{FaultName, KnownNames};
pub use overrides::Overrides;
pub use telescope::{FileTelescope, Simulated, TelescopeChoice};
pub use walk::FileWalk;
