//! The strategies there are.

use std::ops::RangeInclusive;
use std::sync::Arc;

use hegel::generators::{self, Generator};
use serde_json::{Number, Value};

use super::domain::Strategy;

/// Whole numbers of a range; those next to 0 are simpler. Small numbers and the ends of the range
/// come more often than chance would have them.
///
/// ```
/// use harness_explore::strategy::integers;
/// use serde_json::json;
///
/// let channel = integers(1..=8);
/// assert!(channel.accepts(&json!(8)) && !channel.accepts(&json!(0)));
/// assert_eq!(channel.simpler(&json!(8)), [json!(4), json!(6), json!(7)]);
/// ```
#[must_use]
pub fn integers(range: RangeInclusive<i64>) -> Strategy {
    let (least, most) = ends(&range);
    let generator = generators::integers::<i64>()
        .min_value(least)
        .max_value(most)
        .map(Value::from)
        .boxed();
    Strategy::accepted(generator, move |value| {
        value
            .as_i64()
            .is_some_and(|number| (least..=most).contains(&number))
    })
}

/// Finite numbers of a range; whole ones, and those next to 0, are simpler.
#[must_use]
pub fn floats(range: RangeInclusive<f64>) -> Strategy {
    let (start, end) = (*range.start(), *range.end());
    let (least, most) = if start <= end {
        (start, end)
    } else {
        (end, start)
    };
    let generator = generators::floats::<f64>()
        .min_value(least)
        .max_value(most)
        .allow_nan(false)
        .allow_infinity(false)
        .map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number))
        .boxed();
    Strategy::accepted(generator, move |value| {
        value
            .as_f64()
            .is_some_and(|number| (least..=most).contains(&number))
    })
}

/// `false`, which is simpler, and `true`.
#[must_use]
pub fn booleans() -> Strategy {
    Strategy::accepted(generators::booleans().map(Value::from).boxed(), |value| {
        value.is_boolean()
    })
}

/// Texts of at most so many characters, of any script; short ones are simpler.
#[must_use]
pub fn texts(longest: usize) -> Strategy {
    let generator = generators::text()
        .max_size(longest)
        .map(Value::from)
        .boxed();
    Strategy::accepted(generator, move |value| {
        value
            .as_str()
            .is_some_and(|text| text.chars().count() <= longest)
    })
}

/// One of these values, of which the first is the simplest. Without any it is `null`.
#[must_use]
pub fn choice<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Strategy {
    let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
    if values.is_empty() {
        values.push(Value::Null);
    }
    let generator = generators::sampled_from(values.clone()).boxed();
    Strategy::listed(generator, values.into())
}

/// Always this value.
#[must_use]
pub fn constant(value: impl Into<Value>) -> Strategy {
    choice([value.into()])
}

/// Lists of at most so many elements; short ones are simpler.
#[must_use]
pub fn lists(elements: &Strategy, longest: usize) -> Strategy {
    let generator = generators::vecs(elements.generator().clone())
        .max_size(longest)
        .map(Value::Array)
        .boxed();
    let elements = elements.clone();
    Strategy::accepted(generator, move |value| {
        value.as_array().is_some_and(|list| {
            list.len() <= longest && list.iter().all(|element| elements.accepts(element))
        })
    })
}

/// Lists of exactly these elements, one of each strategy, in this order.
#[must_use]
pub fn tuples(elements: impl IntoIterator<Item = Strategy>) -> Strategy {
    let elements: Arc<[Strategy]> = elements.into_iter().collect();
    let made = Arc::clone(&elements);
    let generator = hegel::compose!(|case| {
        let values = made.iter().map(|element| element.draw(case));
        Value::Array(values.collect())
    });
    Strategy::accepted(generator.boxed(), move |value| {
        value.as_array().is_some_and(|list| {
            list.len() == elements.len()
                && list
                    .iter()
                    .zip(elements.iter())
                    .all(|(element, strategy)| strategy.accepts(element))
        })
    })
}

/// A value of one of these strategies. Without any it is `null`.
#[must_use]
pub fn one_of(strategies: impl IntoIterator<Item = Strategy>) -> Strategy {
    let strategies: Arc<[Strategy]> = strategies.into_iter().collect();
    let Some(last) = strategies.len().checked_sub(1) else {
        return constant(Value::Null);
    };
    let made = Arc::clone(&strategies);
    let generator = hegel::compose!(|case| {
        let which = case.draw_silent(generators::integers::<usize>().max_value(last));
        made[which].draw(case)
    });
    Strategy::accepted(generator.boxed(), move |value| {
        strategies.iter().any(|strategy| strategy.accepts(value))
    })
}

/// Values of any generator of hegeltest, as JSON, of which those that are accepted belong to the
/// strategy. A value is shrunk only to values that are accepted: where nothing but what was
/// generated is known to be sound, accept nothing else, and it stays as it is.
pub fn generated(
    generator: impl Generator<Value> + Send + Sync + 'static,
    accepts: impl Fn(&Value) -> bool + Send + Sync + 'static,
) -> Strategy {
    Strategy::accepted(generator.boxed(), accepts)
}

/// The ends of a range, in their order whichever way round they were given.
fn ends(range: &RangeInclusive<i64>) -> (i64, i64) {
    let (start, end) = (*range.start(), *range.end());
    (start.min(end), start.max(end))
}
