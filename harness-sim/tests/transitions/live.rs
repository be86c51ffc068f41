//! What testers change while an execution is under way.

use harness_sim::transition::{
    Cause, Execution, Instance, Model, Outcome, Scope, Setting, Transition, TransitionController,
};
use tokio::time::Instant;

use crate::bench::{Bench, SECOND, cluster};

struct Lab {
    controller: TransitionController,
    device: Instance,
    now: Instant,
}

impl Lab {
    fn new() -> Lab {
        let controller = TransitionController::new();
        controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
        let device = controller
            .instance("mid-csp/1", "csp::subarray")
            .expect("the model is known");
        let now = Instant::now();
        Lab {
            controller,
            device,
            now,
        }
    }

    fn set(&self, setting: impl Into<Setting>) {
        let scope = Scope::model("csp::subarray");
        self.controller
            .set(&scope, setting)
            .expect("the model is known");
    }

    fn begin(&self) -> Execution {
        self.device
            .begin("Configure", self.now)
            .expect("nothing is rejected")
    }
}

#[test]
fn a_change_concerns_live_chains_at_their_next_look() {
    let mut bench = Bench::set(cluster(), Transition::after(600 * SECOND));
    bench.elapse(7 * SECOND);
    assert_eq!(bench.state(), "creating");
    bench.controller.set(&bench.scope(), 5 * SECOND).unwrap();
    assert_eq!(bench.state(), "available");
    // not as of two seconds ago, when nobody had said so yet
    assert_eq!(bench.chain.history()[0].at, bench.now);
}

#[test]
fn a_change_is_as_if_it_had_been_so_from_the_beginning() {
    let lab = Lab::new();
    lab.set(600 * SECOND);
    let mut execution = lab.begin();
    assert!(execution.read(lab.now).is_none());
    assert!(execution.read(lab.now).is_none());
    lab.set(Transition::after_reads(3));
    assert_eq!(execution.ending(lab.now), None);
    assert_eq!(execution.next_due(lab.now), None);
    let ending = execution.read(lab.now).unwrap();
    assert_eq!(ending.cause, Cause::Reads(3));
    lab.set(60 * SECOND);
    let due = execution.next_due(lab.now + SECOND);
    assert_eq!(due, Some(lab.now + 60 * SECOND));
}

#[test]
fn what_is_for_the_next_use_is_not_for_the_one_under_way() {
    let lab = Lab::new();
    lab.set(SECOND);
    let mut under_way = lab.begin();
    lab.set(Transition::never().failing("no").next(1));
    lab.set(Setting::sequence([
        Transition::never(),
        Transition::never(),
    ]));
    let ending = under_way.ending(lab.now + SECOND).unwrap();
    assert_eq!(ending.outcome, Outcome::Succeed);
}

#[test]
fn what_was_used_up_still_holds_for_the_execution_that_used_it() {
    let lab = Lab::new();
    lab.set(SECOND);
    lab.set(Transition::new().failing("no").next(1));
    let mut first = lab.begin();
    let mut second = lab.begin();
    // something else changes, so that both look again
    lab.controller
        .set(&Scope::everything(), 9 * SECOND)
        .unwrap();
    let late = lab.now + 60 * SECOND;
    assert_eq!(first.ending(late).unwrap().outcome, Outcome::fail("no"));
    assert_eq!(second.ending(late).unwrap().outcome, Outcome::Succeed);
}

#[test]
fn a_rejection_that_is_set_too_late_is_for_commands_to_come() {
    let lab = Lab::new();
    lab.set(SECOND);
    let mut execution = lab.begin();
    let guard = lab
        .controller
        .set_guarded(&Scope::everything(), Transition::new().rejecting("no"))
        .unwrap();
    let ending = execution.ending(lab.now + SECOND).unwrap();
    assert_eq!(ending.outcome, Outcome::Succeed);
    assert!(lab.device.begin("Configure", lab.now).is_err());
    drop(guard);
}

#[test]
fn an_execution_goes_on_when_the_guard_that_stopped_it_is_dropped() {
    let lab = Lab::new();
    let scope = Scope::instance("mid-csp/1").command("Configure");
    let guard = lab
        .controller
        .set_guarded(&scope, Transition::never())
        .unwrap();
    let mut execution = lab.begin();
    let later = lab.now + 60 * SECOND;
    assert_eq!(execution.ending(later), None);
    drop(guard);
    let ending = execution.ending(later).unwrap();
    assert_eq!((ending.at, ending.cause), (later, Cause::Immediate));
}

#[tokio::test(start_paused = true)]
async fn only_those_whom_a_change_may_concern_are_told() {
    let lab = Lab::new();
    lab.controller.register(cluster());
    let other = lab.controller.instance("one", "dax::cluster").unwrap();
    let mut mine = lab.device.changes();
    let mut others = other.changes();
    lab.set(SECOND);
    mine.changed().await;
    let told = tokio::time::timeout(SECOND, others.changed()).await;
    assert!(
        told.is_err(),
        "the cluster was told of a subarray's setting"
    );
    lab.controller.set(&Scope::everything(), SECOND).unwrap();
    mine.changed().await;
    others.changed().await;
}
