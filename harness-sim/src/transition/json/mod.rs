//! Settings as JSON: read with every value checked, and written in one form.

mod fields;
mod problem;
mod reading;
mod writing;

pub use problem::InvalidSetting;
