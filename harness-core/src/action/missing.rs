//! What a failed verification did not see.

use std::sync::Arc;

use crate::assertion::Assertion;
use crate::failure::Failure;
use crate::tracer::TracedDevice;

/// The attributes that the assertions are about which `failure` says did not hold.
pub(super) fn subjects_missing<'a>(
    assertions: impl Iterator<Item = &'a Box<dyn Assertion>>,
    failure: &Failure,
) -> Vec<(TracedDevice, Arc<str>)> {
    let seen = |assertion: &dyn Assertion| {
        let what = assertion.describe();
        let mut met = failure.expected().iter().filter(|expected| expected.met);
        met.any(|expected| expected.description == what)
    };
    let all = assertions
        .filter(|assertion| !seen(&***assertion))
        .flat_map(|assertion| assertion.subjects());
    let all: Vec<_> = all.collect();
    // of several devices only those that are named as missing, if any is
    let named = |(device, _): &&(TracedDevice, Arc<str>)| {
        let mut missing = failure.missing();
        missing.any(|expected| expected.description.contains(&**device.name()))
    };
    let named: Vec<_> = all.iter().filter(named).cloned().collect();
    if named.is_empty() { all } else { named }
}
