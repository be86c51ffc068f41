//! Any of the conditions.

use std::fmt;

use super::{
    Bandwidth, Close, Coalesce, ConditionError, Corrupt, Delay, Hold, LateEnd, Manner, Rewrite,
    Slice, Stall, Swallow, When,
};

/// Something that goes wrong with octets on their way.
///
/// Shown as what is said of them: "are delayed by 200 ms".
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Condition {
    /// See [`Hold`].
    Hold(Hold),
    /// See [`Swallow`].
    Swallow(Swallow),
    /// See [`Delay`].
    Delay(Delay),
    /// See [`Stall`].
    Stall(Stall),
    /// See [`Bandwidth`].
    Bandwidth(Bandwidth),
    /// See [`Corrupt`].
    Corrupt(Corrupt),
    /// See [`Slice`].
    Slice(Slice),
    /// See [`Coalesce`].
    Coalesce(Coalesce),
    /// See [`Close`].
    Close(Close),
    /// See [`LateEnd`].
    LateEnd(LateEnd),
    /// See [`Rewrite`].
    Rewrite(Rewrite),
}

impl Condition {
    /// Whether it is possible at all.
    ///
    /// # Errors
    ///
    /// When a number of it is negative, not finite, or otherwise of no use. Starting it fails then.
    pub fn check(&self) -> Result<(), ConditionError> {
        match self {
            Condition::Stall(stall) => stall.check(),
            Condition::Bandwidth(bandwidth) => bandwidth.check(),
            Condition::Corrupt(corrupt) => corrupt.check(),
            Condition::Slice(slice) => slice.check(),
            Condition::Coalesce(coalesce) => coalesce.check(),
            _ => Ok(()),
        }
    }

    /// The name of its kind.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Condition::Hold(_) => "hold",
            Condition::Swallow(_) => "swallow",
            Condition::Delay(_) => "delay",
            Condition::Stall(_) => "stall",
            Condition::Bandwidth(_) => "bandwidth",
            Condition::Corrupt(_) => "corrupt",
            Condition::Slice(_) => "slice",
            Condition::Coalesce(_) => "coalesce",
            Condition::Close(_) => "close",
            Condition::LateEnd(_) => "late end",
            Condition::Rewrite(_) => "rewrite",
        }
    }

    /// Whether it leaves something to chance.
    pub(crate) fn has_chance(&self) -> bool {
        match self {
            Condition::Delay(delay) => !delay.jitter.is_zero(),
            Condition::Stall(_) => true,
            Condition::Corrupt(corrupt) => matches!(corrupt.manner, Manner::Bits { .. }),
            Condition::Slice(slice) => slice.variation > 0,
            Condition::Close(close) => {
                matches!(close.when, When::Since(window) if !window.jitter.is_zero())
            }
            _ => false,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Hold(hold) => hold.fmt(formatter),
            Condition::Swallow(swallow) => swallow.fmt(formatter),
            Condition::Delay(delay) => delay.fmt(formatter),
            Condition::Stall(stall) => stall.fmt(formatter),
            Condition::Bandwidth(bandwidth) => bandwidth.fmt(formatter),
            Condition::Corrupt(corrupt) => corrupt.fmt(formatter),
            Condition::Slice(slice) => slice.fmt(formatter),
            Condition::Coalesce(coalesce) => coalesce.fmt(formatter),
            Condition::Close(close) => close.fmt(formatter),
            Condition::LateEnd(end) => end.fmt(formatter),
            Condition::Rewrite(rewrite) => rewrite.fmt(formatter),
        }
    }
}

macro_rules! a_condition {
    ($($kind:ident),*) => {$(
        impl From<$kind> for Condition {
            fn from(condition: $kind) -> Condition {
                Condition::$kind(condition)
            }
        }
    )*};
}

a_condition!(
    Hold, Swallow, Delay, Stall, Bandwidth, Corrupt, Slice, Coalesce, Close, LateEnd, Rewrite
);
