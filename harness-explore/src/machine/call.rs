//! What a rule is given, and what it gives back.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rule_error::RuleError;

/// The arguments of one step: generated values, and values that earlier steps have produced.
#[derive(Clone, Debug)]
pub struct Call<V> {
    arguments: Vec<(Arc<str>, Passed<V>)>,
}

/// What one argument holds.
#[derive(Clone, Debug)]
pub(crate) enum Passed<V> {
    Value(Value),
    Variable(V),
    Variables(Vec<V>),
}

impl<V> Call<V> {
    pub(crate) fn new(arguments: Vec<(Arc<str>, Passed<V>)>) -> Call<V> {
        Call { arguments }
    }

    fn passed(&self, name: &str) -> Result<&Passed<V>, RuleError> {
        self.arguments
            .iter()
            .find(|(argument, _)| &**argument == name)
            .map(|(_, passed)| passed)
            .ok_or_else(|| {
                RuleError::failed(format!("the rule has no argument {name}: declare it"))
                    .of_kind("no such argument")
            })
    }

    /// A generated value, as any type that JSON can be read as.
    ///
    /// # Errors
    /// When there is no such argument, it comes from a bundle, or is of another type.
    pub fn argument<T: DeserializeOwned>(&self, name: &str) -> Result<T, RuleError> {
        match self.passed(name)? {
            Passed::Value(value) => T::deserialize(value)
                .map_err(|error| RuleError::failed(format!("argument {name} is {value}: {error}"))),
            _ => Err(RuleError::failed(format!(
                "argument {name} comes from a bundle: read it with `variable`"
            ))),
        }
    }

    /// A value that comes from a bundle.
    ///
    /// # Errors
    /// When there is no such argument, or it is not one value of a bundle.
    pub fn variable(&self, name: &str) -> Result<&V, RuleError> {
        match self.passed(name)? {
            Passed::Variable(value) => Ok(value),
            _ => Err(RuleError::failed(format!(
                "argument {name} is not one value of a bundle"
            ))),
        }
    }

    /// The values that come from a bundle.
    ///
    /// # Errors
    /// When there is no such argument, or it does not come from a bundle.
    pub fn variables(&self, name: &str) -> Result<&[V], RuleError> {
        match self.passed(name)? {
            Passed::Variable(value) => Ok(std::slice::from_ref(value)),
            Passed::Variables(values) => Ok(values),
            Passed::Value(_) => Err(RuleError::failed(format!(
                "argument {name} does not come from a bundle: read it with `argument`"
            ))),
        }
    }
}

/// The values that a rule adds to the bundles it fills.
#[derive(Clone, Debug, PartialEq)]
pub struct Produced<V> {
    values: Vec<V>,
}

impl<V> Produced<V> {
    /// None.
    #[must_use]
    pub fn nothing() -> Produced<V> {
        Produced { values: Vec::new() }
    }

    /// One.
    #[must_use]
    pub fn one(value: V) -> Produced<V> {
        Produced {
            values: vec![value],
        }
    }

    /// Any number.
    #[must_use]
    pub fn many(values: impl IntoIterator<Item = V>) -> Produced<V> {
        Produced {
            values: values.into_iter().collect(),
        }
    }

    pub(crate) fn into_values(self) -> Vec<V> {
        self.values
    }
}
