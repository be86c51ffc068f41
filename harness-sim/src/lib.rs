//! A telescope to test against: simulated devices served over real Tango.

pub mod attribute;
pub mod defect;
pub mod live;
pub mod lrc;
pub mod model;
pub mod subarray;
