//! Flows on devices in memory: what is done, when, and what is measured of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness_core::device::{DeviceError, StackFrame};
use harness_core::{Device, InMemoryDevice, Signal, Value};
use harness_explore::load::{
    Answer, Fleet, Flow, Load, LoadReport, Plan, ResultClass, Schedule, Shard, Step, Until, Verdict,
};
use tokio::time::sleep;

use crate::user::{millis, never, seconds, whole_millis};

/// A device that notes its commands; each takes 100 ms, and sets the state to what it is given.
pub(crate) fn lamp(number: usize, calls: &Calls) -> InMemoryDevice {
    let calls = calls.clone();
    InMemoryDevice::new(format!("lab/lamp/{number}"))
        .with_attribute("obsState", "OFF")
        .with_attribute("colour", "white")
        .with_async_command("Set", move |lamp, to| {
            let calls = calls.clone();
            async move {
                calls.note(number, &to);
                sleep(millis(100)).await;
                lamp.set("obsState", to);
                Ok(Value::Void)
            }
        })
        .with_async_command("Later", |lamp, to| async move {
            tokio::spawn(async move {
                sleep(millis(300)).await;
                lamp.set("obsState", "BETWEEN");
                lamp.set("obsState", to);
                lamp.set("obsState", "OFF");
                lamp.set("colour", "red");
            });
            Ok(Value::Void)
        })
        .with_command("Refuse", |_, _| {
            let error = DeviceError::refused("lab/lamp/1", "Refuse");
            Err(error.with_frame(StackFrame::new("NotNow", "it is hot")))
        })
}

/// What lamps were told.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<(usize, String)>>>);

impl Calls {
    fn note(&self, lamp: usize, to: &Value) {
        self.0.lock().unwrap().push((lamp, to.to_string()));
    }

    fn of(&self, lamp: usize) -> Vec<String> {
        let calls = self.0.lock().unwrap();
        let calls = calls.iter().filter(|(it, _)| *it == lamp);
        calls.map(|(_, to)| to.clone()).collect()
    }
}

pub(crate) fn set(to: &str) -> Step {
    command("Set", Some(to), None)
}

fn command(command: &str, argument: Option<&str>, until: Option<Until>) -> Step {
    Step::Command {
        command: command.into(),
        argument: argument.map(Into::into),
        until,
        may_be_rejected: false,
    }
}

fn until(attribute: &str, value: &str, within: Duration) -> Until {
    Until {
        attribute: attribute.into(),
        value: value.into(),
        within,
    }
}

pub(crate) fn flow(name: &str, weight: u32, steps: Vec<Step>) -> Flow {
    Flow {
        name: name.into(),
        weight,
        begin: Vec::new(),
        steps,
        end: Vec::new(),
    }
}

/// On for two seconds, and off for two.
fn blinking() -> Flow {
    let rest = || Step::Pause(seconds(2), seconds(2));
    flow("blink", 1, vec![set("ON"), rest(), set("OFF"), rest()])
}

/// What came of a plan on so many lamps.
async fn run(plan: Plan, lamps: usize, flows: &[Flow], schedule: Schedule) -> (LoadReport, Calls) {
    let calls = Calls::default();
    let devices = (1..=lamps).map(|it| Arc::new(lamp(it, &calls)) as Arc<dyn Device>);
    let load = Load::new(plan).unwrap();
    let fleet =
        Fleet::new(devices).with_replies(|_: &str, outcome: Result<&Value, &DeviceError>| {
            match outcome {
                Ok(_) => Answer::DONE,
                Err(error) => Answer::ended_as(ResultClass::Rejected, error.to_string()),
            }
        });
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let users = fleet.flows(flows, schedule, &[]).unwrap();
    (load.run(users, never()).await, calls)
}

fn longest(report: &LoadReport, action: &str) -> u128 {
    let found = report.measurements.iter().find(|it| it.action == action);
    whole_millis(found.unwrap().latency.max())
}

#[tokio::test(start_paused = true)]
async fn the_first_action_counts_from_the_plan_and_the_next_from_the_end_of_that_before() {
    let pause = Step::Pause(millis(500), millis(500));
    let steps = vec![
        set("ON"),
        pause,
        set("DIM"),
        command("Set", Some("OFF"), None),
    ];
    // each cycle takes 800 ms, and one is planned every 700
    let plan = Plan::cycles("late", 1, 5).with_pace(millis(700));
    let (report, _) = run(plan, 1, &[flow("late", 1, steps)], Schedule::ByUser).await;
    let found = report
        .measurements
        .iter()
        .find(|it| it.from.as_deref() == Some("OFF"));
    let first = found.unwrap();
    assert_eq!(
        whole_millis(first.latency.max()),
        500,
        "100 ms late each time"
    );
    assert_eq!(whole_millis(first.service.max()), 100);
    let others = report
        .measurements
        .iter()
        .filter(|it| it.from.as_deref() != Some("OFF"));
    for other in others {
        assert_eq!(
            whole_millis(other.latency.max()),
            100,
            "the pause is not counted"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_gone_again_has_come_and_one_of_before_has_not() {
    let within = seconds(2);
    let steps = vec![command(
        "Later",
        Some("ON"),
        Some(until("obsState", "on", within)),
    )];
    let (report, _) = run(
        Plan::cycles("quick", 1, 2),
        1,
        &[flow("quick", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    assert_eq!(report.counts.done, 2);
    assert_eq!(longest(&report, "Later until on"), 300);
    // it is OFF before it, and will be set so only later
    let steps = vec![command(
        "Later",
        Some("ON"),
        Some(until("obsState", "OFF", within)),
    )];
    let (report, _) = run(
        Plan::cycles("quick", 1, 1),
        1,
        &[flow("quick", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    assert_eq!(longest(&report, "Later until OFF"), 300);
}

#[tokio::test(start_paused = true)]
async fn another_attribute_is_waited_for_too() {
    let red = until("colour", "red", seconds(2));
    let steps = vec![
        command("Later", Some("ON"), Some(red.clone())),
        Step::Wait(red),
    ];
    let (report, _) = run(
        Plan::cycles("colour", 2, 1),
        2,
        &[flow("colour", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    assert_eq!(report.counts.done, 2, "{:?}", report.errors);
    assert_eq!(longest(&report, "Later until red"), 300);
    assert_eq!(longest(&report, "wait until red"), 0, "it is there already");
}

#[tokio::test(start_paused = true)]
async fn a_fault_ends_waiting_early_and_a_state_that_does_not_come_in_the_end() {
    let long = until("obsState", "ON", seconds(60));
    let steps = vec![command("Set", Some("FAULT"), Some(long))];
    let (report, _) = run(
        Plan::cycles("fault", 1, 1),
        1,
        &[flow("fault", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    let [error] = report.errors.as_slice() else {
        panic!("{:?}", report.errors);
    };
    assert_eq!(
        (error.class, &*error.words),
        (ResultClass::DevFailed, "the device went to FAULT")
    );
    assert!(report.lasted < seconds(1), "{:?}", report.lasted);
    let steps = vec![command(
        "Set",
        Some("DIM"),
        Some(until("obsState", "ON", seconds(3))),
    )];
    let (report, _) = run(
        Plan::cycles("late", 1, 1),
        1,
        &[flow("late", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    assert_eq!(report.errors[0].class, ResultClass::TimedOut);
    assert_eq!(report.errors[0].words, "obsState was DIM after 3s");
    assert_eq!(report.counts.failed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_cycle_unless_it_may_be() {
    for may_be_rejected in [true, false] {
        let refused = Step::Command {
            command: "Refuse".into(),
            argument: None,
            until: Some(until("obsState", "NEVER", seconds(60))),
            may_be_rejected,
        };
        let steps = vec![refused, set("ON")];
        let (report, calls) = run(
            Plan::cycles("hot", 1, 1),
            1,
            &[flow("hot", 1, steps)],
            Schedule::ByUser,
        )
        .await;
        assert_eq!(report.counts.done, u64::from(may_be_rejected));
        assert_eq!(calls.of(1).len(), usize::from(may_be_rejected));
        let counted = report.measurements.iter().find(|it| it.action == "Refuse");
        assert_eq!(counted.unwrap().class, ResultClass::Rejected);
        assert!(report.errors[0].words.contains("it is hot (NotNow)"));
    }
}

#[tokio::test(start_paused = true)]
async fn reads_and_writes_are_measured_and_an_unexpected_value_is_told() {
    let read = |expect: &str| Step::Read {
        attribute: "colour".into(),
        expect: Some(expect.into()),
    };
    let write = Step::Write {
        attribute: "colour".into(),
        value: "red ${user}".into(),
    };
    let steps = vec![read("White"), write, read("red ${user}"), read("blue")];
    let (report, _) = run(
        Plan::cycles("paint", 2, 1),
        2,
        &[flow("paint", 1, steps)],
        Schedule::ByUser,
    )
    .await;
    let actions: Vec<_> = report.series.keys().map(String::as_str).collect();
    assert_eq!(actions, ["read colour", "write colour"]);
    let [error] = report.errors.as_slice() else {
        panic!("{:?}", report.errors);
    };
    assert_eq!(error.class, ResultClass::Unexpected);
    assert_eq!(
        (error.count, &*error.words),
        (2, "colour is red 0, and not blue")
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_commands_for_each_user() {
    let flows =
        [("a", 1), ("b", 2), ("c", 3)].map(|(name, weight)| flow(name, weight, vec![set(name)]));
    let mut told = Vec::new();
    for seed in [5, 5, 6] {
        let plan = Plan::cycles("random", 3, 30).with_seed(seed);
        let (_, calls) = run(plan, 3, &flows, Schedule::Random).await;
        told.push([1, 2, 3].map(|lamp| calls.of(lamp)));
    }
    assert_eq!(told[0], told[1]);
    assert_ne!(told[0], told[2]);
    assert_ne!(told[0][0], told[0][1]);
    let plan = Plan::cycles("in turn", 1, 6);
    let (_, calls) = run(plan, 1, &flows, Schedule::RoundRobin).await;
    assert_eq!(calls.of(1), ["a", "b", "c", "b", "c", "c"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_throttled() {
    let plan = Plan::cycles("throttled", 4, 25).with_throttle(20.0);
    let (report, _) = run(
        plan,
        4,
        &[flow("set", 1, vec![set("ON")])],
        Schedule::ByUser,
    )
    .await;
    assert_eq!(report.counts.done, 100);
    let lasted = report.lasted.as_secs_f64();
    assert!((4.9..5.2).contains(&lasted), "{lasted}");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_not_heard_is_named() {
    let deaf = InMemoryDevice::new("lab/lamp/9").with_attribute("colour", "white");
    let good = lamp(1, &Calls::default());
    let load = Load::new(Plan::cycles("deaf", 1, 1)).unwrap();
    let devices: [Arc<dyn Device>; 2] = [Arc::new(good), Arc::new(deaf)];
    let error = Fleet::new(devices)
        .connect(&load.recorder())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "obsState of lab/lamp/9 is not heard");
    let none = Fleet::new([]).connect(&load.recorder()).await.unwrap_err();
    assert!(none.to_string().starts_with("there are no devices"));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_tells_no_state_will_do_where_none_is_waited_for() {
    let load = Load::new(Plan::cycles("deaf", 2, 1)).unwrap();
    let deaf = || {
        let colour = InMemoryDevice::new("lab/lamp/9").with_attribute("colour", "white");
        Fleet::new([Arc::new(colour) as Arc<dyn Device>]).or_without_state()
    };
    let fleet = deaf().connect(&load.recorder()).await.unwrap();
    assert_eq!(fleet.without_state().collect::<Vec<_>>(), ["lab/lamp/9"]);
    let read = Step::Read {
        attribute: "colour".into(),
        expect: None,
    };
    let load = load.with_watch(fleet.watch());
    let users = fleet.flows(&[flow("read", 1, vec![read])], Schedule::ByUser, &[]);
    let report = load.run(users.unwrap(), never()).await;
    assert_eq!((report.counts.done, report.verdict), (2, Verdict::Passed));
    assert!(report.gauges[0].gauges[0].states.is_empty());
    // what needs a state says so before anything is done
    let load = Load::new(Plan::cycles("deaf", 1, 1)).unwrap();
    let fleet = deaf().connect(&load.recorder()).await.unwrap();
    let wait = Step::Wait(until("obsState", "ON", seconds(5)));
    let users = fleet.flows(&[flow("wait", 1, vec![wait])], Schedule::ByUser, &[]);
    let report = load.run(users.unwrap(), never()).await;
    assert_eq!(report.counts.users_failed, 1);
    assert!(
        report.errors[0].words.contains("obsState"),
        "{:?}",
        report.errors
    );
}

#[tokio::test(start_paused = true)]
async fn changes_gaps_and_times_in_a_state_are_told_and_states_are_seen() {
    let device = lamp(1, &Calls::default());
    let load = Load::new(Plan::cycles("seen", 1, 1)).unwrap();
    let devices: [Arc<dyn Device>; 1] = [Arc::new(device.clone())];
    let fleet = Fleet::new(devices).connect(&load.recorder()).await.unwrap();
    let users = fleet.flows(&[blinking()], Schedule::ByUser, &[]).unwrap();
    let gap = async {
        sleep(millis(3000)).await;
        let reason = "a number is missing".to_owned();
        device.push(
            "obsState",
            Signal::Gap {
                missed: Some(1),
                reason,
            },
        );
        // nobody knows whether it was always so
        device.set("obsState", "OFF");
    };
    let load = load.with_watch(fleet.watch());
    let (report, ()) = tokio::join!(load.run(users, never()), gap);
    assert_eq!((report.counts.transitions, report.counts.gaps), (2, 1));
    assert_eq!(report.dwell["ON"].count(), 1);
    assert_eq!(
        whole_millis(report.dwell["ON"].max()),
        2101,
        "2.1 s, and a thousandth"
    );
    let gauges = &report.gauges[0].gauges;
    assert_eq!(gauges[1].states["ON"], 1);
    assert_eq!(gauges[2].states["OFF"], 1);
    assert_eq!(report.verdict, Verdict::Passed);
}

#[tokio::test(start_paused = true)]
async fn changes_of_a_device_that_parts_share_are_told_by_one_of_them() {
    for (part, told) in [(1, 2), (2, 0)] {
        let plan = Plan::cycles("shared", 2, 1).with_shard(Shard::new(part, 2).unwrap());
        let load = Load::new(plan.clone()).unwrap();
        let device: Arc<dyn Device> = Arc::new(lamp(1, &Calls::default()));
        let fleet = Fleet::new([device]).of_part(&plan);
        let fleet = fleet.connect(&load.recorder()).await.unwrap();
        let load = load.with_watch(fleet.watch());
        let users = fleet.flows(&[blinking()], Schedule::ByUser, &[]).unwrap();
        let report = load.run(users, never()).await;
        assert_eq!(report.counts.done, 1, "each has a user");
        assert_eq!(report.counts.transitions, told, "part {part}");
        let seen: u64 = report.gauges[0].gauges[0].states.values().sum();
        assert_eq!(seen, told / 2, "part {part}");
    }
}
