//! States that the system leaves by itself.

use super::lamp::{Doing, Lamp};
use super::navigating::{minute, step_error};
use crate::device::Reading;
use crate::event::Signal;
use crate::state_machine::{StateMachine, StepProblem, Transition};
use crate::tracer::Tracer;

/// A step to the transient HEATING whose action pushes these signals.
fn heating(
    lamp: &Lamp,
    signals: impl Fn() -> Vec<Signal> + Send + Sync + 'static,
) -> StateMachine<String> {
    let other = lamp.clone();
    let signals = std::sync::Arc::new(signals);
    let heat = Transition::to("HEATING".to_owned())
        .named("heat")
        .transient()
        .action(move || {
            let (lamp, signals) = (other.clone(), std::sync::Arc::clone(&signals));
            Doing {
                tracer: lamp.traced.tracer().clone(),
                closure: Box::new(move || {
                    for signal in signals() {
                        lamp.device.push("state", signal);
                    }
                    Ok(())
                }),
            }
        });
    lamp.machine().with_transition(heat).unwrap()
}

fn lost() -> Signal {
    Signal::Lost {
        reason: "a cable".to_owned(),
    }
}

fn back(state: &str) -> Signal {
    Signal::Back(Reading::new(state))
}

fn change(state: &str) -> Signal {
    Signal::Change(Reading::new(state))
}

#[tokio::test]
async fn a_transient_state_that_only_events_told_counts() {
    let lamp = Lamp::new("OFF");
    let machine = heating(&lamp, || vec![change("HEATING"), change("OFF")]);
    let arrival = machine.reach("HEATING".to_owned(), minute()).await.unwrap();
    assert_eq!(arrival.state_now, "OFF");
    assert!(arrival.passed_through());
}

#[tokio::test]
async fn a_transient_state_found_after_a_gap_counts_as_entered() {
    let lamp = Lamp::new("OFF");
    let machine = heating(&lamp, || vec![lost(), back("HEATING"), change("WARM")]);
    let arrival = machine.reach("HEATING".to_owned(), minute()).await.unwrap();
    assert_eq!(arrival.state_now, "WARM");
}

#[tokio::test]
async fn a_value_after_a_gap_that_was_known_before_is_no_entry() {
    let lamp = Lamp::new("HEATING");
    // From HEATING the step leads to COOLING, which is never seen.
    let other = lamp.clone();
    let cool = Transition::to("COOLING".to_owned())
        .named("cool")
        .transient()
        .action(move || {
            let lamp = other.clone();
            Doing {
                tracer: lamp.traced.tracer().clone(),
                closure: Box::new(move || {
                    lamp.device.push("state", lost());
                    lamp.device.push("state", back("HEATING"));
                    lamp.device.push("state", change("OFF"));
                    Ok(())
                }),
            }
        });
    let machine = lamp.machine().with_transition(cool).unwrap();
    let outcome = machine.reach("COOLING".to_owned(), minute()).await;
    let error = step_error(outcome.unwrap_err());
    assert_eq!(error.entered, ["OFF"], "HEATING was not entered anew");
    assert!(matches!(error.problem, StepProblem::WrongState));
}

#[tokio::test]
async fn a_transient_state_pushed_again_without_a_change_is_no_entry() {
    let lamp = Lamp::new("OFF");
    lamp.traced.watch("state").await.unwrap();
    lamp.device.set("state", "HEATING");
    let machine = heating(&lamp, || vec![change("HEATING"), change("WARM")]);
    // What is asked for is there: nothing is done.
    let arrival = machine.reach("HEATING".to_owned(), minute()).await.unwrap();
    assert!(arrival.steps.is_empty());
}

#[tokio::test]
async fn without_events_a_transient_state_that_is_over_was_never_there() {
    let lamp = Lamp::new("OFF");
    let device = lamp.device.clone();
    let blind = StateMachine::new(&Tracer::default(), move || {
        let device = device.clone();
        async move {
            let reading = crate::device::Device::read(&device, "state").await?;
            Ok::<_, crate::DeviceError>(reading.value.as_str().unwrap_or_default().to_owned())
        }
    })
    .with_transition(
        lamp.step("heat", "OFF", "HEATING", &["HEATING", "WARM"])
            .transient(),
    )
    .unwrap();
    let error = step_error(
        blind
            .reach("HEATING".to_owned(), minute())
            .await
            .unwrap_err(),
    );
    assert_eq!(error.found.as_deref(), Some("WARM"));
    assert!(error.entered.is_empty());
}

#[tokio::test]
async fn a_system_that_moves_on_to_the_target_itself_has_arrived() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(
            lamp.step("heat", "OFF", "HEATING", &["HEATING", "WARM"])
                .transient(),
        )
        .unwrap()
        .with_transition(lamp.step("wait", "HEATING", "WARM", &[]).cost(50.0))
        .unwrap();
    let arrival = machine.reach("WARM".to_owned(), minute()).await.unwrap();
    assert_eq!(lamp.done(), ["heat"]);
    assert!(!arrival.passed_through());
    assert_eq!(
        arrival.abandoned[0].to_string(),
        "OFF -heat-> HEATING -wait-> WARM (cost 51), which heat ended in WARM: \
         the system had moved on by itself"
    );
}

#[tokio::test]
async fn a_system_that_moves_on_to_where_no_way_leads_on_is_told_with_its_step() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(
            lamp.step("heat", "OFF", "HEATING", &["HEATING", "BURNT"])
                .transient(),
        )
        .unwrap()
        .with_transition(lamp.step("light", "HEATING", "ON", &["ON"]))
        .unwrap();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("step 1 of 2 failed (heat, OFF -> HEATING)"),
        "{text}"
    );
    assert!(text.ends_with("no way leads from BURNT to ON"), "{text}");
    let error = step_error(error);
    assert!(error.taken.is_empty());
    assert_eq!(error.entered, ["HEATING"]);
}

#[tokio::test]
async fn the_next_leg_starts_from_where_a_transient_stop_had_led() {
    let lamp = Lamp::new("OFF");
    let machine = lamp
        .machine()
        .with_transition(
            lamp.step("heat", "OFF", "HEATING", &["HEATING", "WARM"])
                .transient(),
        )
        .unwrap()
        .with_transition(lamp.step("wait", "HEATING", "WARM", &[]).cost(50.0))
        .unwrap()
        .with_transition(lamp.step("light", "WARM", "ON", &["ON"]))
        .unwrap();
    let arrival = machine
        .reach_through(["HEATING".to_owned()], "ON".to_owned(), minute())
        .await
        .unwrap();
    assert_eq!(lamp.done(), ["heat", "light"]);
    assert_eq!(arrival.state_now, "ON");
    assert!(
        arrival.abandoned.is_empty(),
        "each leg is planned when it begins"
    );
}

#[tokio::test(start_paused = true)]
async fn an_arrival_can_be_reported_as_json() {
    let lamp = Lamp::new("OFF");
    let machine = heating(&lamp, || vec![change("HEATING"), change("WARM")]);
    let arrival = machine.reach("HEATING".to_owned(), minute()).await.unwrap();
    assert_eq!(
        serde_json::to_value(arrival).unwrap(),
        serde_json::json!({
            "from": "OFF", "target": "HEATING", "state_now": "WARM",
            "steps": [{
                "name": "heat", "from": "OFF", "to": "HEATING", "found": "WARM",
                "took_seconds": 0.0,
            }],
            "abandoned": [],
            "took_seconds": 0.0,
        })
    );
}
