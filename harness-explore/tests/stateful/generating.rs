//! How programs are made.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use harness_explore::strategy::{integers, lists};
use harness_explore::{Explorer, Machine, Produced, Rule, RuleError, ensure};

use crate::machines::{counter, explored, found, idle};

/// The names of the rules that each program ran, in order.
fn programs_of(seed: u64, weights: [u32; 3]) -> Vec<String> {
    let programs: Rc<RefCell<Vec<String>>> = Rc::default();
    let ended = Rc::clone(&programs);
    let [a, b, c] = ["a", "b", "c"];
    let rule = |name: &'static str, weight| {
        Rule::new(name)
            .weight(weight)
            .run(async move |run: &mut String, _| {
                run.push_str(name);
                Ok(Produced::<()>::nothing())
            })
    };
    let machine = Machine::new("Letters", async || Ok(String::new()))
        .rule(rule(a, weights[0]))
        .rule(rule(b, weights[1]))
        .rule(rule(c, weights[2]))
        .teardown(async move |run: &mut String| {
            ended.borrow_mut().push(run.clone());
            Ok(())
        });
    let report = Explorer::new(machine)
        .with_seed(seed)
        .run()
        .expect("it runs");
    assert!(report.is_clean(), "{report}");
    programs.take()
}

#[test]
fn a_seed_repeats_every_program() {
    assert_eq!(programs_of(11, [1, 1, 1]), programs_of(11, [1, 1, 1]));
    assert_ne!(programs_of(11, [1, 1, 1]), programs_of(12, [1, 1, 1]));
}

#[test]
fn most_programs_take_all_their_steps() {
    let programs = programs_of(1, [1, 1, 1]);
    let whole = programs
        .iter()
        .filter(|program| program.len() == 50)
        .count();
    assert!(
        whole * 10 >= programs.len() * 8,
        "{whole} of {}",
        programs.len()
    );
}

#[test]
fn some_programs_leave_rules_out_so_that_one_is_run_many_times_in_a_row() {
    let programs = programs_of(1, [1, 1, 1]);
    let mut kinds: BTreeMap<usize, usize> = BTreeMap::new();
    for program in &programs {
        let rules = ['a', 'b', 'c']
            .iter()
            .filter(|rule| program.contains(**rule));
        *kinds.entry(rules.count()).or_default() += 1;
    }
    assert_eq!(
        kinds.keys().copied().collect::<Vec<_>>(),
        [1, 2, 3],
        "{kinds:?}"
    );
}

#[test]
fn a_weight_makes_a_rule_come_more_often() {
    let programs = programs_of(1, [1, 1, 8]).concat();
    let count = |rule: char| programs.chars().filter(|other| *other == rule).count();
    assert!(count('c') > 3 * count('a') && count('c') > 3 * count('b'));
}

#[test]
fn a_step_with_many_choices_does_not_starve_the_program() {
    let machine = counter().rule(
        Rule::new("much")
            .argument("values", lists(&integers(i64::MIN..=i64::MAX), 500))
            .run(async |_: &mut u32, call| {
                call.argument::<Vec<i64>>("values")?;
                Ok(Produced::nothing())
            }),
    );
    let report = explored(machine);
    assert!(report.steps >= 40 * report.programs, "{report}");
}

#[test]
fn a_rule_that_finds_it_does_not_apply_is_no_step_and_no_failure() {
    let machine = counter().rule(Rule::new("only_odd").run(async |count: &mut u32, _| {
        if (*count).is_multiple_of(2) {
            return Err(RuleError::skipped("it is even"));
        }
        ensure(*count < 5, "five")?;
        Ok(Produced::nothing())
    }));
    let finding = found(machine);
    assert_eq!(finding.program.steps.len(), 6, "{finding}");
}

#[test]
fn rules_that_never_apply_end_a_program_soon() {
    let machine = Machine::new("Hopeless", async || Ok(()))
        .rule(Rule::<(), ()>::new("no").run(async |(), _| Err(RuleError::skipped("never"))));
    let error = Explorer::new(machine)
        .with_programs(20)
        .run()
        .expect_err("no step is ever taken");
    assert!(error.to_string().starts_with("no progress"), "{error}");
}

#[test]
fn the_state_decides_which_values_there_are() {
    let machine = Machine::new("Grow", async || Ok(0_i64))
        .rule(
            Rule::<i64, ()>::new("grow")
                .argument_by("by", |sum: &i64| integers(sum + 1..=sum + 10))
                .run(async |sum: &mut i64, call| {
                    let by: i64 = call.argument("by")?;
                    ensure(by > *sum, "a value of another state")?;
                    *sum += by;
                    ensure(*sum < 100, "grown up")?;
                    Ok(Produced::nothing())
                }),
        )
        .rule(idle("rest"));
    let finding = found(machine);
    assert!(
        finding
            .program
            .steps
            .iter()
            .all(|step| &*step.rule == "grow"),
        "{finding}"
    );
}

#[test]
fn different_failures_are_all_found_if_asked_for() {
    let machine = counter()
        .rule(Rule::new("three").run(async |count: &mut u32, _| {
            ensure(*count < 3, "three")?;
            Ok(Produced::nothing())
        }))
        .rule(Rule::new("five").run(async |count: &mut u32, _| {
            ensure(*count < 5, "five")?;
            ensure(*count != 0, "nothing").map_err(|error| error.of_kind("nothing"))?;
            Ok(Produced::nothing())
        }));
    let report = Explorer::new(machine)
        .with_seed(1)
        .with_findings(9)
        .run()
        .expect("it runs");
    let mut lengths: Vec<(&str, usize)> = report
        .findings
        .iter()
        .map(|finding| {
            (
                finding.violation.message.as_str(),
                finding.program.steps.len(),
            )
        })
        .collect();
    lengths.sort_unstable();
    assert_eq!(
        lengths,
        [("five", 6), ("nothing", 1), ("three", 4)],
        "{report}"
    );
}
