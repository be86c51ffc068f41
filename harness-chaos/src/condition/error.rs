//! Why a condition is impossible.

use thiserror::Error;

/// Why a condition is impossible. It was not started, and nothing is changed.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ConditionError {
    /// A probability or a rate is not between 0 and 1.
    #[error("{what} of {value} is impossible: give a number from 0 to 1")]
    NoFraction {
        /// What the number is.
        what: &'static str,
        /// The number given.
        value: f64,
    },
    /// A number of octets a second is not finite, or not above zero.
    #[error(
        "{value} octets a second are impossible: give a finite number above zero, or `Hold` to let \
         nothing pass"
    )]
    NoRate {
        /// The number given.
        value: f64,
    },
    /// Pieces must have at least one octet.
    #[error("pieces of no octets are impossible: give at least 1")]
    NoPieces,
    /// Nothing cannot be replaced.
    #[error("no octets to look for: give those that shall be replaced")]
    NothingToReplace,
}

pub(crate) fn fraction(what: &'static str, value: f64) -> Result<(), ConditionError> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(ConditionError::NoFraction { what, value }),
    }
}

pub(crate) fn finite_rate(value: f64) -> Result<(), ConditionError> {
    match value.is_finite() && value > 0.0 {
        true => Ok(()),
        false => Err(ConditionError::NoRate { value }),
    }
}
