//! Failures that come and go.

use std::cell::Cell;
use std::rc::Rc;

use harness_explore::{Explorer, Machine, Produced, Rule, ensure};

use crate::machines::idle;

/// Fails at its third `add` in some of its lives: where this tells, life by life.
fn moody(fails: impl Fn(u32) -> bool + 'static) -> Machine<(u32, bool)> {
    let lives = Rc::new(Cell::new(0));
    Machine::new("Moody", async move || {
        lives.set(lives.get() + 1);
        Ok((0, fails(lives.get())))
    })
    .rule(
        Rule::new("add").run(async |(count, bad): &mut (u32, bool), _| {
            *count += 1;
            ensure(!*bad || *count < 3, "three")?;
            Ok(Produced::nothing())
        }),
    )
    .rule(idle("rest"))
}

#[test]
fn what_fails_half_of_the_time_is_shrunk_and_its_rate_told() {
    // by a fixed scramble, so that every run of this test is the same
    let machine = moody(|life| life.wrapping_mul(2_654_435_761) >> 16 & 1 == 0);
    let report = Explorer::new(machine)
        .with_seed(2)
        .with_confirmations(20)
        .run()
        .expect("it runs");
    let finding = &report.findings[0];
    assert_eq!(finding.program.steps.len(), 3, "{finding}");
    let rate = finding.reproduced;
    assert!(
        rate.of == 20 && (5..=15).contains(&rate.failed),
        "{finding}"
    );
    assert!(
        finding
            .to_string()
            .contains(&format!("failed {rate} times")),
        "{finding}"
    );
}

#[test]
fn what_never_fails_again_is_told_as_such_and_left_as_it_is() {
    let report = Explorer::new(moody(|life| life == 4))
        .with_seed(2)
        .run()
        .expect("it runs");
    let finding = &report.findings[0];
    assert!(!finding.shrinking.one_minimal, "{finding}");
    assert_eq!(finding.reproduced.failed, 0);
    let why = finding.shrinking.cut_short.as_deref();
    assert_eq!(why, Some("it did not fail again in 20 runs"));
    assert_eq!(finding.program.steps.len(), finding.found_with);
}
