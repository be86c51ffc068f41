//! The forms in which a failing program is shown and kept.

use std::panic::catch_unwind;

use harness_explore::strategy::integers;
use harness_explore::{Call, Explorer, Machine, Produced, Program, Rule, Step, bundle, ensure};

use crate::machines::found;

/// Fails when a bag with more than one thing is emptied.
fn bags() -> Machine<(), Vec<i64>> {
    Machine::new("ToyBags", async || Ok(()))
        .rule(
            Rule::new("pack")
                .argument("first", integers(1..=9))
                .into_bundle("full bags")
                .run(async |(), call: Call<Vec<i64>>| {
                    Ok(Produced::one(vec![call.argument("first")?]))
                }),
        )
        .rule(
            Rule::new("add")
                .argument("thing", integers(1..=9))
                .argument("bag", bundle("full bags").consumed())
                .into_bundle("full bags")
                .in_words("{thing} is put into {bag}")
                .run(async |(), call: Call<Vec<i64>>| {
                    let mut bag = call.variable("bag")?.clone();
                    bag.push(call.argument("thing")?);
                    Ok(Produced::one(bag))
                }),
        )
        .rule(Rule::new("empty").argument("bag", bundle("full bags")).run(
            async |(), call: Call<Vec<i64>>| {
                ensure(call.variable("bag")?.len() < 2, "something is left in it")?;
                Ok(Produced::nothing())
            },
        ))
}

// what is printed, without the line that makes it a test
include!("pasted/toy_bags.rs");

#[test]
fn a_program_prints_as_steps_with_identifiers_whatever_bundles_are_called() {
    let expected = "\
state = ToyBags()
full_bags_0 = state.pack(first=1)
full_bags_1 = state.add(thing=1, bag=full_bags_0)
state.empty(bag=full_bags_1)
state.teardown()
";
    assert_eq!(found(bags()).script(), expected);
}

#[test]
fn a_program_is_a_rust_test_that_compiles_and_fails_when_pasted() {
    let pasted = include_str!("pasted/toy_bags.rs");
    let printed = found(bags()).rust_test("bags()");
    assert_eq!(printed, format!("#[test]\n{pasted}"));

    let failed = catch_unwind(toy_bags_empty).expect_err("the pasted test fails");
    let said = failed.downcast_ref::<String>().expect("it says why");
    assert!(
        said.starts_with("rule empty: something is left in it\nstate = ToyBags()\n"),
        "{said}"
    );
}

#[test]
fn a_program_is_a_scenario_to_keep() {
    let expected = "\
Scenario: ToyBags: rule empty: something is left in it
  Given a fresh ToyBags
  When pack is run with first=1, giving full_bags_0
  And 1 is put into full_bags_0
  And empty is run with bag=full_bags_1
  Then nothing goes wrong
";
    assert_eq!(found(bags()).scenario(), expected);
}

#[test]
fn a_program_comes_back_from_json_as_it_went() {
    let program = found(bags()).program;
    let json = serde_json::to_string(&program).expect("it is JSON");
    let back: Program = serde_json::from_str(&json).expect("it is a program");
    assert_eq!(back, program);
    let run = Explorer::new(bags()).replay(&back).expect("it runs");
    assert!(!run.passed(), "{run}");
}

#[test]
fn a_program_can_be_run_up_to_any_step() {
    let program = found(bags()).program;
    let explorer = Explorer::new(bags());
    for steps in 0..=3 {
        let run = explorer
            .replay(&program.clone().up_to(steps))
            .expect("it runs");
        assert_eq!(run.passed(), steps < 3, "{run}");
        assert_eq!(run.program.steps.len(), steps);
    }
}

#[test]
fn every_number_of_values_and_bundles_is_printed_as_it_would_be_written() {
    let none = Step::of("none");
    let one = Step::of("one").giving([("a", 0)]);
    let shared = Step::of("shared").giving([("a", 1), ("b", 0)]);
    let two = Step::of("two")
        .giving([("a", 2), ("b", 1)])
        .giving([("a", 3), ("b", 2)]);
    let use_all = Step::of("use all")
        .variables("which", "a", &[3, 0])
        .json("with", "{\"x\": [1, \"y\"]}");
    let program = [none, one, shared, two, use_all]
        .into_iter()
        .fold(Program::of("Printed"), Program::step);
    let expected = "\
state = Printed()
state.none()
a_0 = state.one()
a_1 = b_0 = state.shared()
a_2, a_3 = state.two()
b_1, b_2 = a_2, a_3
state.use_all(which=[a_3, a_0], with={\"x\": [1, \"y\"]})
state.teardown()
";
    assert_eq!(program.script(None), expected);
}
