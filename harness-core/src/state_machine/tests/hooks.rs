//! Hooks before and after steps.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::lamp::Lamp;
use super::navigating::{minute, step_error};
use crate::state_machine::{SetbackPolicy, StateMachine, StepMoment, StepProblem};
use crate::timeout::Timeout;

type Heard = Arc<Mutex<Vec<String>>>;

fn two_steps(lamp: &Lamp) -> StateMachine<String> {
    lamp.machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.failing("light", "WARM", "ON", 1))
        .unwrap()
}

fn listening(machine: StateMachine<String>, heard: &Heard) -> StateMachine<String> {
    let heard = Arc::clone(heard);
    machine.with_step_hook(move |moment: StepMoment<String>| {
        let heard = Arc::clone(&heard);
        async move {
            tokio::task::yield_now().await;
            let words = match moment {
                StepMoment::Before(step) => format!("before {}", step.name()),
                StepMoment::Taken(step) => format!("{} to {}", step.name, step.found),
                StepMoment::Failed {
                    step,
                    found,
                    reason,
                } => {
                    format!("{} failed in {found:?}: {reason}", step.name())
                }
            };
            heard.lock().unwrap().push(words);
            Ok::<(), String>(())
        }
    })
}

#[tokio::test]
async fn a_hook_hears_of_each_step_before_and_after() {
    let (lamp, heard) = (Lamp::new("OFF"), Heard::default());
    let machine = listening(two_steps(&lamp), &heard).on_setback(SetbackPolicy::Replan(1));
    machine.reach("ON".to_owned(), minute()).await.unwrap();
    assert_eq!(
        *heard.lock().unwrap(),
        [
            "before heat",
            "heat to WARM",
            "before light",
            "light failed in Some(\"WARM\"): its action failed: the bulb is loose",
            "before light",
            "light to ON",
        ]
    );
}

#[tokio::test]
async fn a_veto_before_a_step_ends_the_navigation_and_nothing_of_it_is_done() {
    let (lamp, heard) = (Lamp::new("OFF"), Heard::default());
    let machine = two_steps(&lamp)
        .on_setback(SetbackPolicy::Replan(5))
        .with_step_hook(|moment: StepMoment<String>| async move {
            match moment {
                StepMoment::Before(step) if step.name() == "light" => Err("the curtain is open"),
                _ => Ok(()),
            }
        });
    // One that is asked later does not hear of what was vetoed already.
    let machine = listening(machine, &heard);
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(lamp.done(), ["heat"]);
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard[..2], ["before heat", "heat to WARM"]);
    assert!(!heard.contains(&"before light".to_owned()));
    assert_eq!(error.last_seen().map(String::as_str), Some("WARM"));
    let error = step_error(error);
    assert!(matches!(error.problem, StepProblem::Vetoed(_)));
    let why = std::error::Error::source(&error.problem).map(ToString::to_string);
    assert_eq!(why.as_deref(), Some("the curtain is open"));
    assert_eq!((error.step.as_str(), error.taken.len()), ("light", 1));
}

#[tokio::test]
async fn an_objection_after_a_step_ends_the_navigation_too() {
    let lamp = Lamp::new("OFF");
    let machine = two_steps(&lamp)
        .on_setback(SetbackPolicy::Replan(5))
        .with_step_hook(|moment: StepMoment<String>| async move {
            match moment {
                StepMoment::Taken(_) => Err("it smells of smoke"),
                _ => Ok(()),
            }
        });
    let error = step_error(machine.reach("ON".to_owned(), minute()).await.unwrap_err());
    assert_eq!(lamp.done(), ["heat"]);
    assert_eq!(
        error.to_string(),
        "on the way from OFF to ON, step 1 of 2 failed (heat, OFF -> WARM): found WARM; \
         the way on: WARM -light-> ON (cost 1)"
    );
    assert_eq!(
        error.problem.to_string(),
        "it was taken, but a hook objected"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_waits_too_long_keeps_the_step_from_beginning() {
    let lamp = Lamp::new("OFF");
    let machine = two_steps(&lamp).with_step_hook(|_: StepMoment<String>| async {
        std::future::pending::<()>().await;
        Ok::<(), String>(())
    });
    let reaching = machine.reach("ON".to_owned(), Timeout::seconds(5));
    // The hook hears of the failure as well, and would take forever for that.
    let outcome = tokio::time::timeout(Duration::from_secs(60), reaching).await;
    let error = step_error(outcome.unwrap().unwrap_err());
    assert!(matches!(error.problem, StepProblem::OutOfTime(_)));
    assert!(lamp.done().is_empty());
}

#[tokio::test]
async fn a_hook_that_fails_after_a_failure_changes_nothing() {
    let lamp = Lamp::new("WARM");
    let machine = two_steps(&lamp)
        .on_setback(SetbackPolicy::Replan(1))
        .with_step_hook(|moment: StepMoment<String>| async move {
            match moment {
                StepMoment::Failed { .. } => Err("no camera"),
                _ => Ok(()),
            }
        });
    machine.reach("ON".to_owned(), minute()).await.unwrap();
}
