//! The simulated telescope is put back, whatever a scenario left it in.
#![cfg_attr(
    feature = "sim",
    expect(clippy::unwrap_used, reason = "a test may panic")
)]
#![cfg(feature = "sim")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use harness_bdd::{
    HarnessWorld, RestoreError, SessionError, StepBook, TelescopeSession,
    books::telescope_steps,
    feature,
    suite::{Outcome, ScenarioVerdict, Suite, Verdict},
};
use harness_core::journal::EntryKind;
use harness_sim::{
    SimulatedTelescope,
    telescope::RunningTelescope,
    transition::{Scope, Transition},
};
use harness_tango::{
    control_model::{DevState, ObsState},
    telescope::{LeftBehind, System, Telescope, TelescopeState, Timeouts},
};

const DWELL: Duration = Duration::from_millis(10);

/// As long as a telescope with these timeouts may need at most: two rounds over the telescope
/// manager's subarrays and one over the others, each with what is added for replies.
const BOUND: Duration = Duration::from_secs(100);

async fn started(simulated: SimulatedTelescope) -> (RunningTelescope, Arc<Telescope>) {
    let simulated = simulated.with_dwell(DWELL).start().await.unwrap();
    let short = Duration::from_millis(500);
    let timeouts = Timeouts {
        command: short,
        reach: short,
        recovery: short,
    };
    let config = simulated.telescope_config().with_timeouts(timeouts);
    let telescope = Telescope::connect(config).await.unwrap();
    (simulated, Arc::new(telescope))
}

async fn session(telescope: &Arc<Telescope>, scenario: &str) -> TelescopeSession {
    let mut session = TelescopeSession::default();
    session.attach(Arc::clone(telescope));
    session.prepare(scenario).await.unwrap();
    session
}

/// The error of a restoration that ended in time.
async fn fails_in_time(session: &mut TelescopeSession) -> RestoreError {
    let began = Instant::now();
    let error = session.restore().await.unwrap_err();
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
    error
}

#[tokio::test]
async fn from_each_state_the_subarray_is_back_in_empty_or_the_account_says_where_it_is() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    for state in ObsState::ALL {
        let mut session = session(&telescope, "any").await;
        session.subarray(1).unwrap();
        // no command runs, so that a transient state is one that the subarray is stuck in
        simulated
            .subarray(1)
            .unwrap()
            .set_obs_state(*state)
            .forget();
        let restored = session.restore().await;
        let now = simulated.subarray(1).unwrap().obs_state();
        match state {
            // no command leads out of these two; a subarray that is stuck there stays
            ObsState::Aborting | ObsState::Restarting => {
                let error = restored.unwrap_err();
                assert_eq!(now, *state);
                let problem = error.problems().join("\n");
                assert!(problem.contains(&format!("still in {state}")), "{problem}");
                let steps = error.restoration().to_string();
                assert!(
                    steps.starts_with(&format!("1. bring subarray 1 from {state} to EMPTY (")),
                    "{steps}"
                );
                assert!(
                    steps.contains("2. Abort on subarray 1 all the same ("),
                    "{steps}"
                );
                assert!(
                    steps.contains("3. Restart on subarray 1 all the same ("),
                    "{steps}"
                );
                assert_eq!(error.restoration().left[0].state, Some(*state));
                simulated
                    .subarray(1)
                    .unwrap()
                    .set_obs_state(ObsState::Empty)
                    .forget();
            }
            ObsState::Empty => assert!(restored.unwrap().is_empty()),
            _ => {
                let restoration = restored.unwrap_or_else(|error| panic!("{state}: {error}"));
                assert_eq!(now, ObsState::Empty, "{state}");
                assert_eq!(restoration.steps.len(), 1, "{restoration}");
            }
        }
    }
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_subarray_that_a_defect_keeps_in_a_transient_state_is_back_in_empty() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let mut session = session(&telescope, "stuck").await;
    session.bring_on().await.unwrap();
    let csp = simulated.handle().device("low-csp/subarray/01").unwrap();
    let _stuck = csp.stick("AssignResources").unwrap();
    let subarray = session.subarray(1).unwrap();
    subarray.send("AssignResources", None).await.unwrap();
    subarray
        .wait_for(ObsState::Resourcing, Duration::from_secs(5))
        .await
        .unwrap();

    let restoration = session.restore().await.unwrap();
    assert_eq!(subarray.obs_state().await.unwrap(), ObsState::Empty);
    let told = restoration.to_string();
    assert!(
        told.contains("bring subarray 1 from RESOURCING to EMPTY"),
        "{told}"
    );
    // the scenario found the telescope OFF and switched it
    assert!(told.contains("switch the telescope back to OFF"), "{told}");
    assert_eq!(telescope.state().await.unwrap(), DevState::Off);
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_subarray_that_is_held_is_remembered_and_tried_again_before_the_next_scenario() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    let transitions = simulated.handle().transitions().clone();
    let name = simulated.subarray(1).unwrap().name();
    let held = transitions
        .set_guarded(
            &Scope::instance(&name).command("Abort"),
            Transition::held_at("the gate"),
        )
        .unwrap();
    let mut first = session(&telescope, "the first").await;
    let subarray = first.subarray(1).unwrap();
    subarray.reach(ObsState::Idle).await.unwrap();
    subarray.send("Abort", None).await.unwrap();
    let error = fails_in_time(&mut first).await;
    assert!(error.to_string().contains("still in ABORTING"), "{error}");

    let mut second = session(&telescope, "the second").await;
    second.subarray(2).unwrap();
    let told = second.subarray(1).unwrap_err();
    assert!(matches!(told, SessionError::LeftBehind(_)));
    let told = told.to_string();
    assert!(
        told.contains("subarray 1 was left in ABORTING by the scenario `the first`"),
        "{told}"
    );
    second.restore().await.unwrap();

    transitions.release("the gate").unwrap();
    drop(held);
    let mut third = session(&telescope, "the third").await;
    third.subarray(1).unwrap();
    assert!(telescope.left().is_empty());
    assert_eq!(simulated.subarray(1).unwrap().obs_state(), ObsState::Empty);
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_subarray_that_does_not_answer_fails_in_time() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    let mut session = session(&telescope, "silence").await;
    session
        .subarray(1)
        .unwrap()
        .reach(ObsState::Idle)
        .await
        .unwrap();
    session
        .subarray(2)
        .unwrap()
        .reach(ObsState::Idle)
        .await
        .unwrap();
    let _silence = simulated.subarray(1).unwrap().silence().unwrap();
    let error = fails_in_time(&mut session).await;
    assert_eq!(error.problems().len(), 1, "{error}");
    assert!(
        error
            .to_string()
            .contains("read the obsState of subarray 1"),
        "{error}"
    );
    assert_eq!(simulated.subarray(2).unwrap().obs_state(), ObsState::Empty);
    assert_eq!(telescope.left()[0].state, None);
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_server_that_is_gone_fails_in_time() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    let mut session = session(&telescope, "gone").await;
    session
        .subarray(1)
        .unwrap()
        .reach(ObsState::Ready)
        .await
        .unwrap();
    let gone = simulated.subarray(1).unwrap().stop_server().await.unwrap();
    let error = fails_in_time(&mut session).await;
    assert!(error.problems()[0].starts_with("subarray 1: "), "{error}");
    gone.stop().await.unwrap();
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_subarray_of_a_system_that_was_commanded_itself_is_put_back_too() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let mut session = session(&telescope, "past the manager").await;
    session.switch(TelescopeState::On).await.unwrap();
    let csp = session.subarray_of(System::Csp, 2).unwrap();
    csp.reach(ObsState::Ready).await.unwrap();
    let restoration = session.restore().await.unwrap();
    assert_eq!(csp.obs_state().await.unwrap(), ObsState::Empty);
    let told = restoration.to_string();
    assert!(
        told.starts_with("1. bring CSP subarray 2 from READY to EMPTY"),
        "{told}"
    );
    simulated.shutdown().await;
}

#[tokio::test]
async fn what_steers_a_helper_device_is_undone() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    let mut session = session(&telescope, "steered").await;
    let device = session.subarray(1).unwrap().traced().clone();
    device.command("SetDelay", 3).await.unwrap();
    session.undo_afterwards(&device, "SetDelay");
    session.undo_afterwards(&device, "SetDelay");
    session.undo_afterwards(&device, "Configure");
    let restoration = session.restore().await.unwrap();
    assert_eq!(restoration.steps.len(), 1, "{restoration}");
    let left = device
        .read("commandDelayInfo")
        .await
        .unwrap()
        .value
        .to_string();
    assert!(!left.contains('3'), "{left}");
    simulated.shutdown().await;
}

/// A telescope whose manager doesn't get its first subarray out of ABORTING, nor told it to its parts.
async fn stuck_while_scanning(telescope: &Arc<Telescope>, simulated: &RunningTelescope) {
    let mut session = session(telescope, "stuck").await;
    let subarray = session.subarray(1).unwrap();
    subarray.reach(ObsState::Scanning).await.unwrap();
    let name = simulated.subarray(1).unwrap().name();
    let device = simulated.handle().device(&name).unwrap();
    device.stick("Abort").unwrap().forget();
    subarray.send("Abort", None).await.unwrap();
    let restored = session.restore().await;
    let told = match &restored {
        Ok(restoration) => restoration.to_string(),
        Err(error) => error.to_string(),
    };
    assert!(
        told.contains("bring CSP subarray 1 from SCANNING"),
        "{told}"
    );
    // it follows the CSP's subarray, so it is there by then
    assert!(!told.contains("CBF subarray 1"), "{told}");
}

#[tokio::test]
async fn the_correlator_is_left_to_the_csp_and_a_subarray_that_stands_still_holds_up_nobody() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let patient = Timeouts {
        reach: Duration::from_secs(60),
        ..telescope.config().timeouts()
    };
    telescope.bring_on().await.unwrap();
    stuck_while_scanning(&telescope, &simulated).await;

    let subarray = simulated.subarray(1).unwrap();
    subarray.set_obs_state(ObsState::Restarting).forget();
    let config = simulated.telescope_config().with_timeouts(patient);
    let config = config.with_preamble(TelescopeState::On);
    let telescope = Arc::new(Telescope::connect(config).await.unwrap());
    let mut left = LeftBehind::new(
        &telescope.subarray(1).unwrap(),
        Some(ObsState::Restarting),
        "a test",
        "",
    );
    telescope.remember_left(left.clone());
    let began = Instant::now();
    let mut second = session(&telescope, "the second").await;
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    let told = second.subarray(1).unwrap_err().to_string();
    assert!(
        told.contains("restart its device, or bring it to EMPTY by hand"),
        "{told}"
    );

    // and one that can go on goes on, after the telescope was switched on
    telescope.switch(TelescopeState::Off).await.unwrap();
    subarray.set_obs_state(ObsState::Aborted).forget();
    left.state = Some(ObsState::Aborted);
    telescope.remember_left(left);
    let journal = telescope.tracer().journal().clone();
    let mark = journal.mark();
    session(&telescope, "the third").await.subarray(1).unwrap();
    let entries = journal.since(&mark);
    let sent: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match &*entry.kind {
            EntryKind::Command { command, .. } => Some(&**command),
            _ => None,
        })
        .collect();
    assert!(sent.ends_with(&["TelescopeOn", "Restart"]), "{sent:?}");
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_telescope_that_was_switched_off_again_is_on_while_its_subarrays_are_put_back() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let mut session = session(&telescope, "on and off").await;
    session.switch(TelescopeState::On).await.unwrap();
    let subarray = session.subarray(1).unwrap();
    subarray.reach(ObsState::Idle).await.unwrap();
    session.switch(TelescopeState::Off).await.unwrap();
    let restoration = session.restore().await.unwrap();
    let steps: Vec<&str> = restoration.steps.iter().map(|step| &*step.what).collect();
    assert_eq!(
        steps,
        [
            "switch the telescope back to ON",
            "bring subarray 1 from IDLE to EMPTY",
            "switch the telescope back to OFF",
        ]
    );
    assert_eq!(telescope.state().await.unwrap(), DevState::Off);
    simulated.shutdown().await;
}

/// Runs these scenarios on the telescope.
async fn run(telescope: &Arc<Telescope>, feature: &str) -> Outcome {
    let feature = feature::parse("trial.feature", feature).unwrap();
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    Suite::new(book)
        .with_feature(feature)
        .on_telescope(Arc::clone(telescope))
        .run()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_scenario_after_a_broken_tear_down_is_told_so() {
    let (simulated, telescope) = started(SimulatedTelescope::new()).await;
    let subarray = simulated.subarray(1).unwrap();
    let abort = Scope::instance(subarray.name()).command("Abort");
    let transitions = simulated.handle().transitions().clone();
    let _held = transitions.set_guarded(&abort, Transition::held()).unwrap();
    let outcome = run(
        &telescope,
        "Feature: Trials\n\
         Scenario: Left\n Given subarray 1 is in obsState IDLE\n \
         When the command Abort is sent to subarray 1\n \
         Then subarray 1 transitions to obsState ABORTING\n\
         Scenario: Found\n Given subarray 1 is in obsState IDLE\n\
         Scenario: Elsewhere\n Given subarray 2 is in obsState IDLE\n",
    )
    .await;
    let [left, found, elsewhere] = outcome.scenarios.as_slice() else {
        panic!("{outcome:?}");
    };
    assert!(left.has_passed(), "{left:?}");
    let told = left.tear_down.as_deref().unwrap();
    assert!(
        told.contains("still in ABORTING") && told.contains("what was tried:\n1. "),
        "{told}"
    );
    let ScenarioVerdict::Failed { message, .. } = &found.verdict else {
        panic!("{found:?}");
    };
    assert!(
        message.contains("subarray 1 was left in ABORTING by the scenario `Left`"),
        "{message}"
    );
    assert_eq!(found.tear_down, None);
    assert!(elsewhere.has_passed(), "{elsewhere:?}");
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_telescope_with_a_preamble_is_on_for_each_scenario_and_stays_so() {
    let simulated = SimulatedTelescope::low()
        .with_dwell(DWELL)
        .start()
        .await
        .unwrap();
    let config = simulated
        .telescope_config()
        .with_preamble(TelescopeState::On);
    let telescope = Arc::new(Telescope::connect(config).await.unwrap());
    assert_eq!(telescope.state().await.unwrap(), DevState::Off);
    let outcome = run(
        &telescope,
        "Feature: Trials\nScenario: On\n Given subarray 1 is in obsState READY\n",
    )
    .await;
    assert_eq!(outcome.verdict(), Verdict::Passed, "{outcome:?}");
    assert_eq!(telescope.state().await.unwrap(), DevState::On);
    simulated.shutdown().await;
}

#[tokio::test]
async fn what_refuses_abort_is_let_come_to_its_end() {
    let (simulated, telescope) = started(SimulatedTelescope::sdp()).await;
    let mut session = session(&telescope, "any").await;
    session.ensure_on().await.unwrap();
    let subarray = session.subarray_of(System::Sdp, 1).unwrap();
    // Abort is refused meanwhile, and it is over within the time of a command
    let name = subarray.traced().name().to_string();
    let slow = Scope::instance(&name).command("AssignResources");
    let handle = simulated.handle();
    let slowly = Transition::after(Duration::from_millis(300));
    handle.transitions().set(&slow, slowly).unwrap();
    subarray.send("AssignResources", None).await.unwrap();
    let restoration = session.restore().await.unwrap();
    let steps = restoration.to_string();
    assert!(steps.contains("from where it came to rest"), "{steps}");
    assert_eq!(subarray.obs_state().await.unwrap(), ObsState::Empty);
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_command_to_one_subarray_lets_no_other_one_go_on_that_is_kept_where_it_is() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let trial = "Feature: Trials\n\
         Scenario: Two\n Given subarray 2 is in obsState CONFIGURING\n \
         And subarray 1 is in obsState IDLE\n \
         When the command Abort is sent to subarray 1\n \
         Then subarray 1 transitions to obsState ABORTED\n \
         And subarray 2 remains in obsState CONFIGURING\n";
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    let outcome = Suite::new(book)
        .with_feature(feature::parse("trial.feature", trial).unwrap())
        .on_telescope(Arc::clone(&telescope))
        .on_simulated(simulated.handle())
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::Passed, "{outcome:?}");
    simulated.shutdown().await;
}
