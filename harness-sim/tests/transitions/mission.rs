//! The examples of the mission: a cluster that takes its time, a wait that runs out, one that is
//! ready at once, and one that is read until it is ready.

use std::time::Duration;

use harness_sim::transition::{ManagedState, Scope, Setting, TransitionController};
use tokio::time::{Instant, sleep};

use crate::bench::cluster;

fn controller_with(setting: &str) -> TransitionController {
    let controller = TransitionController::new();
    controller.register(cluster());
    let setting = Setting::from_json_text(setting).expect("it is a setting");
    controller
        .set(&Scope::model("dax::cluster"), setting)
        .expect("the model is known");
    controller
}

fn create(controller: &TransitionController) -> ManagedState {
    let name = "my_new_cluster";
    ManagedState::new(controller, name, "dax::cluster", Instant::now()).expect("the model is known")
}

/// The loop of the mission: polls every second, for five minutes at most; returns the seconds.
async fn create_and_wait(controller: &TransitionController) -> Result<u64, &'static str> {
    let started = Instant::now();
    let cluster = create(controller);
    while &*cluster.read(Instant::now()) != "available" {
        sleep(Duration::from_secs(1)).await;
        if started.elapsed() > Duration::from_secs(300) {
            return Err("the cluster is not available after five minutes");
        }
    }
    Ok(started.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_takes_five_seconds_is_waited_for() {
    let controller = controller_with(r#"{"progression": "time", "duration": 5}"#);
    assert_eq!(create_and_wait(&controller).await, Ok(5));
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_takes_ten_minutes_lets_the_wait_run_out_in_milliseconds() {
    let real = std::time::Instant::now();
    let controller = controller_with(r#"{"progression": "time", "duration": 600}"#);
    let error = create_and_wait(&controller).await.unwrap_err();
    assert_eq!(error, "the cluster is not available after five minutes");

    let cluster = create(&controller);
    let begun = Instant::now();
    cluster.reached("available").await.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_secs(600));
    // generous for a busy machine, and far from fifteen minutes
    assert!(real.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn an_immediate_cluster_is_ready_at_once() {
    let controller = controller_with(r#"{"progression": "immediate"}"#);
    assert_eq!(create_and_wait(&controller).await, Ok(0));
}

#[test]
fn a_manual_cluster_is_ready_with_the_third_read() {
    let controller = controller_with(r#"{"progression": "manual", "times": 3}"#);
    let cluster = create(&controller);
    let now = Instant::now();
    let states = [cluster.read(now), cluster.read(now), cluster.read(now)];
    assert_eq!(
        states.map(|s| s.to_string()),
        ["creating", "creating", "available"]
    );
}

#[test]
fn unset_goes_back_to_the_default() {
    let controller = controller_with(r#"{"progression": "immediate"}"#);
    let clusters = Scope::model("dax::cluster");
    assert!(controller.unset(&clusters).unwrap());
    let expected = Setting::from_json_text(r#"{"progression": "manual", "times": 4}"#).unwrap();
    assert_eq!(controller.get(&clusters), Ok(expected));
    assert!(!controller.unset(&clusters).unwrap());
}
