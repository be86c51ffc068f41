//! The end of a program: teardown, panics, and steps that take too long.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use harness_explore::report::Ended;
use harness_explore::run::Place;
use harness_explore::{Explorer, Invariant, Machine, Produced, Rule, RuleError, ensure};

use crate::machines::{counter, failing, found, idle};

/// A machine whose systems are counted while they live.
fn counted(alive: &Rc<Cell<i32>>) -> Machine<Rc<Cell<i32>>> {
    let started = Rc::clone(alive);
    Machine::new("Counted", async move || {
        started.set(started.get() + 1);
        Ok(Rc::clone(&started))
    })
    .teardown(async |alive: &mut Rc<Cell<i32>>| {
        alive.set(alive.get() - 1);
        Ok(())
    })
}

#[test]
fn the_teardown_runs_after_success_failure_panic_and_timeout() {
    let silent = |name: &str| idle::<Rc<Cell<i32>>>(name);
    let panicking = Rule::new("panic").run(async |_: &mut Rc<Cell<i32>>, _| panic!("on purpose"));
    let hanging = Rule::new("hang").run(async |_: &mut Rc<Cell<i32>>, _| {
        std::future::pending::<()>().await;
        Ok(Produced::nothing())
    });
    for (rule, fails) in [
        (silent("rest"), false),
        (failing("fail"), true),
        (panicking, true),
        (hanging, true),
    ] {
        let alive = Rc::new(Cell::new(0));
        let name = rule.name().to_owned();
        let machine = counted(&alive)
            .rule(rule)
            .step_limit(Duration::from_millis(5));
        let report = Explorer::new(machine)
            .with_seed(3)
            .with_programs(3)
            .run()
            .expect("it runs");
        assert_eq!(report.is_clean(), !fails, "{report}");
        assert_eq!(alive.get(), 0, "systems alive after {name}");
    }
}

#[test]
fn a_failure_in_the_teardown_alone_is_found_and_shrunk() {
    let machine = counter().teardown(async |count: &mut u32| ensure(*count == 0, "not at nothing"));
    let finding = found(machine);
    assert_eq!(finding.violation.place, Place::Teardown);
    assert_eq!(finding.program.steps.len(), 1, "{finding}");
}

#[test]
fn both_errors_are_told_the_rule_s_first() {
    let machine = Machine::new("Both", async || Ok(0_u32))
        .rule(failing("fail"))
        .teardown(async |_: &mut u32| Err(RuleError::failed("broken as well")));
    let finding = found(machine);
    assert_eq!(
        finding.violation.to_string(),
        "rule fail: wrong; then the teardown: broken as well"
    );
}

#[test]
fn a_step_that_takes_too_long_is_named_and_the_teardown_still_runs() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let torn = Rc::new(Cell::new(0));
    let counted = Rc::clone(&torn);
    let machine = counter()
        .rule(Rule::new("dawdle").run(async |count: &mut u32, _| {
            let seconds = if *count == 2 { 90 } else { 1 };
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Ok(Produced::nothing())
        }))
        .teardown(async move |_: &mut u32| {
            counted.set(counted.get() + 1);
            Ok(())
        })
        .step_limit(Duration::from_secs(30));
    let report = Explorer::new(machine)
        .with_seed(1)
        .run_on(&runtime)
        .expect("it runs");
    let finding = &report.findings[0];
    assert_eq!(
        finding.violation.to_string(),
        "rule dawdle: took longer than 30s and was given up"
    );
    assert_eq!(finding.violation.kind, "timeout");
    assert_eq!(finding.program.steps.len(), 3, "{finding}");
    assert!(torn.get() > 3, "torn down {} times", torn.get());
}

#[test]
fn a_panic_is_a_failure_with_its_message() {
    let machine = counter().invariant(Invariant::new("small", async |count: &mut u32| {
        assert!(*count < 2, "it is {count}");
        Ok(())
    }));
    let finding = found(machine);
    assert_eq!(finding.violation.to_string(), "invariant small: it is 2");
    assert_eq!(finding.violation.kind, "panic");
}

#[test]
fn a_start_that_fails_is_found() {
    let machine = Machine::new("Dead", async || {
        Err::<u32, _>(RuleError::failed("no answer"))
    })
    .rule(idle("go"));
    let finding = found(machine);
    assert_eq!(finding.violation.to_string(), "the start: no answer");
    assert_eq!(finding.program.steps.len(), 0);
}

/// A machine of steps that are counted, and that fails at the tenth of a program, if it shall.
fn counting(steps: &Arc<AtomicU64>, fails: bool) -> Machine<u32> {
    let steps = Arc::clone(steps);
    Machine::new("Counting", async || Ok(0)).rule(Rule::new("count").run(
        async move |count: &mut u32, _| {
            steps.fetch_add(1, Ordering::Relaxed);
            *count += 1;
            ensure(!fails || *count < 10, "ten")?;
            Ok(Produced::nothing())
        },
    ))
}

#[test]
fn a_run_that_shall_end_starts_no_other_program_and_tells_what_there_was() {
    let steps = Arc::new(AtomicU64::new(0));
    let asked = Arc::clone(&steps);
    let report = Explorer::new(counting(&steps, false))
        .with_programs(1000)
        .with_steps(20)
        .ending_when(move || asked.load(Ordering::Relaxed) >= 50)
        .run()
        .expect("it runs");
    assert_eq!((report.ended, report.programs), (Ended::Asked, 3));
    assert_eq!(report.steps, 50, "not one more");
    assert!(report.to_string().contains("ended before its time"));
    let none = Explorer::new(counting(&steps, false)).ending_when(|| true);
    assert_eq!(none.run().expect("no failure").programs, 0);
}

#[test]
fn a_run_that_shall_end_shrinks_what_it_found_no_further() {
    let steps = Arc::new(AtomicU64::new(0));
    let asked = Arc::clone(&steps);
    let report = Explorer::new(counting(&steps, true))
        .ending_when(move || asked.load(Ordering::Relaxed) >= 10)
        .run()
        .expect("it runs");
    let finding = &report.findings[0];
    assert!(finding.shrinking.cut_short.is_some(), "{finding}");
    assert!(!finding.shrinking.one_minimal);
}
