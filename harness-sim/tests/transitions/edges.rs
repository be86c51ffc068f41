//! Spontaneous edges and those of commands, and ways that go round in circles.

use harness_sim::transition::{Model, Transition};

use crate::bench::{Bench, SECOND, circle, row};

fn pipe() -> Model {
    Model::new("pipes::pipe")
        .spontaneous("CREATING", "RUNNING")
        .on("stop", "RUNNING", "STOPPING")
        .spontaneous("STOPPING", "STOPPED")
        .on("start", "STOPPED", "STARTING")
        .spontaneous("STARTING", "RUNNING")
}

#[test]
fn what_was_stopped_does_not_start_by_being_read_or_by_time() {
    for setting in [
        Transition::after_reads(1),
        Transition::immediate(),
        Transition::after(SECOND),
    ] {
        let mut bench = Bench::set(pipe(), setting);
        bench.elapse(SECOND);
        assert_eq!(bench.reads(5), ["RUNNING"; 5]);
        bench.command("stop");
        bench.elapse(SECOND);
        assert_eq!(bench.reads(5), ["STOPPED"; 5]);
        bench.elapse(100 * SECOND);
        assert_eq!(bench.state(), "STOPPED");
        assert_eq!(bench.chain.next_due(bench.now), None);
        bench.command("start");
        bench.elapse(SECOND);
        assert_eq!(bench.read(), "RUNNING");
    }
}

#[test]
fn spontaneous_edges_need_no_command_and_commands_that_are_unknown_say_so() {
    let bench = Bench::set(pipe(), Transition::immediate());
    assert_eq!(bench.state(), "RUNNING");
    let error = bench.chain.command("halt", bench.now).unwrap_err();
    let words = "pipes::pipe has no command halt; known: stop, start";
    assert_eq!(error.to_string(), words);
}

#[test]
fn an_immediate_circle_stops_where_it_closes_and_says_so() {
    let mut bench = Bench::set(circle(), Transition::immediate());
    assert_eq!(bench.state(), "a");
    assert_eq!(bench.chain.goes_round_at().as_deref(), Some("a"));
    assert_eq!(bench.entered(), ["b", "c", "a"]);
    // it does not go round again with every look, and nobody is told to look again at once
    bench.elapse(SECOND);
    bench.reads(5);
    assert_eq!(bench.entered(), ["b", "c", "a"]);
    assert_eq!(bench.chain.next_due(bench.now), None);
}

#[test]
fn a_circle_that_was_stopped_goes_on_when_something_else_is_set() {
    let mut bench = Bench::set(circle(), Transition::immediate());
    assert_eq!(bench.state(), "a");
    let scope = bench.scope();
    bench.controller.set(&scope, 2 * SECOND).unwrap();
    assert_eq!(
        bench.chain.next_due(bench.now),
        Some(bench.now + 2 * SECOND)
    );
    bench.elapse(2 * SECOND);
    assert_eq!(bench.state(), "b");
    assert_eq!(bench.chain.goes_round_at(), None);
}

#[test]
fn a_state_that_leads_to_itself_and_times_of_zero_do_not_hang_either() {
    let model = Model::new("example::loop").spontaneous("a", "a");
    assert_eq!(Bench::set(model, Transition::immediate()).state(), "a");
    let no_time = Transition::after(std::time::Duration::ZERO);
    assert_eq!(Bench::set(circle(), no_time.clone()).state(), "a");
    assert_eq!(Bench::set(row(), no_time).state(), "fifth");
}

#[test]
fn checks_cycle_with_every_refresh_each_on_its_own() {
    let check = Model::new("support::case")
        .spontaneous("none", "enqueued")
        .spontaneous("enqueued", "processing")
        .spontaneous("processing", "success")
        .spontaneous("success", "none");
    let bench = Bench::set(check, Transition::after_reads(1));
    let other = bench.another("two");
    let cycle = ["enqueued", "processing", "success", "none"];
    assert_eq!(bench.reads(4), cycle);
    assert_eq!(&*other.read(bench.now), "enqueued");
    assert_eq!(bench.reads(4), cycle);
    assert_eq!(&*other.state(bench.now), "enqueued");
}

#[test]
fn entering_a_state_resets_what_was_counted_and_timed() {
    let mut bench = Bench::set(pipe(), Transition::after(10 * SECOND));
    bench.elapse(10 * SECOND);
    assert_eq!(bench.state(), "RUNNING");
    bench.elapse(9 * SECOND);
    bench.command("stop");
    bench.elapse(9 * SECOND);
    assert_eq!(bench.state(), "STOPPING");
    bench.elapse(SECOND);
    assert_eq!(bench.state(), "STOPPED");

    let bench = Bench::set(row(), Transition::after_reads(3));
    bench.reads(2);
    bench.chain.inject("second", bench.now).unwrap();
    assert_eq!(bench.reads(3), ["second", "second", "third"]);
}

#[test]
fn a_model_knows_whether_its_spontaneous_edges_go_round() {
    assert_eq!(circle().circle(), Some(vec!["a", "b", "c"]));
    let tail = Model::new("example::tail")
        .spontaneous("start", "a")
        .spontaneous("a", "b")
        .spontaneous("b", "a");
    assert_eq!(tail.circle(), Some(vec!["a", "b"]));
    assert_eq!(row().circle(), None);
    assert_eq!(pipe().circle(), None);
}
