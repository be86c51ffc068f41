//! A telescope to test against: simulated devices served over real Tango.

pub mod model;
