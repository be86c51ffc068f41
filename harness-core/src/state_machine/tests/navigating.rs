use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::lamp::{Doing, Lamp};
use crate::action::{ProcedureAction, WaitAction};
use crate::assertion::is_in_state;
use crate::journal::EntryKind;
use crate::state_machine::{
    NavigationError, SetbackPolicy, StateMachine, StepError, StepProblem, Transition,
};
use crate::timeout::Timeout;
use crate::tracer::Tracer;

pub(super) fn minute() -> Timeout {
    Timeout::seconds(60)
}

pub(super) fn step_error(error: NavigationError<String>) -> StepError<String> {
    match error {
        NavigationError::Step(error) => *error,
        other => panic!("not a step error: {other}"),
    }
}

#[tokio::test]
async fn the_cheapest_way_is_walked_and_told() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "WARM", "ON", &["ON"]))
        .unwrap()
        .with_transition(lamp.step("force", "OFF", "ON", &["ON"]).cost(10.0))
        .unwrap();
    assert!(machine.is_reachable(&"ON".to_owned()).await.unwrap());
    let plan = machine.path_to(&"ON".to_owned()).await.unwrap();
    assert_eq!(plan.to_string(), "OFF -heat-> WARM -light-> ON (cost 2)");
    assert!(lamp.done().is_empty(), "planning executes nothing");

    let mark = lamp.traced.tracer().mark();
    let arrival = machine.reach("ON".to_owned(), minute()).await.unwrap();
    assert_eq!(lamp.done(), ["heat", "light"]);
    assert_eq!(
        (arrival.from.as_str(), arrival.state_now.as_str()),
        ("OFF", "ON")
    );
    assert!(!arrival.passed_through());
    assert_eq!(machine.current_state().await.unwrap(), "ON");

    let states: Vec<String> = lamp
        .traced
        .tracer()
        .journal()
        .since(&mark)
        .iter()
        .filter_map(|entry| match &*entry.kind {
            EntryKind::State { subject, state } => Some(format!("{subject}: {state}")),
            _ => None,
        })
        .collect();
    assert_eq!(states, ["the lamp: WARM", "the lamp: ON"]);
}

#[tokio::test]
async fn in_the_target_already_nothing_is_executed() {
    let lamp = Lamp::new("ON");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("relight", "ON", "ON", &["ON"]))
        .unwrap();
    let arrival = machine
        .reach("ON".to_owned(), Timeout::zero())
        .await
        .unwrap();
    assert!(arrival.steps.is_empty() && lamp.done().is_empty());
    assert_eq!(arrival.to_string(), "already in ON");
}

#[tokio::test]
async fn actions_are_built_afresh_for_every_execution() {
    let built = Arc::new(AtomicU32::new(0));
    let lamp = Lamp::new("OFF");
    let (counted, other) = (Arc::clone(&built), lamp.clone());
    let on = Transition::to("ON".to_owned())
        .from(["OFF".to_owned()])
        .action(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let lamp = other.clone();
            Doing {
                tracer: lamp.traced.tracer().clone(),
                closure: Box::new(move || {
                    lamp.device.set("state", "ON");
                    Ok(())
                }),
            }
        });
    let machine = lamp.machine().with_transition(on).unwrap();
    for _ in 0..3 {
        lamp.device.set("state", "OFF");
        machine.reach("ON".to_owned(), minute()).await.unwrap();
    }
    assert_eq!(built.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_machine_built_anew_for_each_use_subscribes_no_more_than_one() {
    let lamp = Lamp::new("OFF");
    for state in ["ON", "OFF", "ON"] {
        let machine = lamp
            .machine()
            .with_transition(lamp.step("on", "OFF", "ON", &["ON"]))
            .unwrap()
            .with_transition(lamp.step("off", "ON", "OFF", &["OFF"]))
            .unwrap();
        machine.reach(state.to_owned(), minute()).await.unwrap();
    }
    assert_eq!(lamp.done(), ["on", "off", "on"]);
    assert_eq!(lamp.device.subscriptions_made(), 1);
}

#[tokio::test]
async fn a_transient_target_counts_when_it_was_passed_through() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(
            lamp.step("heat", "OFF", "HEATING", &["HEATING", "WARM"])
                .transient(),
        )
        .unwrap();
    let arrival = machine.reach("HEATING".to_owned(), minute()).await.unwrap();
    assert!(arrival.passed_through());
    assert_eq!(arrival.state_now, "WARM");
    assert!(
        arrival
            .to_string()
            .starts_with("OFF -heat-> HEATING (and on to WARM)"),
        "{arrival}"
    );
}

#[tokio::test]
async fn a_transient_state_seen_before_the_step_does_not_count() {
    let lamp = Lamp::new("OFF");
    lamp.traced.watch("state").await.unwrap();
    lamp.device.set("state", "HEATING");
    lamp.device.set("state", "OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "HEATING", &["WARM"]).transient())
        .unwrap();
    let error = step_error(
        machine
            .reach("HEATING".to_owned(), minute())
            .await
            .unwrap_err(),
    );
    assert!(matches!(error.problem, StepProblem::WrongState));
    assert_eq!(error.found.as_deref(), Some("WARM"));
}

#[tokio::test]
async fn a_stable_target_that_was_only_passed_through_is_an_error_with_advice() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM", "HOT"]))
        .unwrap();
    let error = step_error(
        machine
            .reach("WARM".to_owned(), minute())
            .await
            .unwrap_err(),
    );
    assert_eq!(error.entered, ["WARM", "HOT"]);
    let text = error.to_string();
    assert!(text.contains("expected WARM, found HOT"), "{text}");
    assert!(text.contains("declare heat as transient"), "{text}");
}

#[tokio::test]
async fn a_system_that_moves_on_between_steps_is_followed() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(
            lamp.step("heat", "OFF", "HEATING", &["HEATING", "WARM"])
                .transient(),
        )
        .unwrap()
        .with_transition(lamp.step("stop", "HEATING", "STOPPED", &["STOPPED"]))
        .unwrap()
        .with_transition(lamp.step("cool", "WARM", "STOPPED", &["STOPPED"]).cost(5.0))
        .unwrap();
    let arrival = machine.reach("STOPPED".to_owned(), minute()).await.unwrap();
    assert_eq!(lamp.done(), ["heat", "cool"]);
    assert_eq!(arrival.steps[0].found, "WARM");
    assert!(!arrival.passed_through());
}

#[tokio::test]
async fn moving_on_forever_ends_in_an_error() {
    let lamp = Lamp::new("A");
    // Whatever is done, the lamp flashes B and falls back to A.
    let machine = lamp
        .machine()
        .with_transition(lamp.step("flash", "A", "B", &["B", "A"]).transient())
        .unwrap()
        .with_transition(lamp.step("catch", "B", "C", &["C"]))
        .unwrap();
    let error = step_error(machine.reach("C".to_owned(), minute()).await.unwrap_err());
    assert_eq!(
        (error.step.as_str(), error.found.as_deref()),
        ("flash", Some("A"))
    );
    assert!(lamp.done().len() <= 3, "{:?}", lamp.done());
}

#[tokio::test]
async fn a_failed_action_tells_where_and_what_next() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.failing("light", "WARM", "ON", 1))
        .unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert!(
        error
            .failure()
            .is_some_and(|failure| failure.headline().contains("loose"))
    );
    assert_eq!(error.last_seen().map(String::as_str), Some("WARM"));
    assert_eq!(
        error.to_string(),
        "on the way from OFF to ON, step 2 of 2 failed (light, WARM -> ON): \
         expected ON, found WARM; the way on: WARM -light-> ON (cost 1)"
    );
    let error = step_error(error);
    assert_eq!((error.number, error.of, error.taken.len()), (2, 2, 1));
}

#[tokio::test]
async fn a_setback_leads_to_a_new_plan_as_often_as_allowed() {
    for (failures, allowed, succeeds) in [(1, 1, true), (2, 2, true), (2, 1, false), (1, 0, false)]
    {
        let lamp = Lamp::new("OFF");
        let machine = lamp
            .machine()
            .on_setback(SetbackPolicy::Replan(allowed))
            .with_transition(lamp.failing("light", "OFF", "ON", failures))
            .unwrap();
        let outcome = machine.reach("ON".to_owned(), minute()).await;
        assert_eq!(
            outcome.is_ok(),
            succeeds,
            "{failures} failures, {allowed} new plans"
        );
    }
}

#[tokio::test]
async fn a_new_plan_starts_where_the_system_ended_up() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(1))
        .with_transition(lamp.step("light", "OFF", "ON", &["FAULT"]))
        .unwrap()
        .with_transition(lamp.step("repair", "FAULT", "ON", &["ON"]).cost(10.0))
        .unwrap();
    machine.reach("ON".to_owned(), minute()).await.unwrap();
    assert_eq!(lamp.done(), ["light", "repair"]);
}

#[tokio::test]
async fn without_a_way_nothing_is_executed_and_the_gap_is_named() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "HOT", "ON", &["ON"]))
        .unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no way from OFF to ON: a transition is missing from one of OFF, WARM to one of ON, HOT"
    );
    assert!(!machine.is_reachable(&"ON".to_owned()).await.unwrap());
    let error = machine.path_to(&"FAULT".to_owned()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no way from OFF to FAULT: no transition leads to FAULT; OFF leads to WARM"
    );
    lamp.set_after_read("ON");
    let error = machine.path_to(&"OFF".to_owned()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no way from ON to OFF: no transition leaves ON and none leads to OFF"
    );
    assert!(lamp.done().is_empty());
}

#[tokio::test]
async fn an_action_that_can_not_be_built_is_named_with_its_cause() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(5))
        .with_transition(
            Transition::to("ON".to_owned())
                .named("light")
                .try_action(|| -> Result<Doing, &str> { Err("the input of light is missing") }),
        )
        .unwrap();
    let error = step_error(machine.reach("ON".to_owned(), minute()).await.unwrap_err());
    let source = std::error::Error::source(&error.problem).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("the input of light is missing"));
    assert_eq!(error.found.as_deref(), Some("OFF"));
}

#[tokio::test]
async fn a_transition_without_an_action_can_be_planned_but_not_walked() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(Transition::to("ON".to_owned()))
        .unwrap();
    assert!(machine.is_reachable(&"ON".to_owned()).await.unwrap());
    let error = step_error(machine.reach("ON".to_owned(), minute()).await.unwrap_err());
    assert!(matches!(error.problem, StepProblem::NoAction));
}

#[tokio::test(start_paused = true)]
async fn no_step_begins_after_the_timeout() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap();
    let timeout = Timeout::seconds(5);
    timeout.start();
    tokio::time::advance(Duration::from_secs(6)).await;
    let error = step_error(machine.reach("WARM".to_owned(), timeout).await.unwrap_err());
    assert!(matches!(error.problem, StepProblem::OutOfTime(_)));
    assert!(
        error.problem.to_string().contains("of the 5 s"),
        "{}",
        error.problem
    );
    assert!(lamp.done().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_step_that_took_all_the_time_is_told_and_not_planned_again() {
    let lamp = Lamp::new("OFF");
    let tracer = lamp.traced.tracer().clone();
    let traced = lamp.traced.clone();
    let heat = Transition::to("WARM".to_owned())
        .named("heat")
        .from(["OFF".to_owned()])
        .action(move || {
            WaitAction::new(&tracer, "heat").postcondition(is_in_state([&traced], "state", "WARM"))
        });
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(2))
        .with_transition(heat)
        .unwrap();
    let outcome = machine.reach("WARM".to_owned(), Timeout::seconds(5)).await;
    let error = outcome.unwrap_err();
    let headline = error.failure().map(|failure| failure.headline().to_owned());
    assert_eq!(
        headline.as_deref(),
        Some("heat: what was expected was not seen within 5s"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_never_told_ends_with_the_timeout() {
    let machine = StateMachine::new(&Tracer::default(), || {
        std::future::pending::<Result<String, std::io::Error>>()
    });
    let began = tokio::time::Instant::now();
    let outcome = tokio::time::timeout(
        Duration::from_secs(60),
        machine.reach("ON".to_owned(), Timeout::seconds(5)),
    );
    let error = outcome.await.unwrap().unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(
        source.as_deref(),
        Some("the state was not told within 5 s"),
        "{error}"
    );
}

#[tokio::test]
async fn states_are_reached_in_turn_under_one_timeout() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap()
        .with_transition(lamp.step("cool", "WARM", "OFF", &["OFF"]))
        .unwrap();
    let arrival = machine
        .reach_through(["WARM".to_owned()], "ON".to_owned(), minute())
        .await
        .unwrap();
    assert_eq!(lamp.done(), ["heat", "cool", "light"]);
    assert_eq!(arrival.steps.len(), 3);
    assert_eq!(
        (arrival.from.as_str(), arrival.target.as_str()),
        ("OFF", "ON")
    );
}

#[tokio::test]
async fn an_unreadable_state_stops_before_anything_is_done() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("x", "OFF", "ON", &["ON"]))
        .unwrap();
    lamp.device.set("state", 5);
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert!(matches!(error, NavigationError::Observe { .. }), "{error}");
    lamp.device.set_unreachable(true);
    assert!(machine.current_state().await.is_err());
    assert!(lamp.done().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_navigation_takes_no_further_step() {
    let lamp = Lamp::new("OFF");
    let slow = lamp.clone();
    let heat = Transition::to("WARM".to_owned())
        .from(["OFF".to_owned()])
        .action(move || {
            let lamp = slow.clone();
            let tracer = lamp.traced.tracer().clone();
            ProcedureAction::new(&tracer, "heat", move || {
                let lamp = lamp.clone();
                async move {
                    lamp.done.lock().unwrap().push("heat");
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    lamp.device.set("state", "WARM");
                    Ok::<(), String>(())
                }
            })
        });
    let machine = lamp
        .machine()
        .with_transition(heat)
        .unwrap()
        .with_transition(lamp.step("light", "WARM", "ON", &["ON"]))
        .unwrap();
    let navigation = machine.reach("ON".to_owned(), minute());
    assert!(
        tokio::time::timeout(Duration::from_secs(5), navigation)
            .await
            .is_err()
    );
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(lamp.done(), ["heat"]);
    assert_eq!(machine.current_state().await.unwrap(), "OFF");
    // Nothing is left over from it.
    machine.reach("ON".to_owned(), minute()).await.unwrap();
    assert_eq!(lamp.done(), ["heat", "heat", "light"]);
}
