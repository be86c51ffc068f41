//! Nothing is read, or nothing passed on.

use std::fmt;

/// Nothing is read, so the sender is held up once the buffers between are full. When the condition
/// ends, everything arrives as it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold;

impl fmt::Display for Hold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("are not read")
    }
}

/// All is read and nothing passed on: the sender notices nothing, and what it sends is lost for good.
/// The end of the stream passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swallow;

impl fmt::Display for Swallow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("are read and not passed on")
    }
}
