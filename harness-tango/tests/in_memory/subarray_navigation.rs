//! Bringing a scripted subarray where a test needs it.

use std::time::Duration;

use crate::scripted::{Behaviour, DWELL, Scripted};
use harness_core::state_machine::{Cancel, NavigationError, StepMoment, StepProblem};
use harness_core::{Signal, Timeout};
use harness_tango::control_model::{ObsState, ResultCode};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn every_state_is_reached_from_every_state_by_the_golden_plan() {
    for from in ObsState::ALL {
        for to in ObsState::ALL {
            let scripted = Scripted::new(*from);
            let subarray = scripted.subarray();
            let plan = harness_tango::subarray::subarray_graph().plan(from, to);
            // Nothing was begun, so nobody ends a wait: these states do not pass by themselves.
            let waits = plan.as_ref().is_some_and(|plan| {
                plan.steps()
                    .first()
                    .is_some_and(|step| step.name() == "wait")
            });
            if waits {
                continue;
            }
            let outcome = subarray.reach(*to).within(Timeout::seconds(60)).await;
            match (plan, outcome) {
                (Some(plan), Ok(arrival)) => {
                    let names: Vec<_> = plan.steps().iter().map(|step| step.name()).collect();
                    assert_eq!(scripted.received(), names, "{from} -> {to}");
                    assert_eq!(arrival.target, *to);
                }
                (None, Err(NavigationError::NoPath(error))) => {
                    assert_eq!((error.from, error.to), (*from, *to));
                }
                (plan, outcome) => panic!("{from} -> {to}: {plan:?}, {outcome:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_sentence_of_the_mission_passes_through_aborted() {
    let scripted = Scripted::new(ObsState::Idle);
    let arrival = scripted
        .subarray()
        .reach(ObsState::Ready)
        .passing_through([ObsState::Aborted])
        .within(Timeout::seconds(60))
        .await
        .unwrap();
    assert_eq!(
        scripted.received(),
        ["Abort", "Restart", "AssignResources", "Configure"]
    );
    assert_eq!(arrival.state_now, ObsState::Ready);
    assert!(!arrival.passed_through());
}

#[tokio::test(start_paused = true)]
async fn a_transient_state_is_reached_while_it_lasts_or_was_passed_through() {
    let scripted = Scripted::new(ObsState::Empty);
    let subarray = scripted.subarray();
    let arrival = subarray.reach(ObsState::Resourcing).await.unwrap();
    assert_eq!(arrival.state_now, ObsState::Resourcing);

    let scripted =
        Scripted::new(ObsState::Empty).with("AssignResources", [Behaviour::AllBeforeTheAnswer]);
    let arrival = scripted
        .subarray()
        .reach(ObsState::Resourcing)
        .await
        .unwrap();
    assert!(arrival.passed_through());
    assert_eq!(arrival.state_now, ObsState::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_also_when_the_state_came_before_it_began() {
    let scripted = Scripted::new(ObsState::Ready);
    let subarray = scripted.subarray();
    subarray.send("Abort", None).await.unwrap();
    assert_eq!(subarray.obs_state().await.unwrap(), ObsState::Aborting);
    let began = Instant::now();
    subarray.reach(ObsState::Aborted).await.unwrap();
    assert_eq!(began.elapsed(), DWELL);
    subarray
        .wait_for(ObsState::Aborted, Timeout::zero())
        .await
        .unwrap();
    let error = subarray
        .wait_for(ObsState::Empty, Timeout::seconds(1))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("obsState is EMPTY"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_fault_ends_the_step_at_once_and_the_way_on_is_told() {
    let fault = Behaviour::Ends(ResultCode::Started, "not an end", ObsState::Fault);
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [fault]);
    let began = Instant::now();
    let error = scripted
        .subarray()
        .reach(ObsState::Ready)
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), DWELL);
    let text = error.to_string();
    assert!(text.contains("expected READY, found FAULT"), "{text}");
    assert!(
        text.contains("the way on: FAULT -Restart-> EMPTY"),
        "{text}"
    );
    assert!(error.failure().is_some());
}

#[tokio::test(start_paused = true)]
async fn recovery_is_not_needed_when_the_first_try_succeeds() {
    let scripted = Scripted::new(ObsState::Empty);
    let reached = scripted
        .subarray()
        .reach_or_recover(ObsState::Ready)
        .await
        .unwrap();
    assert!(!reached.was_recovered());
    assert_eq!(scripted.received(), ["AssignResources", "Configure"]);
}

#[tokio::test(start_paused = true)]
async fn recovery_aborts_what_hangs_and_tells_both_tries() {
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [Behaviour::Hangs]);
    let began = Instant::now();
    let reached = scripted
        .subarray()
        .reach_or_recover(ObsState::Ready)
        .await
        .unwrap();
    assert_eq!(
        scripted.received(),
        [
            "Configure",
            "Abort",
            "Restart",
            "AssignResources",
            "Configure"
        ]
    );
    assert_eq!(began.elapsed(), Duration::from_secs(20) + DWELL * 4);
    let told = reached.to_string();
    assert!(
        told.contains("second try") && told.contains("not seen within 20s"),
        "{told}"
    );
}

#[tokio::test(start_paused = true)]
async fn recovery_restarts_from_fault_without_an_abort() {
    let fault = Behaviour::Ends(ResultCode::Failed, "broken", ObsState::Fault);
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [fault]);
    // The result comes first and the state after it, in the same moment.
    let reached = scripted
        .subarray()
        .reach_or_recover(ObsState::Ready)
        .await
        .unwrap();
    assert!(reached.was_recovered());
    let received = scripted.received();
    assert_eq!(received.last().map(String::as_str), Some("Configure"));
    assert!(received.contains(&"Restart".to_owned()), "{received:?}");
}

#[tokio::test(start_paused = true)]
async fn recovery_from_empty_tries_straight_again() {
    let rejects = Behaviour::Answers(ResultCode::Rejected, "Queue is being aborted");
    let scripted = Scripted::new(ObsState::Empty).with("AssignResources", [rejects]);
    scripted
        .subarray()
        .reach_or_recover(ObsState::Idle)
        .await
        .unwrap();
    assert_eq!(scripted.received(), ["AssignResources", "AssignResources"]);
}

#[tokio::test(start_paused = true)]
async fn recovery_survives_an_abort_that_ends_in_fault() {
    let fault = Behaviour::Ends(ResultCode::Failed, "stuck", ObsState::Fault);
    let scripted = Scripted::new(ObsState::Idle)
        .with("Configure", [Behaviour::Hangs])
        .with("Abort", [fault]);
    let subarray = scripted.subarray();
    let reached = subarray.reach_or_recover(ObsState::Idle).await.unwrap();
    assert!(!reached.was_recovered(), "it is there already");
    let reached = subarray.reach_or_recover(ObsState::Ready).await.unwrap();
    assert!(reached.was_recovered());
    assert_eq!(subarray.obs_state().await.unwrap(), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn when_both_tries_fail_both_are_told() {
    let hangs = || Behaviour::Hangs;
    let refuses = || Behaviour::Answers(ResultCode::Rejected, "no abort today");
    let scripted = Scripted::new(ObsState::Idle)
        .with("Configure", [hangs(), hangs(), hangs()])
        .with("Abort", [refuses(), refuses(), refuses(), refuses()]);
    let error = scripted
        .subarray()
        .reach_or_recover(ObsState::Ready)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("subarray 1 did not reach READY in two tries"),
        "{text}"
    );
    assert!(text.contains("first within 20 s"), "{text}");
    assert!(text.contains("then through ABORTED, within 60 s"), "{text}");
    assert!(text.contains("no abort today"), "{text}");
    assert_eq!(error.second.unwrap().through, [ObsState::Aborted]);
}

#[tokio::test(start_paused = true)]
async fn without_a_way_there_is_no_second_try() {
    let scripted = Scripted::new(ObsState::Empty);
    let error = scripted
        .subarray()
        .reach_or_recover(ObsState::Fault)
        .await
        .unwrap_err();
    assert!(error.second.is_none());
    assert!(
        error.to_string().contains("no transition leads to FAULT"),
        "{error}"
    );
    assert!(scripted.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_fault_while_waiting_ends_the_wait_at_once() {
    let scripted = Scripted::new(ObsState::Aborting);
    let device = scripted.device.clone();
    tokio::spawn(async move {
        tokio::time::sleep(DWELL).await;
        device.set("obsState", ObsState::Fault);
    });
    let began = Instant::now();
    let reached = scripted
        .subarray()
        .reach_or_recover(ObsState::Empty)
        .await
        .unwrap();
    assert!(reached.was_recovered());
    assert_eq!(scripted.received(), ["Restart"]);
    assert_eq!(began.elapsed(), DWELL * 2);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_come_back_ends_the_step_long_before_the_timeout() {
    for (from, to) in [
        (ObsState::Idle, ObsState::Ready),
        (ObsState::Aborting, ObsState::Aborted),
    ] {
        let scripted = Scripted::new(from).with("Configure", [Behaviour::Hangs]);
        let device = scripted.device.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let reason = "no heartbeat".to_owned();
            device.push("obsState", Signal::Lost { reason });
            tokio::time::sleep(Duration::from_secs(10)).await;
            let (lasting, reason) = (Duration::from_secs(10), "connection refused".to_owned());
            device.push("obsState", Signal::StillLost { lasting, reason });
        });
        let began = Instant::now();
        let way = scripted.subarray().reach(to).within(Timeout::seconds(60));
        let error = way.await.unwrap_err();
        assert_eq!(began.elapsed(), Duration::from_secs(11), "{from} to {to}");
        let cause = std::iter::successors(Some(&error as &dyn std::error::Error), |it| it.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(cause.contains("the device does not come back"), "{cause}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_subarray_stuck_in_aborting_is_told_as_such() {
    let scripted = Scripted::new(ObsState::Aborting);
    let began = Instant::now();
    let error = scripted
        .subarray()
        .reach_or_recover(ObsState::Empty)
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(80));
    let text = error.to_string();
    assert!(
        text.contains("wait for ABORTED on low-tmc/subarray/01: what was expected was not seen"),
        "{text}"
    );
    assert!(text.contains("it is ABORTING"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_plan_of_a_detour_is_told_without_going_it() {
    let scripted = Scripted::new(ObsState::Idle);
    let reach = scripted
        .subarray()
        .reach(ObsState::Ready)
        .passing_through([ObsState::Aborted]);
    let plan = reach.plan().await.unwrap();
    assert_eq!(
        plan.to_string(),
        "IDLE -Abort-> ABORTED -Restart-> EMPTY -AssignResources-> IDLE -Configure-> READY \
         (cost 22)"
    );
    assert!(scripted.received().is_empty());
    reach.await.unwrap();
    assert_eq!(scripted.received().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_detour_through_fault_is_refused_before_anything_is_sent() {
    let scripted = Scripted::new(ObsState::Empty);
    let error = scripted
        .subarray()
        .reach(ObsState::Ready)
        .passing_through([ObsState::Idle, ObsState::Fault])
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("no transition leads to FAULT"), "{text}");
    assert!(scripted.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_way_that_is_called_off_tells_what_was_sent() {
    let scripted = Scripted::new(ObsState::Empty).with("Configure", [Behaviour::Hangs]);
    let subarray = scripted.subarray();
    let cancel = Cancel::new();
    let reach = subarray.reach(ObsState::Ready).cancelled_by(&cancel);
    let (outcome, ()) = tokio::join!(reach, async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        cancel.cancel();
    });
    let NavigationError::Cancelled(account) = outcome.unwrap_err() else {
        panic!("it was called off");
    };
    assert_eq!(account.taken.len(), 1);
    let under_way = account.under_way.as_ref().map(|step| step.name());
    assert_eq!(under_way, Some("Configure"));
    assert_eq!(account.sent.len(), 1, "{account}");
    assert!(account.sent[0].starts_with("Configure to "), "{account}");
    assert_eq!(account.found, Some(subarray.obs_state().await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_hook_may_keep_a_command_from_being_sent() {
    let scripted = Scripted::new(ObsState::Empty);
    let error = scripted
        .subarray()
        .reach(ObsState::Ready)
        .with_step_hook(|moment: StepMoment<ObsState>| async move {
            match moment {
                StepMoment::Before(step) if step.name() == "Configure" => Err("no beam is free"),
                _ => Ok(()),
            }
        })
        .await
        .unwrap_err();
    assert_eq!(scripted.received(), ["AssignResources"]);
    let NavigationError::Step(error) = error else {
        panic!("a step was vetoed: {error}");
    };
    assert!(matches!(error.problem, StepProblem::Vetoed(_)));
}
