//! What a value must be like.

use std::fmt::{self, Debug, Display, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::engine::panic_text;
use crate::device::Reading;
use crate::value::Value;

/// What a value must be like. Every value is a matcher that asks for that value; the others are
/// made by [`one_of`], [`not`], [`close_to`] and [`matching`].
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, changes_to, close_to, is_in_state, not, one_of};
///
/// # let device = Arc::new(InMemoryDevice::new("mid-dish/dish-manager/ska001"));
/// # let dish = Tracer::default().device(device);
/// let stopped = changes_to(&dish, "dishMode", one_of(["STANDBY_LP", "STANDBY_FP"]));
/// let sound = is_in_state(&dish, "healthState", not("FAILED"));
/// let on_target = is_in_state(&dish, "azimuth", close_to(180.0, 0.1));
/// let dish = "mid-dish/dish-manager/ska001";
/// assert_eq!(stopped.describe(), format!("{dish} dishMode changes to STANDBY_LP or STANDBY_FP"));
/// assert_eq!(sound.describe(), format!("{dish} healthState is anything but FAILED"));
/// assert_eq!(on_target.describe(), format!("{dish} azimuth is 180.0 ± 0.1"));
/// ```
#[derive(Clone)]
pub struct Matcher {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Equal(Value),
    OneOf(Arc<[Matcher]>),
    Not(Arc<Matcher>),
    Close {
        to: Value,
        tolerance: f64,
    },
    Named {
        name: Arc<str>,
        predicate: Arc<Predicate>,
    },
}

type Predicate = dyn Fn(&Reading) -> bool + Send + Sync;

/// A value for which the predicate is true. The name completes "a value that is ..." in
/// descriptions and failures. A predicate that panics fails the assertion it is part of, and no
/// other.
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, is_in_state, matching};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01"));
/// # let subarray = Tracer::default().device(device);
/// let empty = matching("an empty list", |reading| {
///     reading.value.as_list().is_some_and(<[_]>::is_empty)
/// });
/// assert_eq!(
///     is_in_state(&subarray, "assignedResources", empty).describe(),
///     "low-tmc/subarray/01 assignedResources is a value that is an empty list"
/// );
/// ```
pub fn matching(
    name: impl Into<String>,
    predicate: impl Fn(&Reading) -> bool + Send + Sync + 'static,
) -> Matcher {
    let name: String = name.into();
    let name = match name.trim() {
        "" => "as an unnamed matcher wants it",
        name => name,
    };
    Matcher {
        kind: Kind::Named {
            name: name.into(),
            predicate: Arc::new(predicate),
        },
    }
}

/// Any of these values or matchers; none of them is ever matched by an empty list.
pub fn one_of<M: Into<Matcher>>(matchers: impl IntoIterator<Item = M>) -> Matcher {
    Matcher {
        kind: Kind::OneOf(matchers.into_iter().map(Into::into).collect()),
    }
}

/// Any value but this one, or those that this matcher matches. A reading without a value is none.
pub fn not(matcher: impl Into<Matcher>) -> Matcher {
    Matcher {
        kind: Kind::Not(Arc::new(matcher.into())),
    }
}

/// A number at most `tolerance` away from that one, or a list of numbers that are, element by
/// element. With a negative tolerance or one that is not a number, only the same value matches.
pub fn close_to(value: impl Into<Value>, tolerance: f64) -> Matcher {
    Matcher {
        kind: Kind::Close {
            to: value.into(),
            tolerance,
        },
    }
}

impl<V: Into<Value>> From<V> for Matcher {
    fn from(value: V) -> Self {
        Self {
            kind: Kind::Equal(value.into()),
        }
    }
}

/// A matcher panicked.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the matcher \"{name}\" panicked: {text}")]
pub(super) struct MatcherPanic {
    name: Arc<str>,
    text: String,
}

impl Matcher {
    /// Whether a reading is as it must be.
    pub(super) fn matches(&self, reading: &Reading) -> Result<bool, MatcherPanic> {
        match &self.kind {
            Kind::Equal(value) => Ok(*value == reading.value),
            Kind::OneOf(matchers) => {
                for matcher in matchers.iter() {
                    if matcher.matches(reading)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Kind::Not(matcher) => Ok(!self.is_unknown(reading) && !matcher.matches(reading)?),
            Kind::Close { to, tolerance } => Ok(is_close(&reading.value, to, *tolerance)),
            Kind::Named { name, predicate } => catch_unwind(AssertUnwindSafe(|| {
                predicate(reading)
            }))
            .map_err(|panic| MatcherPanic {
                name: Arc::clone(name),
                text: panic_text(&*panic),
            }),
        }
    }

    /// Whether the device gave no value where one is asked for: nobody knows, then.
    pub(super) fn is_unknown(&self, reading: &Reading) -> bool {
        reading.value.is_void() && !self.can_judge_nothing()
    }

    fn can_judge_nothing(&self) -> bool {
        match &self.kind {
            Kind::Equal(value) => value.is_void(),
            Kind::OneOf(matchers) => matchers.iter().any(Self::can_judge_nothing),
            Kind::Not(matcher) => matcher.names_nothing(),
            Kind::Close { .. } => false,
            Kind::Named { .. } => true,
        }
    }

    /// Whether it says in so many words what the lack of a value means.
    fn names_nothing(&self) -> bool {
        match &self.kind {
            Kind::Equal(value) => value.is_void(),
            Kind::OneOf(matchers) => matchers.iter().any(Self::names_nothing),
            Kind::Not(matcher) => matcher.names_nothing(),
            // a predicate that is false of nothing says so of values
            Kind::Close { .. } | Kind::Named { .. } => false,
        }
    }

    /// The name of a named one.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Named { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Completes "changes to ..." and "is ...", with values put into words by `label`.
    pub(super) fn describe(&self, label: &dyn Fn(&Value) -> Value) -> String {
        match &self.kind {
            Kind::Equal(value) => label(value).to_string(),
            Kind::OneOf(matchers) => match &**matchers {
                [] => "one of no values".to_owned(),
                [only] => only.describe(label),
                [first @ .., last] => {
                    let first: Vec<_> = first.iter().map(|one| one.describe(label)).collect();
                    format!("{} or {}", first.join(", "), last.describe(label))
                }
            },
            Kind::Not(matcher) => format!("anything but {}", matcher.describe(label)),
            Kind::Close { to, tolerance } => format!("{to} ± {tolerance}"),
            Kind::Named { name, .. } => format!("a value that is {name}"),
        }
    }
}

fn is_close(value: &Value, to: &Value, tolerance: f64) -> bool {
    if value == to {
        return true;
    }
    match (value, to) {
        (Value::List(values), Value::List(wanted)) => {
            values.len() == wanted.len()
                && values
                    .iter()
                    .zip(wanted)
                    .all(|(value, to)| is_close(value, to, tolerance))
        }
        (value, to) => match (value.as_float(), to.as_float()) {
            (Some(value), Some(to)) => (value - to).abs() <= tolerance,
            _ => false,
        },
    }
}

/// Completes "changes to ..." and "is ...", with values as they are.
impl Display for Matcher {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&Value::clone))
    }
}

impl Debug for Matcher {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Matcher").field(&self.to_string()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EnumValue;

    fn matches(matcher: &Matcher, value: impl Into<Value>) -> bool {
        matcher.matches(&Reading::new(value)).unwrap()
    }

    #[test]
    fn one_of_several_is_enough_and_none_of_none_is() {
        let ended = one_of([Matcher::from("IDLE"), close_to(4, 0.0)]);
        assert!(matches(&ended, "IDLE") && matches(&ended, 4) && !matches(&ended, 5));
        assert!(!matches(&one_of(Vec::<Value>::new()), "IDLE"));
    }

    #[test]
    fn another_value_is_not_the_lack_of_one() {
        let sound = not(one_of(["FAULT", "ABORTED"]));
        assert!(matches(&sound, EnumValue::labelled(4, "READY")));
        assert!(!matches(&sound, EnumValue::labelled(9, "FAULT")));
        assert!(!matches(&sound, Value::Void));
        assert!(matches(&not(Value::Void), 1) && !matches(&not(Value::Void), Value::Void));
        let odd = |reading: &Reading| reading.value.as_int().is_some_and(|it| it % 2 == 1);
        let even = not(one_of([matching("odd", odd)]));
        assert!(matches(&even, 2) && !matches(&even, 1));
        assert!(!matches(&even, Value::Void) && even.is_unknown(&Reading::new(Value::Void)));
    }

    #[test]
    fn numbers_and_lists_of_numbers_are_close_to_one_another() {
        let north = close_to(180.0, 0.5);
        assert!(matches(&north, 180) && matches(&north, 180.5) && !matches(&north, 179.4));
        assert!(!matches(&north, f64::NAN) && !matches(&north, "180"));
        let there = close_to([10.0, 20.0], 1.0);
        assert!(matches(&there, [10.5, 19.5]));
        assert!(!matches(&there, [10.5, 18.5]) && !matches(&there, [10.0, 20.0, 30.0]));
        assert!(matches(&close_to(1, f64::NAN), 1) && !matches(&close_to(1, -1.0), 1.1));
    }

    #[test]
    fn every_matcher_has_words() {
        let words = |matcher: Matcher| matcher.to_string();
        assert_eq!(words(one_of(["A", "B", "C"])), "A, B or C");
        assert_eq!(words(one_of(Vec::<Value>::new())), "one of no values");
        assert_eq!(words(not(one_of([1, 2]))), "anything but 1 or 2");
        assert_eq!(words(matching("odd", |_| true)), "a value that is odd");
        assert_eq!(
            words(matching(" ", |_| true)),
            "a value that is as an unnamed matcher wants it"
        );
    }

    #[test]
    fn a_panic_is_told_with_the_name() {
        let broken = one_of([matching("nonsense", |_| panic!("oh no"))]);
        let panic = broken.matches(&Reading::new(1)).unwrap_err();
        assert_eq!(
            panic.to_string(),
            "the matcher \"nonsense\" panicked: oh no"
        );
    }
}
