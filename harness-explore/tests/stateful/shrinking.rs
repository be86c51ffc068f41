//! What shrinking promises.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use harness_explore::strategy::{integers, texts};
use harness_explore::{Explorer, Machine, Produced, Program, Rule, Step, ensure};

use crate::machines::{counter, found, idle};

#[test]
fn equal_values_shrink_together() {
    let machine = Machine::new("Pairs", async || Ok(Vec::<String>::new())).rule(
        Rule::<Vec<String>, ()>::new("put")
            .argument("id", texts(20))
            .run(async |ids: &mut Vec<String>, call| {
                let id: String = call.argument("id")?;
                ensure(id.is_empty() || !ids.contains(&id), "twice")?;
                ids.push(id);
                Ok(Produced::nothing())
            }),
    );
    let report = Explorer::new(machine)
        .with_seed(4)
        .with_programs(5_000)
        .run()
        .expect("it runs");
    let finding = report
        .findings
        .first()
        .unwrap_or_else(|| panic!("{report}"));
    let expected = "state = Pairs()\nstate.put(id=\"0\")\nstate.put(id=\"0\")\nstate.teardown()\n";
    assert_eq!(finding.script(), expected);
}

#[test]
fn twenty_useless_lives_are_cut_in_thirty_runs() {
    let started = Rc::new(Cell::new(0));
    let counted = Rc::clone(&started);
    let machine = Machine::new("Lives", async move || {
        counted.set(counted.get() + 1);
        Ok((0_u32, 0_u32))
    })
    .rule(
        Rule::new("on")
            .when("it is off", |(state, _): &(u32, u32)| *state == 0)
            .run(async |(state, _): &mut (u32, u32), _| {
                *state = 1;
                Ok(Produced::<()>::nothing())
            }),
    )
    .rule(
        Rule::new("off")
            .when("it is on", |(state, _)| *state == 1)
            .run(async |(state, lives): &mut (u32, u32), _| {
                *state = 0;
                *lives += 1;
                Ok(Produced::nothing())
            }),
    )
    .rule(
        Rule::new("fail")
            .when("it is on", |(state, _)| *state == 1)
            .run(async |(_, lives): &mut (u32, u32), _| {
                // hard to come by, but once it was, any life will do
                ensure(*lives < 20 && *lives != 0, "worn out")?;
                Ok(Produced::nothing())
            })
            .weight(1),
    )
    .model(|(state, _)| *state);
    let explorer = Explorer::new(machine).with_shrinking(30, Duration::from_secs(60));
    let mut program = Program::of("Lives");
    for _ in 0..20 {
        program = program.step(Step::of("on")).step(Step::of("off"));
    }
    let program = program.step(Step::of("on")).step(Step::of("fail"));
    started.set(0);
    let finding = explorer
        .shrink(&program)
        .expect("it runs")
        .expect("it fails");
    assert_eq!(finding.found_with, 42);
    assert_eq!(finding.program.steps.len(), 2, "{finding}");
    assert!(finding.shrinking.one_minimal, "{finding}");
    assert!(finding.shrinking.runs <= 30, "{finding:?}");
}

#[test]
fn each_step_of_a_minimal_program_is_needed() {
    let machine = || {
        counter()
            .rule(idle("rest"))
            .rule(Rule::new("fail").run(async |count: &mut u32, _| {
                ensure(*count < 4, "four")?;
                Ok(Produced::nothing())
            }))
    };
    let finding = found(machine());
    assert!(
        finding
            .to_string()
            .contains("1-minimal: every step is needed"),
        "{finding}"
    );
    assert_eq!(finding.program.steps.len(), 5);
    let explorer = Explorer::new(machine());
    for place in 0..finding.program.steps.len() {
        let mut shorter = finding.program.clone();
        shorter.steps.remove(place);
        let run = explorer.replay(&shorter).expect("it runs");
        assert!(run.passed(), "without step {place}: {run}");
    }
}

#[test]
fn a_budget_that_ends_early_is_told() {
    let machine = counter().rule(Rule::new("fail").run(async |count: &mut u32, _| {
        ensure(*count < 10, "ten")?;
        Ok(Produced::nothing())
    }));
    let report = Explorer::new(machine)
        .with_seed(1)
        .with_shrinking(4, Duration::from_secs(60))
        .run()
        .expect("it runs");
    let finding = &report.findings[0];
    assert!(!finding.shrinking.one_minimal);
    assert!(
        finding
            .to_string()
            .contains("may be longer than needed: ended after"),
        "{finding}"
    );
}

#[test]
fn a_failure_of_another_kind_is_not_taken_for_the_same() {
    let machine = Machine::new("Kinds", async || Ok(0_u32)).rule(
        Rule::<u32, ()>::new("set")
            .argument("to", integers(0..=1000))
            .run(async |_: &mut u32, call| {
                let to: u32 = call.argument("to")?;
                let is = |bad: bool, kind: &'static str| {
                    ensure(!bad, kind).map_err(|error| error.of_kind(kind))
                };
                is(to > 500, "too large")?;
                is(to > 100, "large")?;
                Ok(Produced::nothing())
            }),
    );
    let report = Explorer::new(machine)
        .with_seed(1)
        .with_findings(2)
        .run()
        .expect("it runs");
    let mut scripts: Vec<String> = report.findings.iter().map(|found| found.script()).collect();
    scripts.sort();
    assert!(scripts[0].contains("set(to=101)"), "{report}");
    assert!(scripts[1].contains("set(to=501)"), "{report}");
}

#[test]
fn steps_that_no_longer_apply_are_skipped_on_replay() {
    let machine = counter().rule(idle("late").when("it has begun", |count: &u32| *count > 0));
    let program = Program::of("Counter")
        .step(Step::of("late"))
        .step(Step::of("gone"))
        .step(Step::of("add"))
        .step(Step::of("late"));
    let run = Explorer::new(machine).replay(&program).expect("it runs");
    assert!(run.passed(), "{run}");
    assert_eq!(run.skipped, 2);
    assert_eq!(
        run.program,
        Program::of("Counter")
            .step(Step::of("add"))
            .step(Step::of("late"))
    );
}
