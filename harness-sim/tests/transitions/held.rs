//! Transitions that are held until somebody releases them.

use harness_sim::transition::{
    Cause, Instance, Model, Scope, Setting, Transition, TransitionController,
};
use tokio::time::Instant;

use crate::bench::{Bench, SECOND, cluster};

fn device(setting: impl Into<Setting>) -> (TransitionController, Instance) {
    let controller = TransitionController::new();
    controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
    controller
        .set(&Scope::model("csp::subarray"), setting)
        .expect("the model is known");
    let device = controller
        .instance("mid-csp/1", "csp::subarray")
        .expect("the model is known");
    (controller, device)
}

#[test]
fn what_never_ends_stays_whatever_time_passes_and_whoever_reads() {
    let mut bench = Bench::set(cluster(), Transition::never());
    bench.elapse(1_000_000 * SECOND);
    assert_eq!(bench.reads(100), vec!["creating"; 100]);
    assert_eq!(bench.chain.next_due(bench.now), None);
}

#[test]
fn what_is_held_goes_on_when_it_is_released_by_the_name_of_the_gate() {
    let mut bench = Bench::set(cluster(), Transition::held_at("nodes"));
    bench.elapse(100 * SECOND);
    assert_eq!(bench.reads(9), ["creating"; 9]);
    bench.controller.release("Nodes").unwrap();
    assert_eq!(bench.state(), "available");
    let hop = &bench.chain.history()[0];
    assert_eq!((hop.at, &hop.cause), (bench.now, &Cause::Released));
    // the next one is held again
    bench.command("delete");
    assert_eq!(bench.read(), "deleting");
    bench.chain.release(bench.now);
    assert_eq!(bench.state(), "deleted");
}

#[test]
fn what_is_held_without_a_name_is_released_by_that_of_the_instance_or_the_model() {
    for name in ["mid-csp/1", "csp::subarray"] {
        let (controller, device) = device(Transition::held());
        let now = Instant::now();
        let mut execution = device.begin("Configure", now).unwrap();
        assert_eq!(execution.ending(now), None);
        controller.release(name).unwrap();
        assert!(execution.ending(now).is_some(), "{name}");
    }
}

#[test]
fn a_name_at_which_nothing_can_be_held_is_refused() {
    let (controller, _device) = device(Transition::held_at("beam"));
    assert_eq!(controller.release("beam"), Ok(()));
    let error = controller.release("bean").unwrap_err();
    assert!(
        error.to_string().starts_with("nothing can be held at bean"),
        "{error}"
    );
}

#[test]
fn a_release_before_arrival_counts_only_where_it_is_to_be_remembered() {
    for (setting, remembered) in [
        (Transition::held_at("beam"), false),
        (Transition::held_at("beam").remembering(), true),
    ] {
        let (controller, device) = device(setting);
        let now = Instant::now();
        controller.release("beam").unwrap();
        controller.release("beam").unwrap();
        let mut first = device.begin("Configure", now).unwrap();
        assert_eq!(first.ending(now).is_some(), remembered);
        // it lets one through, however often it was released
        let mut second = device.begin("Configure", now).unwrap();
        assert_eq!(second.ending(now), None);
        controller.release("beam").unwrap();
        assert!(second.ending(now).is_some());
    }
}

#[test]
fn a_release_from_before_the_setting_is_none_of_its_business() {
    let (controller, device) = device(Transition::held_at("beam"));
    controller.release("beam").unwrap();
    let model = Scope::model("csp::subarray");
    controller
        .set(&model, Transition::held_at("beam").remembering())
        .unwrap();
    let now = Instant::now();
    let mut execution = device.begin("Configure", now).unwrap();
    assert_eq!(execution.ending(now), None);
}

#[test]
fn one_release_lets_all_through_that_are_held() {
    let (controller, device) = device(Transition::held_at("beam"));
    let other = controller.instance("mid-csp/2", "csp::subarray").unwrap();
    let now = Instant::now();
    let mut executions = [&device, &other].map(|d| d.begin("Configure", now).unwrap());
    controller.release("beam").unwrap();
    for execution in &mut executions {
        assert!(execution.ending(now).is_some());
    }
}

#[test]
fn a_release_while_a_command_waits_for_its_turn_is_kept_for_it() {
    let (controller, device) = device(Transition::held_at("beam"));
    let now = Instant::now();
    let mut execution = device.begin("Configure", now).unwrap();
    controller.release("beam").unwrap();
    let turn = now + 5 * SECOND;
    execution.start(turn);
    let ending = execution.ending(turn).unwrap();
    assert_eq!((ending.at, ending.cause), (turn, Cause::Released));
}

#[test]
fn a_release_from_before_it_came_to_the_gate_is_none_of_its_business() {
    let (controller, device) = device(Transition::held_at("beam"));
    let one = Scope::instance("mid-csp/1");
    let guard = controller.set_guarded(&one, Transition::never()).unwrap();
    let now = Instant::now();
    let mut execution = device.begin("Configure", now).unwrap();
    controller.release("beam").unwrap();
    drop(guard);
    assert_eq!(execution.ending(now), None);
    controller.release("beam").unwrap();
    assert!(execution.ending(now).is_some());
}
