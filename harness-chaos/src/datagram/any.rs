//! Any of the conditions of datagrams.

use std::fmt;

use super::{Duplicate, Loss, Reorder, Truncate};
use crate::condition::{Bandwidth, Condition, ConditionError, Corrupt, Delay, Hold, Rewrite};

/// Something that goes wrong with datagrams on their way. Whatever it is, a datagram stays one: none is
/// taken apart, and no two are put together.
///
/// Shown as what is said of them: "get lost, 25 % of the datagrams".
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DatagramCondition {
    /// See [`Loss`].
    Loss(Loss),
    /// See [`Duplicate`].
    Duplicate(Duplicate),
    /// See [`Reorder`].
    Reorder(Reorder),
    /// See [`Truncate`].
    Truncate(Truncate),
    /// See [`Hold`]. What does not fit into the buffers meanwhile is lost, as on any network.
    Hold(Hold),
    /// See [`Delay`]: with jitter too, datagrams stay in order; [`Reorder`] mixes them.
    Delay(Delay),
    /// See [`Bandwidth`]: whole datagrams leave, each when there has been time for all of it.
    Bandwidth(Bandwidth),
    /// See [`Corrupt`]. What is replaced is looked for in each datagram by itself.
    Corrupt(Corrupt),
    /// See [`Rewrite`]: called with each datagram, unless it is told how messages are told apart.
    Rewrite(Rewrite),
}

impl DatagramCondition {
    /// The same as a condition of streams, where there is one.
    fn of_streams(&self) -> Option<Condition> {
        match self {
            DatagramCondition::Hold(hold) => Some((*hold).into()),
            DatagramCondition::Delay(delay) => Some((*delay).into()),
            DatagramCondition::Bandwidth(bandwidth) => Some(bandwidth.clone().into()),
            DatagramCondition::Corrupt(corrupt) => Some(corrupt.clone().into()),
            DatagramCondition::Rewrite(rewrite) => Some(rewrite.clone().into()),
            DatagramCondition::Loss(_)
            | DatagramCondition::Duplicate(_)
            | DatagramCondition::Reorder(_)
            | DatagramCondition::Truncate(_) => None,
        }
    }

    /// Whether it is possible at all.
    ///
    /// # Errors
    ///
    /// When a number of it is negative, not finite, or otherwise of no use. Starting it fails then.
    pub fn check(&self) -> Result<(), ConditionError> {
        match self {
            DatagramCondition::Loss(loss) => loss.check(),
            DatagramCondition::Duplicate(duplicate) => duplicate.check(),
            DatagramCondition::Reorder(reorder) => reorder.check(),
            other => other.of_streams().map_or(Ok(()), |it| it.check()),
        }
    }

    /// The name of its kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            DatagramCondition::Loss(_) => "loss",
            DatagramCondition::Duplicate(_) => "duplicate",
            DatagramCondition::Reorder(_) => "reorder",
            DatagramCondition::Truncate(_) => "truncate",
            other => other.of_streams().map_or("", |it| it.kind()),
        }
    }

    /// Whether it leaves something to chance.
    pub(crate) fn has_chance(&self) -> bool {
        let by_chance = |rate: f64| rate > 0.0 && rate < 1.0;
        match self {
            DatagramCondition::Loss(loss) => by_chance(loss.rate),
            DatagramCondition::Duplicate(duplicate) => by_chance(duplicate.rate),
            DatagramCondition::Reorder(reorder) => by_chance(reorder.rate),
            other => other.of_streams().is_some_and(|it| it.has_chance()),
        }
    }
}

impl fmt::Display for DatagramCondition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatagramCondition::Loss(loss) => loss.fmt(formatter),
            DatagramCondition::Duplicate(duplicate) => duplicate.fmt(formatter),
            DatagramCondition::Reorder(reorder) => reorder.fmt(formatter),
            DatagramCondition::Truncate(truncate) => truncate.fmt(formatter),
            DatagramCondition::Hold(hold) => hold.fmt(formatter),
            DatagramCondition::Delay(delay) => delay.fmt(formatter),
            DatagramCondition::Bandwidth(bandwidth) => bandwidth.fmt(formatter),
            DatagramCondition::Corrupt(corrupt) => corrupt.fmt(formatter),
            DatagramCondition::Rewrite(rewrite) => rewrite.fmt(formatter),
        }
    }
}

macro_rules! a_condition {
    ($($kind:ident),*) => {$(
        impl From<$kind> for DatagramCondition {
            fn from(condition: $kind) -> DatagramCondition {
                DatagramCondition::$kind(condition)
            }
        }
    )*};
}

a_condition!(
    Loss, Duplicate, Reorder, Truncate, Hold, Delay, Bandwidth, Corrupt, Rewrite
);
