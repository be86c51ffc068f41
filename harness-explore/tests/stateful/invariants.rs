//! What must hold after every step.

use std::cell::RefCell;
use std::rc::Rc;

use harness_explore::run::Place;
use harness_explore::{Explorer, Invariant, Machine, Produced, Rule, RuleError, ensure};

use crate::machines::{Notes, counter, explored, found, idle};

/// Runs one program of three steps, in which nothing is wrong.
fn run_three_steps(machine: Machine<u32>) {
    let report = Explorer::new(machine)
        .with_programs(1)
        .with_steps(3)
        .run()
        .expect("it runs");
    assert!(report.is_clean(), "{report}");
}

#[test]
fn one_that_fails_is_named_and_stands_in_the_program() {
    let machine = counter()
        .invariant(Invariant::new("sound", async |_: &mut u32| Ok(())))
        .invariant(Invariant::new("below three", async |count: &mut u32| {
            ensure(*count < 3, "three")
        }));
    let finding = found(machine);
    assert_eq!(
        finding.violation.place,
        Place::Invariant("below three".into())
    );
    let expected = "\
state = Counter()
state.add()
state.add()
state.add()
state.below_three()
state.teardown()
";
    assert_eq!(finding.script(), expected);
}

#[test]
fn the_initial_state_is_checked_also_with_no_steps_at_all() {
    let machine = || {
        counter().invariant(Invariant::new("not zero", async |count: &mut u32| {
            ensure(*count > 0, "zero")
        }))
    };
    assert_eq!(found(machine()).program.steps.len(), 0);
    let report = Explorer::new(machine())
        .with_steps(0)
        .run()
        .expect("it runs");
    assert_eq!(report.findings.len(), 1, "{report}");
    let report = Explorer::new(counter())
        .with_steps(0)
        .run()
        .expect("it runs");
    assert!(report.is_clean() && report.steps == 0, "{report}");
}

#[test]
fn all_are_checked_in_their_order_and_only_where_they_apply() {
    let checked: Rc<RefCell<Vec<(&str, u32)>>> = Rc::default();
    let noting = |name: &'static str| {
        let checked = Rc::clone(&checked);
        Invariant::new(name, async move |count: &mut u32| {
            checked.borrow_mut().push((name, *count));
            Ok(())
        })
    };
    let machine = counter()
        .invariant(noting("first"))
        .invariant(noting("second").when("it is odd", |count| count % 2 == 1));
    run_three_steps(machine);
    let expected = [
        ("first", 0),
        ("first", 1),
        ("second", 1),
        ("first", 2),
        ("first", 3),
        ("second", 3),
    ];
    assert_eq!(*checked.borrow(), expected);
}

#[test]
fn they_wait_for_the_initial_rules_unless_told_otherwise() {
    let notes = Notes::default();
    let noting = |name: &'static str| {
        let notes = Rc::clone(&notes);
        Invariant::new(name, async move |begun: &mut u32| {
            notes.borrow_mut().push(format!("{name} {begun}"));
            Ok(())
        })
    };
    let begin = |name: &str| {
        Rule::<u32, ()>::initial(name).run(async |begun: &mut u32, _| {
            *begun += 1;
            Ok(Produced::nothing())
        })
    };
    let machine = Machine::new("Begun", async || Ok(0))
        .rule(begin("one"))
        .rule(begin("two"))
        .rule(idle("go"))
        .invariant(noting("late"))
        .invariant(noting("always").during_initial());
    run_three_steps(machine);
    let expected = [
        "always 0", "always 1", "late 2", "always 2", "late 2", "always 2",
    ];
    assert_eq!(*notes.borrow(), expected);
}

#[test]
fn one_that_does_not_apply_after_all_is_no_failure() {
    let machine = counter().invariant(Invariant::new("unknown", async |_: &mut u32| {
        Err(RuleError::skipped("can not tell"))
    }));
    assert!(explored(machine).is_clean());
}
