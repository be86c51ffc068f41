//! How an argument is taken from what earlier steps have produced.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Whether a value can be taken.
type Accepts<V> = dyn Fn(&V) -> bool;

/// How an argument is taken from a bundle: the values that earlier steps have added to it.
pub struct BundleDraw<V> {
    pub(crate) bundle: Arc<str>,
    pub(crate) consumes: bool,
    pub(crate) accepts: Option<Box<Accepts<V>>>,
    /// How many different values, where it is not one.
    pub(crate) several: Option<RangeInclusive<usize>>,
}

/// A value of this bundle. The newest are tried first, so that earlier steps can be left out.
#[must_use]
pub fn bundle<V>(name: &str) -> BundleDraw<V> {
    BundleDraw {
        bundle: name.into(),
        consumes: false,
        accepts: None,
        several: None,
    }
}

impl<V> BundleDraw<V> {
    /// Takes the value out of the bundle when the step is done. Values that a filter refuses stay.
    #[must_use]
    pub fn consumed(mut self) -> Self {
        self.consumes = true;
        self
    }

    /// Takes only values that this accepts.
    #[must_use]
    pub fn filtered(mut self, accepts: impl Fn(&V) -> bool + 'static) -> Self {
        self.accepts = Some(Box::new(accepts));
        self
    }

    /// Takes so many different ones of its values, in any order; the rule reads them with
    /// [`Call::variables`](super::Call::variables).
    #[must_use]
    pub fn several(mut self, count: RangeInclusive<usize>) -> Self {
        self.several = Some(count);
        self
    }

    /// Whether a value can be taken.
    pub(crate) fn takes(&self, value: &V) -> bool {
        self.accepts.as_ref().is_none_or(|accepts| accepts(value))
    }

    /// How many values must be there.
    pub(crate) fn needs(&self) -> usize {
        self.several.as_ref().map_or(1, |count| *count.start())
    }
}

impl<V> fmt::Debug for BundleDraw<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BundleDraw")
            .field("bundle", &self.bundle)
            .field("consumes", &self.consumes)
            .field("several", &self.several)
            .finish_non_exhaustive()
    }
}
