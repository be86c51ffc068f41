//! Late looks, exact remainders, and times that are drawn.

use std::time::Duration;

use harness_sim::transition::{Dwell, Model, Scope, Transition, TransitionController};
use tokio::time::Instant;

use crate::bench::{Bench, SECOND, circle, row};

#[test]
fn a_late_look_makes_all_hops_that_were_due_with_an_exact_remainder() {
    let mut bench = Bench::set(row(), Transition::after(2 * SECOND));
    let begun = bench.now;
    bench.elapse(5 * SECOND);
    assert_eq!(bench.state(), "third");
    let at: Vec<_> = bench.chain.history().iter().map(|hop| hop.at).collect();
    assert_eq!(at, [begun + 2 * SECOND, begun + 4 * SECOND]);
    assert_eq!(bench.chain.next_due(bench.now), Some(begun + 6 * SECOND));
    bench.elapse(SECOND);
    assert_eq!(bench.state(), "fourth");
}

#[test]
fn as_moto_a_late_look_makes_one_hop_and_the_rest_of_the_time_is_lost() {
    let mut bench = Bench::set(row(), Transition::after(2 * SECOND)).like_moto();
    bench.elapse(10 * SECOND);
    assert_eq!(bench.reads(4), ["second"; 4]);
    bench.elapse(2 * SECOND);
    assert_eq!(bench.read(), "third");
}

#[test]
fn as_moto_reads_beyond_the_number_are_lost_and_else_they_count_for_the_next_state() {
    let bench = Bench::set(row(), Transition::after_reads(3)).like_moto();
    bench.chain.count_reads(10, bench.now);
    assert_eq!([bench.state(), bench.state()], ["second", "second"]);
    assert_eq!(bench.reads(3), ["second", "second", "third"]);

    let bench = Bench::set(row(), Transition::after_reads(3));
    bench.chain.count_reads(10, bench.now);
    assert_eq!(bench.state(), "fourth");
    assert_eq!(bench.reads(2), ["fourth", "fifth"]);
}

#[test]
fn as_moto_an_immediate_chain_goes_to_its_end_all_the_same() {
    let bench = Bench::set(row(), Transition::immediate()).like_moto();
    assert_eq!(bench.read(), "fifth");
}

#[test]
fn a_look_after_years_of_short_hops_comes_back() {
    let mut bench = Bench::set(circle(), Transition::after(Duration::from_millis(1)));
    bench.elapse(Duration::from_secs(3600 * 24 * 365));
    bench.state();
    let last = bench.chain.history().pop().unwrap();
    assert_eq!(last.number, 10_000);
    // and the next look goes on from there
    bench.state();
    assert_eq!(bench.chain.history().pop().unwrap().number, 20_000);
}

/// The times that the first executions take.
fn series(controller: &TransitionController, name: &str, count: usize) -> Vec<Duration> {
    let instance = controller
        .instance(name, "csp::subarray")
        .expect("the model is known");
    let now = Instant::now();
    (0..count)
        .map(|_| {
            let execution = instance
                .begin("Configure", now)
                .expect("nothing is rejected");
            execution.dwell().expect("time decides")
        })
        .collect()
}

fn jittery(seed: u64) -> TransitionController {
    let controller = TransitionController::new();
    controller.set_seed(seed);
    controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
    let dwell = Dwell::jittered(5 * SECOND, SECOND);
    controller
        .set(&Scope::everything(), Transition::after(dwell))
        .expect("the setting is whole");
    controller
}

#[test]
fn drawn_times_stay_within_bounds_repeat_with_the_seed_and_differ_between_instances() {
    let times = series(&jittery(42), "csp/1", 200);
    assert!(times.iter().all(|t| (4 * SECOND..=6 * SECOND).contains(t)));
    let distinct: std::collections::BTreeSet<_> = times.iter().collect();
    assert!(distinct.len() > 190, "{} different times", distinct.len());
    assert_eq!(series(&jittery(42), "csp/1", 200), times);
    assert_ne!(series(&jittery(42), "csp/2", 200), times);
    assert_ne!(series(&jittery(43), "csp/1", 200), times);
}

#[test]
fn what_others_do_does_not_change_the_draws_of_an_instance() {
    let alone = series(&jittery(1), "csp/1", 5);
    let controller = jittery(1);
    series(&controller, "csp/2", 7);
    assert_eq!(series(&controller, "csp/1", 5), alone);
}

#[test]
fn after_a_reset_the_same_is_drawn_again() {
    let controller = jittery(1);
    let instance = controller.instance("csp/1", "csp::subarray").unwrap();
    let times = series(&controller, "csp/1", 5);
    assert_ne!(series(&controller, "csp/1", 5), times);
    controller.reset();
    let dwell = Dwell::jittered(5 * SECOND, SECOND);
    let everything = Scope::everything();
    controller
        .set(&everything, Transition::after(dwell))
        .unwrap();
    assert_eq!(series(&controller, "csp/1", 5), times);
    drop(instance);
}

#[test]
fn a_command_that_had_to_wait_counts_from_its_turn() {
    let controller = jittery(1);
    controller.set(&Scope::everything(), 5 * SECOND).unwrap();
    let instance = controller.instance("csp/1", "csp::subarray").unwrap();
    let now = Instant::now();
    let mut execution = instance.begin("Configure", now).unwrap();
    let turn = now + 60 * SECOND;
    execution.start(turn);
    assert_eq!(execution.ending(turn), None);
    assert_eq!(execution.next_due(turn), Some(turn + 5 * SECOND));
}
