//! Failures, refusals, sticking and faults: by count, by chance, in a sequence.

use harness_core::fault::Fault;
use harness_sim::transition::{
    CommandError, Instance, Model, Outcome, Scope, Setting, Then, Transition, TransitionController,
};
use harness_tango::control_model::ResultCode;
use tokio::time::Instant;

use crate::bench::{Bench, SECOND, cluster, row};

fn device() -> (TransitionController, Instance) {
    let controller = TransitionController::new();
    controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
    let device = controller
        .instance("mid-csp/1", "csp::subarray")
        .expect("the model is known");
    (controller, device)
}

fn outcomes(device: &Instance, count: usize) -> String {
    let now = Instant::now();
    (0..count)
        .map(|_| match device.begin("Configure", now) {
            Err(_) => 'r',
            Ok(execution) => match execution.outcome() {
                Outcome::Succeed => '.',
                Outcome::Fail { .. } => 'f',
                Outcome::Stuck { .. } => 's',
                Outcome::Fault { .. } => '!',
                Outcome::Reject { .. } => 'R',
            },
        })
        .collect()
}

#[test]
fn the_next_two_fail_and_then_what_was_set_before_counts_again() {
    let (controller, device) = device();
    let scope = Scope::everything();
    controller
        .set(&scope, Transition::after(SECOND).sticking())
        .unwrap();
    controller
        .set(&scope, Transition::new().failing("no").next(2))
        .unwrap();
    let left = controller.get(&scope).unwrap().to_json();
    assert_eq!(left["next"], 2);
    assert_eq!(outcomes(&device, 1), "f");
    assert_eq!(controller.get(&scope).unwrap().to_json()["next"], 1);
    assert_eq!(outcomes(&device, 3), "fss");
    assert_eq!(
        controller.get(&scope),
        Ok(Transition::after(SECOND).sticking().into())
    );
}

#[test]
fn the_first_two_of_each_instance_fail() {
    let (controller, device) = device();
    let other = controller.instance("mid-csp/2", "csp::subarray").unwrap();
    let setting = Transition::new().failing("no").first_of_each(2);
    controller
        .set(&Scope::model("csp::subarray"), setting)
        .unwrap();
    assert_eq!(outcomes(&device, 4), "ff..");
    assert_eq!(outcomes(&other, 4), "ff..");
}

#[test]
fn failures_by_chance_repeat_with_the_seed() {
    let series = |seed| {
        let (controller, device) = device();
        controller.set_seed(seed);
        let setting = Transition::new().failing("no").with_probability(0.3);
        controller.set(&Scope::everything(), setting).unwrap();
        outcomes(&device, 1000)
    };
    let first = series(11);
    let failed = first.chars().filter(|letter| *letter == 'f').count();
    assert!((250..350).contains(&failed), "{failed} failed");
    assert_eq!(series(11), first);
    assert_ne!(series(12), first);
}

#[test]
fn a_sequence_is_taken_in_order_by_each_instance_and_ends_as_it_says() {
    let sequence = || {
        Setting::sequence([
            Transition::after_reads(2),
            Transition::after(SECOND).sticking(),
            Transition::new().failing("no"),
        ])
    };
    for (then, expected) in [
        (Then::RepeatLast, ".sfff"),
        (Then::Cycle, ".sf.sf."),
        (Then::FallBack, ".sf!!"),
    ] {
        let (controller, device) = device();
        controller
            .set(
                &Scope::everything(),
                Transition::immediate().faulting("smoke"),
            )
            .unwrap();
        let other = controller.instance("mid-csp/2", "csp::subarray").unwrap();
        controller
            .set(
                &Scope::model("csp::subarray"),
                match then {
                    // the first says nothing about how it ends
                    Then::FallBack => Setting::sequence([
                        Transition::after_reads(2).with_outcome(Outcome::Succeed),
                        Transition::after(SECOND).sticking(),
                        Transition::new().failing("no"),
                    ])
                    .then(then),
                    _ => {
                        controller.unset(&Scope::everything()).unwrap();
                        sequence().then(then)
                    }
                },
            )
            .unwrap();
        assert_eq!(outcomes(&device, expected.len()), expected, "{then:?}");
        assert_eq!(outcomes(&other, 2), ".s");
    }
}

#[test]
fn a_chain_takes_a_sequence_state_by_state() {
    let setting = Setting::sequence([
        Transition::after_reads(2),
        Transition::after(SECOND),
        Transition::immediate().failing("no beam"),
    ]);
    let mut bench = Bench::set(row(), setting);
    assert_eq!(bench.reads(3), ["first", "second", "second"]);
    bench.elapse(SECOND);
    assert_eq!(bench.read(), "third");
    assert_eq!(bench.chain.failure().as_deref(), Some("no beam"));
    bench.elapse(100 * SECOND);
    assert_eq!(bench.reads(3), ["third"; 3]);
    // a command, or a tester, gets it going again
    bench.chain.inject("fourth", bench.now).unwrap();
    assert_eq!(bench.chain.failure().as_deref(), Some("no beam"));
}

#[test]
fn a_failure_or_a_fault_leads_to_the_state_that_the_model_has_for_it() {
    let model = || cluster().failing_to("failed").faulting_to("FAULT");
    for (transition, state) in [
        (Transition::after(SECOND).failing("no"), "failed"),
        (Transition::after(SECOND).faulting("no"), "FAULT"),
        (Transition::after(SECOND).sticking(), "creating"),
        (
            Transition::after(SECOND).with_outcome(Outcome::Stuck {
                state: Some("deleting".into()),
            }),
            "deleting",
        ),
    ] {
        let mut bench = Bench::set(model(), transition);
        assert_eq!(bench.state(), "creating");
        bench.elapse(SECOND);
        assert_eq!(bench.state(), state);
        bench.elapse(100 * SECOND);
        assert_eq!(bench.reads(9), vec![state; 9]);
        assert_eq!(bench.chain.next_due(bench.now), None);
        let said = matches!(state, "failed" | "FAULT").then_some("no");
        assert_eq!(bench.chain.failure().as_deref(), said);
    }
}

#[test]
fn a_command_of_a_chain_can_be_refused_or_fail_where_it_has_nothing_to_wait_for() {
    let model = Model::new("power")
        .on("on", "OFF", "ON")
        .on("off", "ON", "OFF");
    let bench = Bench::set(model, Transition::new().rejecting("not today").next(1));
    let refused = |message: &str| CommandError::Refused {
        message: message.into(),
    };
    let on = || bench.chain.command("On", bench.now);
    assert_eq!(on(), Err(refused("not today")));
    assert_eq!(bench.state(), "OFF");
    let fails = Transition::new().failing("no power").next(1);
    bench.controller.set(&bench.scope(), fails).unwrap();
    assert_eq!(on(), Err(refused("no power")));
    assert_eq!(on().as_deref(), Ok("ON"));
}

#[test]
fn a_rejection_comes_at_once_or_when_the_turn_comes() {
    let (controller, device) = device();
    let now = Instant::now();
    let json = |when: &str| {
        let text = format!(r#"{{"outcome": {{"reject": {{"message": "no", "when": "{when}"}}}}}}"#);
        Setting::from_json_text(&text).unwrap()
    };
    controller
        .set(&Scope::everything(), json("at_once"))
        .unwrap();
    assert_eq!(device.begin("Configure", now).unwrap_err().message, "no");
    controller
        .set(&Scope::everything(), json("at_its_turn"))
        .unwrap();
    let execution = device.begin("Configure", now).unwrap();
    assert_eq!(execution.rejection(), Some("no"));
}

#[test]
fn a_failure_has_the_result_code_that_was_asked_for() {
    let (controller, device) = device();
    let text = r#"{"outcome": {"fail": {"message": "no", "result": "NOT_ALLOWED"}}}"#;
    let setting = Setting::from_json_text(text).unwrap();
    controller.set(&Scope::everything(), setting).unwrap();
    let now = Instant::now();
    let ending = device.begin("Configure", now).unwrap().ending(now).unwrap();
    let expected = Outcome::Fail {
        message: "no".into(),
        result: ResultCode::NotAllowed,
    };
    assert_eq!(ending.outcome, expected);
}

#[tokio::test]
async fn a_setting_is_a_fault_that_can_be_started_and_stopped() {
    let (controller, device) = device();
    let scope = Scope::instance("mid-csp/1").command("Configure");
    let fault = controller.fault(scope, Transition::after(SECOND).failing("no beam"));
    let said = "Configure of mid-csp/1: after 1s: fail with FAILED: no beam";
    assert_eq!(fault.describe(), said);
    for _ in 0..2 {
        let guard = fault.start().await.unwrap();
        assert_eq!(outcomes(&device, 1), "f");
        guard.stop().await.unwrap();
        assert_eq!(outcomes(&device, 1), ".");
    }
    let unknown = controller.fault(Scope::model("csp"), Transition::never());
    assert!(unknown.start().await.is_err());
}
