//! The harness behind gates: whatever the network does, no verdict is wrong, nothing hangs past its
//! deadline, no event is lost without a gap that is told, and all works again afterwards.
//!
//! Each of the [`cases`] has a simulated telescope and a network of its own, and all are tried at once:
//! a client needs seconds to notice that a server is silent.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod account;
mod cases;
mod conditions;
mod trial;

use std::sync::Arc;

use cases::{Moment, Services};
use tokio::sync::Semaphore;

/// How many telescopes are there at a time: what a small machine runs without delays that would be
/// the machine's.
const AT_A_TIME: usize = 32;

/// Tries all cases with these services; told are all that went wrong, not only the first.
async fn try_all(services: Services) {
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let moments = [Moment::Before, Moment::Midway, Moment::Passing];
    let cases = moments.map(|moment| cases::all(moment, services));
    let mut trials = Vec::new();
    for case in cases.into_iter().flatten() {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let name = case.name();
        let trial = async move {
            let outcome = trial::run(case).await;
            drop(place);
            outcome
        };
        trials.push((name, tokio::spawn(trial)));
    }
    let mut complaints = Vec::new();
    for (name, trial) in trials {
        match trial.await {
            Ok(Ok(())) => {}
            Ok(Err(complaint)) => complaints.push(format!("{name}: {complaint}")),
            Err(panic) => complaints.push(format!("{name}: {panic}")),
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_calls() {
    try_all(Services::Calls).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_events() {
    try_all(Services::Events).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_calls_and_events_together() {
    try_all(Services::Both).await;
}

#[test]
fn every_condition_is_tried_in_both_directions() {
    conditions::assert_complete(&cases::all(Moment::Before, Services::Both));
}
