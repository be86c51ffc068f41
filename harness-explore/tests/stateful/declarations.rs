//! What is refused before anything runs.

use harness_explore::{
    ExploreError, Explorer, Invariant, Machine, MachineError, Produced, Rule, bundle,
};

use crate::machines::{counter, idle};

fn refused<V: Clone>(machine: Machine<u32, V>) -> String {
    match Explorer::new(machine).run() {
        Err(ExploreError::Machine(error)) => error.to_string(),
        other => panic!("it was not refused: {other:?}"),
    }
}

fn empty() -> Machine<u32> {
    Machine::new("Empty", async || Ok(0))
}

#[test]
fn a_machine_without_rules_is_refused() {
    assert_eq!(refused(empty()), "machine Empty has no rules");
    let only_initial =
        empty().rule(Rule::initial("begin").run(async |_, _| Ok(Produced::nothing())));
    assert_eq!(refused(only_initial), "machine Empty has no rules");
}

#[test]
fn a_name_is_used_once() {
    let expected = "add is declared twice: rules and invariants need names of their own";
    assert_eq!(refused(counter().rule(idle("add"))), expected);
    let invariant = Invariant::new("add", async |_: &mut u32| Ok(()));
    assert_eq!(refused(counter().invariant(invariant)), expected);
}

#[test]
fn a_rule_must_do_something_and_have_weight() {
    assert_eq!(
        refused(empty().rule(Rule::new("rest"))),
        "rule rest does nothing: say what with `run`"
    );
    assert_eq!(
        refused(counter().rule(idle("rest").weight(0))),
        "rule rest has a weight of 0: leave it out, or give it a weight of 1 or more"
    );
}

#[test]
fn a_bundle_that_nothing_fills_is_refused() {
    let machine = counter().rule(
        Rule::new("use")
            .argument("it", bundle("things"))
            .run(async |_, _| Ok(Produced::nothing())),
    );
    assert_eq!(
        refused(machine),
        "rule use can never run: no rule that can fills the bundle things"
    );
}

#[test]
fn rules_that_only_feed_each_other_are_refused() {
    let feeds = |name: &str, from: &str, to: &str| {
        Rule::new(name)
            .argument("it", bundle(from))
            .into_bundle(to)
            .run(async |_: &mut u32, _| Ok(Produced::one(())))
    };
    let machine = counter()
        .rule(feeds("there", "left", "right"))
        .rule(feeds("back", "right", "left"));
    assert!(matches!(
        machine.check(),
        Err(MachineError::NothingFills { .. })
    ));
}

#[test]
fn an_initial_rule_has_no_preconditions() {
    let begin = Rule::initial("begin")
        .when("it is new", |count: &u32| *count == 0)
        .run(async |_: &mut u32, _| Ok(Produced::nothing()));
    assert_eq!(
        refused(counter().rule(begin)),
        "rule begin is initial and has preconditions: initial rules always run"
    );
}

#[test]
fn arguments_have_names_of_their_own_and_ranges_are_not_empty() {
    let two = bundle::<()>("things");
    let made = Rule::new("make")
        .into_bundle("things")
        .run(async |_: &mut u32, _| Ok(Produced::one(())));
    let twice = Rule::new("use")
        .argument("it", bundle("things"))
        .argument("it", two)
        .run(async |_: &mut u32, _| Ok(Produced::nothing()));
    let machine = counter().rule(made).rule(twice);
    assert_eq!(refused(machine), "rule use has two arguments it");

    let made = Rule::new("make")
        .into_bundle("things")
        .run(async |_: &mut u32, _| Ok(Produced::one(())));
    #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
    let none = Rule::new("use")
        .argument("it", bundle("things").several(2..=1))
        .run(async |_: &mut u32, _| Ok(Produced::nothing()));
    let machine = counter().rule(made).rule(none);
    assert_eq!(
        refused(machine),
        "rule use takes several values for it, but the range of how many is empty"
    );
}

#[test]
fn no_rule_enabled_at_all_tells_which_preconditions_never_held() {
    let machine = Machine::new("Stuck", async || Ok(0))
        .rule(idle::<u32>("go").when("it is allowed", |_| false))
        .model(|count| count.to_string());
    let error = Explorer::new(machine).run().expect_err("no rule can run");
    assert_eq!(
        error.to_string(),
        "no progress from state 0: no rule is enabled there; these preconditions never held: \
         it is allowed of go"
    );
}

#[test]
fn exploring_within_a_runtime_is_refused_and_not_a_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let error =
        runtime.block_on(async { Explorer::new(counter()).run().expect_err("it is refused") });
    assert!(matches!(error, ExploreError::WithinRuntime), "{error}");
}
