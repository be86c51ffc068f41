//! What an assertion is.

use std::sync::Arc;

use super::Watch;
use crate::device::BoxFuture;
use crate::failure::Failure;

/// Something that must be true of the system under test, now or soon.
///
/// An assertion holds no state of a verification: it can be verified any number of times, also at
/// the same time.
pub trait Assertion: Send + Sync {
    /// What must be true, in one line: `low-tmc/subarray/01 obsState changes to READY`.
    fn describe(&self) -> String;

    /// Gets ready, before anything is done to the system: watches what must be watched. Nothing
    /// by default.
    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Waits until it is true, looking only at what [`Watch::entries`] gives, and not longer than
    /// the watch lasts. The failure need only say what was expected and what came nearest.
    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>>;
}

impl<A: Assertion + ?Sized> Assertion for Arc<A> {
    fn describe(&self) -> String {
        (**self).describe()
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        (**self).setup()
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        (**self).verify(watch)
    }
}

impl<A: Assertion + ?Sized> Assertion for Box<A> {
    fn describe(&self) -> String {
        (**self).describe()
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        (**self).setup()
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        (**self).verify(watch)
    }
}
