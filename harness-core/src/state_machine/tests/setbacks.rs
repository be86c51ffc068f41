//! What goes wrong with a step, with and without an allowance for new plans.

use std::time::Duration;

use super::lamp::{Doing, Lamp};
use super::navigating::{minute, step_error};
use crate::action::{CommandAction, WaitAction};
use crate::assertion::{is_in_state, stops_on};
use crate::device::InMemoryDevice;
use crate::journal::{EntryKind, Phase};
use crate::state_machine::{NavigationError, SetbackPolicy, StateMachine, StepProblem, Transition};
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// What can go wrong with the first step, which should lead from OFF to ON.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    State,
    Action,
    Fault,
    Unreadable,
    OutOfTime,
}

/// A lamp whose first step goes wrong, and that can be repaired from wherever it ends up.
fn broken(lamp: &Lamp, wrong: Wrong, policy: SetbackPolicy) -> StateMachine<String> {
    let off = [String::from("OFF")];
    let light = Transition::to("ON".to_owned()).named("light").from(off);
    let (lamp_, tracer, traced) = (
        lamp.clone(),
        lamp.traced.tracer().clone(),
        lamp.traced.clone(),
    );
    let light = match wrong {
        Wrong::State => lamp.step("light", "OFF", "ON", &["DIM"]),
        Wrong::Action => light.action(move || {
            let lamp = lamp_.clone();
            Doing {
                tracer: tracer.clone(),
                closure: Box::new(move || {
                    lamp.done.lock().unwrap().push("light");
                    lamp.device.set("state", "DIM");
                    Err("the bulb is loose".to_owned())
                }),
            }
        }),
        Wrong::Unreadable => light.action(move || {
            let lamp = lamp_.clone();
            Doing {
                tracer: tracer.clone(),
                closure: Box::new(move || {
                    lamp.done.lock().unwrap().push("light");
                    lamp.device.set_unreachable(true);
                    Ok(())
                }),
            }
        }),
        Wrong::Fault | Wrong::OutOfTime => light.action(move || {
            lamp_.done.lock().unwrap().push("light");
            let device = lamp_.device.clone();
            let state = if wrong == Wrong::Fault {
                "FAULT"
            } else {
                "DIM"
            };
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                device.set("state", state);
            });
            WaitAction::new(&tracer, "light")
                .postcondition(is_in_state([&traced], "state", "ON"))
                .early_stop(stops_on([&traced], "state", "FAULT"))
        }),
    };
    lamp.machine()
        .on_setback(policy)
        .with_transition(light)
        .unwrap()
        .with_transition(lamp.step("brighten", "DIM", "ON", &["ON"]).cost(10.0))
        .unwrap()
        .with_transition(lamp.step("repair", "FAULT", "ON", &["ON"]).cost(10.0))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_setback_ends_the_navigation_without_an_allowance() {
    for (wrong, found) in [
        (Wrong::State, Some("DIM")),
        (Wrong::Action, Some("DIM")),
        (Wrong::Fault, Some("FAULT")),
        (Wrong::Unreadable, None),
        (Wrong::OutOfTime, Some("DIM")),
    ] {
        let lamp = Lamp::new("OFF");
        let machine = broken(&lamp, wrong, SetbackPolicy::Fail);
        let outcome = machine.reach("ON".to_owned(), minute()).await;
        let error = step_error(outcome.unwrap_err());
        assert_eq!(error.found.as_deref(), found, "{wrong:?}");
        assert_eq!(lamp.done(), ["light"], "{wrong:?}");
        let fits = match &error.problem {
            StepProblem::WrongState => wrong == Wrong::State,
            StepProblem::Observe(_) => wrong == Wrong::Unreadable,
            StepProblem::Action(_) => {
                matches!(wrong, Wrong::Action | Wrong::Fault | Wrong::OutOfTime)
            }
            _ => false,
        };
        assert!(fits, "{wrong:?}: {:?}", error.problem);
        assert_eq!(error.way_on.is_some(), found.is_some(), "{wrong:?}");
        assert!(error.abandoned.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn with_an_allowance_what_can_be_mended_is() {
    for (wrong, mended) in [
        (Wrong::State, Some("brighten")),
        (Wrong::Action, Some("brighten")),
        (Wrong::Fault, Some("repair")),
        // Where it is, nobody knows.
        (Wrong::Unreadable, None),
        // No time is left for anything.
        (Wrong::OutOfTime, None),
    ] {
        let lamp = Lamp::new("OFF");
        let machine = broken(&lamp, wrong, SetbackPolicy::Replan(1));
        let outcome = machine.reach("ON".to_owned(), minute()).await;
        match (outcome, mended) {
            (Ok(arrival), Some(by)) => {
                assert_eq!(lamp.done(), ["light", by], "{wrong:?}");
                let given_up = &arrival.abandoned[0];
                assert_eq!(given_up.plan.to_string(), "OFF -light-> ON (cost 1)");
                assert_eq!(arrival.steps.len(), 1, "only what was taken");
            }
            (Err(error), None) => {
                assert_eq!(lamp.done(), ["light"], "{wrong:?}");
                assert!(step_error(error).abandoned.is_empty());
            }
            (outcome, _) => panic!("{wrong:?}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn all_plans_that_were_tried_are_told() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(1))
        .with_transition(lamp.step("light", "OFF", "ON", &["DIM"]))
        .unwrap()
        .with_transition(lamp.failing("brighten", "DIM", "ON", 1))
        .unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "on the way from OFF to ON, step 1 of 1 failed (brighten, DIM -> ON): expected ON, \
         found DIM; the way on: DIM -brighten-> ON (cost 1); tried before: OFF -light-> ON (cost 1), \
         which light ended in DIM: its action succeeded, but it ended in another state"
    );
    assert!(error.failure().is_some(), "the account of the last step");
}

#[tokio::test]
async fn new_plans_never_go_on_forever() {
    for (policy, tries) in [
        (SetbackPolicy::Fail, 1),
        (SetbackPolicy::Replan(0), 1),
        (SetbackPolicy::Replan(7), 8),
    ] {
        let lamp = Lamp::new("OFF");
        let machine = lamp
            .machine()
            .on_setback(policy)
            .with_transition(lamp.failing("light", "OFF", "ON", u32::MAX))
            .unwrap();
        let error = step_error(machine.reach("ON".to_owned(), minute()).await.unwrap_err());
        assert_eq!(lamp.done().len(), tries, "{policy:?}");
        assert_eq!(error.abandoned.len() + 1, tries, "{policy:?}");
    }
}

#[tokio::test]
async fn the_allowance_holds_for_all_legs_together() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(1))
        .with_transition(lamp.failing("heat", "OFF", "WARM", 1))
        .unwrap()
        .with_transition(lamp.failing("light", "WARM", "ON", 1))
        .unwrap();
    let outcome = machine.reach_through(["WARM".to_owned()], "ON".to_owned(), minute());
    let error = step_error(outcome.await.unwrap_err());
    assert_eq!(lamp.done(), ["heat", "heat", "light"]);
    assert_eq!((error.from.as_str(), error.to.as_str()), ("WARM", "ON"));
    assert_eq!((error.number, error.of), (1, 1), "of this leg");
    assert_eq!(error.taken.len(), 1, "also that of the first leg");
    assert_eq!(error.abandoned.len(), 1);
}

#[tokio::test]
async fn a_setback_from_which_no_way_leads_on_keeps_its_account() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(5))
        .with_transition(lamp.step("light", "OFF", "ON", &["BURNT"]))
        .unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(lamp.done(), ["light"]);
    let text = error.to_string();
    assert!(text.ends_with("no way leads from BURNT to ON"), "{text}");
    assert!(matches!(step_error(error).problem, StepProblem::WrongState));
}

#[tokio::test]
async fn a_setback_that_ends_in_the_target_is_forgiven_only_with_an_allowance() {
    for (policy, forgiven) in [
        (SetbackPolicy::Fail, false),
        (SetbackPolicy::Replan(1), true),
    ] {
        let lamp = Lamp::new("OFF");
        let other = lamp.clone();
        let light = Transition::to("ON".to_owned()).action(move || {
            let lamp = other.clone();
            Doing {
                tracer: lamp.traced.tracer().clone(),
                closure: Box::new(move || {
                    lamp.device.set("state", "ON");
                    Err("it flickered".to_owned())
                }),
            }
        });
        let machine = lamp.machine().on_setback(policy).with_transition(light);
        let outcome = machine.unwrap().reach("ON".to_owned(), minute()).await;
        match outcome {
            Ok(arrival) => assert!(forgiven && arrival.abandoned.len() == 1),
            Err(error) => {
                assert!(!forgiven);
                assert!(
                    error.to_string().ends_with("the target is reached"),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_step_that_fails_although_its_state_is_reached_is_not_told_as_a_wrong_state() {
    let lamp = Lamp::new("OFF");
    let lamp_ = lamp.clone();
    let light = Transition::to("ON".to_owned())
        .named("light")
        .from(["OFF".to_owned()])
        .action(move || {
            let lamp = lamp_.clone();
            Doing {
                tracer: lamp.traced.tracer().clone(),
                closure: Box::new(move || {
                    lamp.device.set("state", "ON");
                    Err("the change was not seen".to_owned())
                }),
            }
        });
    let machine = lamp.machine().with_transition(light).unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "on the way from OFF to ON, step 1 of 1 failed (light, OFF -> ON): \
         it is in ON as expected, but the step did not end well; the target is reached"
    );
}

#[tokio::test]
async fn a_state_that_can_not_be_read_is_told_with_where_it_was_looked_for() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap();
    lamp.device.set_unreachable(true);
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the way to ON can not be planned: \
         the present state of the lamp (lab/lamp/1 state) is not known"
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_never_told_does_not_hang_a_look_without_time_to_wait() {
    let machine = StateMachine::new(&Tracer::default(), || {
        std::future::pending::<Result<String, std::io::Error>>()
    });
    let outcome = tokio::time::timeout(
        Duration::from_secs(60),
        machine.reach("ON".to_owned(), Timeout::seconds(0)),
    );
    let error = outcome.await.unwrap().unwrap_err();
    assert!(matches!(error, NavigationError::Observe { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_not_told_after_a_step_does_not_hang_the_navigation() {
    let device = InMemoryDevice::new("lab/lamp/1")
        .with_attribute("state", "OFF")
        .with_command("Light", |_, _| Ok(crate::Value::Void));
    let tracer = Tracer::default();
    let traced = tracer.device(std::sync::Arc::new(device));
    let looks = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let machine = StateMachine::new(&tracer, move || {
        let first = looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        async move {
            if !first {
                std::future::pending::<()>().await;
            }
            Ok::<_, std::io::Error>("OFF".to_owned())
        }
    })
    .with_transition(
        Transition::to("ON".to_owned())
            .named("Light")
            .action(move || CommandAction::new(&traced, "Light", ())),
    )
    .unwrap();
    let reaching = machine.reach("ON".to_owned(), Timeout::seconds(10));
    let outcome = tokio::time::timeout(Duration::from_secs(60), reaching).await;
    let error = step_error(outcome.unwrap().unwrap_err());
    assert!(matches!(error.problem, StepProblem::Observe(_)));
    assert_eq!(error.found, None);
}

#[tokio::test]
async fn the_record_tells_plans_steps_states_and_what_failed() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .on_setback(SetbackPolicy::Replan(1))
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.failing("light", "WARM", "ON", 2))
        .unwrap();
    let mark = lamp.traced.tracer().mark();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    let failure = error.failure().map(|failure| failure.headline().to_owned());
    assert_eq!(failure.as_deref(), Some("the bulb is loose"));
    let journal = lamp.traced.tracer().journal();
    let told: Vec<String> = journal
        .since(&mark)
        .iter()
        .filter_map(|entry| match &*entry.kind {
            EntryKind::Note { text } => Some(text.clone()),
            EntryKind::State { subject, state } => Some(format!("{subject}: {state}")),
            EntryKind::Step { name, phase } => Some(match phase {
                Phase::Started => format!("{name} began"),
                Phase::Finished => format!("{name} ended"),
                Phase::Failed { reason } => format!("{name} failed: {reason}"),
            }),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            "plan for the lamp: OFF -heat-> WARM -light-> ON (cost 2)",
            "doing began",
            "doing ended",
            "the lamp: WARM",
            "doing began",
            "doing failed: the bulb is loose",
            "the lamp: WARM",
            "plan for the lamp: WARM -light-> ON (cost 1)",
            "doing began",
            "doing failed: the bulb is loose",
            "the lamp: WARM",
            "the lamp: light (WARM -> ON) failed: its action failed: the bulb is loose",
        ]
    );
}

#[tokio::test]
async fn a_way_that_breaks_in_its_last_leg_is_refused_before_the_first() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "HOT", "ON", &["ON"]))
        .unwrap();
    let (warm, on) = ("WARM".to_owned(), "ON".to_owned());
    let planned = machine.path_through(std::slice::from_ref(&warm), &on).await;
    let told = "no way from WARM to ON (after the way from OFF to WARM): no transition leaves \
                WARM; ON can be reached from HOT";
    assert_eq!(planned.unwrap_err().to_string(), told);
    let error = machine
        .reach_through([warm], on, minute())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), told);
    assert_eq!(error.last_seen().map(String::as_str), Some("OFF"));
    assert!(matches!(error, NavigationError::NoPath(_)));
    assert!(lamp.done().is_empty());
}

#[tokio::test]
async fn what_the_dry_run_of_a_detour_says_is_what_is_walked() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap()
        .with_transition(lamp.step("cool", "WARM", "OFF", &["OFF"]).cost(2.5))
        .unwrap();
    let (warm, on) = (["WARM".to_owned()], "ON".to_owned());
    let plan = machine.path_through(&warm, &on).await.unwrap();
    assert_eq!(
        format!("{plan:#}"),
        "OFF to ON: 3 steps, cost 4.5\n\
         1  heat   OFF  -> WARM  cost 1\n\
         2  cool   WARM -> OFF   cost 2.5\n\
         3  light  OFF  -> ON    cost 1"
    );
    assert!(lamp.done().is_empty(), "planning executes nothing");
    machine
        .reach_through(warm, on.clone(), minute())
        .await
        .unwrap();
    let names: Vec<&str> = plan.steps().iter().map(|step| step.name()).collect();
    assert_eq!(lamp.done(), names);
    let plan = machine.path_to(&on).await.unwrap();
    assert_eq!(format!("{plan:#}"), "ON: nothing to do");
}
