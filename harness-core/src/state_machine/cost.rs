//! What a transition costs: a finite number, zero or more.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Add;

use serde::Serialize;

/// The cost of a transition or of a whole plan: finite for a transition, never negative, never
/// NaN.
///
/// Costs have no unit. The convention of the subarray graph: 1 = a normal step, 10 = disruptive,
/// 50 = a last resort.
///
/// ```
/// use harness_core::state_machine::Cost;
///
/// assert_eq!(Cost::new(1.5).map(Cost::value), Some(1.5));
/// assert_eq!(Cost::new(-1.0), None);
/// assert_eq!(Cost::new(f64::NAN), None);
/// ```
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cost(f64);

impl Cost {
    /// The cost of doing nothing.
    pub const ZERO: Cost = Cost(0.0);

    /// More than any sum of costs but one that overflows.
    pub(super) const INFINITE: Cost = Cost(f64::INFINITY);

    /// What a transition costs when nothing is said.
    pub const ONE: Cost = Cost(1.0);

    /// A cost, or `None` when the number is negative, infinite or NaN.
    #[must_use]
    pub fn new(value: f64) -> Option<Cost> {
        // `+ 0.0` turns a negative zero into a plain one: the order below tells them apart.
        (value.is_finite() && value >= 0.0).then_some(Cost(value + 0.0))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost(self.0 + other.0)
    }
}

impl PartialEq for Cost {
    fn eq(&self, other: &Cost) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Cost) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Cost) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;

    #[test]
    fn only_finite_numbers_from_zero_up_are_costs() {
        for refused in [-0.1, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
            assert_eq!(Cost::new(refused), None, "{refused}");
        }
        for accepted in [0.0, 1.0, 1e300] {
            assert_eq!(Cost::new(accepted).map(Cost::value), Some(accepted));
        }
    }

    #[test]
    fn a_negative_zero_costs_as_much_as_zero() {
        assert_eq!(Cost::new(-0.0), Some(Cost::ZERO));
    }
}
