//! Small machines that several tests explore.

use std::cell::RefCell;
use std::rc::Rc;

use harness_explore::{Explorer, Finding, Machine, Produced, Report, Rule, RuleError};

/// What a machine wrote down while its programs ran.
pub(crate) type Notes = Rc<RefCell<Vec<String>>>;

/// A rule that does nothing, without bundles.
pub(crate) fn idle<S: 'static>(name: &str) -> Rule<S, ()> {
    Rule::new(name).run(async |_: &mut S, _| Ok(Produced::nothing()))
}

/// A rule that always fails.
pub(crate) fn failing<S: 'static>(name: &str) -> Rule<S, ()> {
    Rule::new(name).run(async |_: &mut S, _| Err(RuleError::failed("wrong")))
}

/// A machine that counts how often `add` was run.
pub(crate) fn counter() -> Machine<u32> {
    Machine::new("Counter", async || Ok(0)).rule(Rule::new("add").run(
        async |count: &mut u32, _| {
            *count += 1;
            Ok(Produced::nothing())
        },
    ))
}

pub(crate) fn explored<S, V: Clone>(machine: Machine<S, V>) -> Report {
    Explorer::new(machine)
        .with_seed(1)
        .run()
        .expect("the machine can run")
}

/// What was found; there must be exactly one thing.
pub(crate) fn found<S, V: Clone>(machine: Machine<S, V>) -> Finding {
    let mut report = explored(machine);
    assert_eq!(report.findings.len(), 1, "{report}");
    report.findings.remove(0)
}
