//! What an assertion is.

use std::sync::Arc;

use super::Watch;
use crate::device::BoxFuture;
use crate::failure::Failure;
use crate::tracer::TracedDevice;

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

    /// Whether it can only be judged at the end, such as "at most twice": then it is watched until
    /// everything else has been seen or, when there is nothing else, until the timeout.
    fn is_judged_last(&self) -> bool {
        false
    }

    /// Where a wait for it stands, in a few words: `IN_PROGRESS, 33 %`. Nothing by default.
    fn standing(&self) -> Option<String> {
        None
    }

    /// The attributes it is about, which are read again when it fails. None by default.
    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        Vec::new()
    }
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

    fn is_judged_last(&self) -> bool {
        (**self).is_judged_last()
    }

    fn standing(&self) -> Option<String> {
        (**self).standing()
    }

    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        (**self).subjects()
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

    fn is_judged_last(&self) -> bool {
        (**self).is_judged_last()
    }

    fn standing(&self) -> Option<String> {
        (**self).standing()
    }

    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        (**self).subjects()
    }
}
