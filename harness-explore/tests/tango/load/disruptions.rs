//! What goes wrong while a load goes on: it is noticed, told, and got over.

use std::time::Duration;

use harness_explore::load::{Load, LoadReport, Plan, ResultClass, Stage, Step, Summary};
use harness_sim::attribute::Attribute;
use harness_sim::transition::{Outcome, Scope, Transition};
use harness_sim::wire_fault::{EventFault, WireFault};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::device::TangoDevice;
use tokio::time::sleep;

use super::ground::{Ground, conflicts, flow, millis, mission, reaches, seconds, until};

fn stages(text: &str) -> Vec<Stage> {
    Stage::parse_all(text).unwrap()
}

#[tokio::test]
async fn a_server_that_goes_while_devices_are_moving_is_noticed_and_got_over() {
    let ground = Ground::new(2, millis(100)).await;
    let subarray = ground.telescope.subarray(1).unwrap();
    let plan = Plan::closed("restart", stages("2, 0s; 2, 9s"));
    let load = Load::new(plan).unwrap();
    let load = load.with_fault(
        subarray.wire_fault(WireFault::ServerDown),
        millis(1500),
        millis(500),
    );
    let report = ground.run(load, &[mission()]).await;
    let [fault] = report.faults.as_slice() else {
        panic!("{:?}", report.faults);
    };
    assert!(
        report.counts.gaps >= 2,
        "both devices were gone: {:?}",
        report.counts
    );
    // who waits for a state when the server goes hears of it when it is back, and goes on
    let back = fault.time_to_recover().unwrap();
    assert!(back < seconds(6), "{fault:?}");
    let waits = report.measurements.iter();
    let during = waits.filter(|it| it.fault.is_some() && it.action.contains("until"));
    let longest = during.filter_map(|it| it.latency.max()).max();
    assert!(longest.unwrap() >= millis(400), "{longest:?}");
    assert!(report.counts.done >= 2, "{:?}", report.counts);
    // nothing is made of what may have been missed
    assert_eq!(conflicts(&report), [""; 0]);
}

#[tokio::test]
async fn events_that_are_lost_are_counted_and_nothing_is_made_of_them() {
    let ground = Ground::new(1, millis(20)).await;
    let subarray = ground.telescope.subarray(1).unwrap();
    let load = Load::new(Plan::closed("lost", stages("1, 0s; 1, 5s"))).unwrap();
    let lost = EventFault::lost().of(Attribute::ObsState).times(2);
    let load = load.with_fault(subarray.wire_fault(lost), millis(500), millis(500));
    let mut mission = mission();
    for step in &mut mission.steps {
        if let Step::Command {
            until: Some(until), ..
        } = step
        {
            until.within = seconds(1);
        }
    }
    let report = ground.run(load, &[mission]).await;
    assert!(report.counts.gaps >= 1, "{:?}", report.counts);
    assert_eq!(conflicts(&report), [""; 0]);
}

#[tokio::test]
async fn a_device_that_another_client_has_locked_rejects_commands_until_it_is_let_go() {
    let ground = Ground::new(1, millis(1)).await;
    let name = ground.telescope.subarray(1).unwrap().name();
    let client = tango_wire::Client::new().with_tango_host(ground.telescope.tango_host());
    let other = TangoDevice::new(client.device(&name).await.unwrap());
    let load =
        Load::new(Plan::closed("locked", stages("1, 0s; 1, 2s")).with_pause(millis(5), millis(5)));
    let load = load.unwrap();
    let holds = async {
        sleep(millis(500)).await;
        let lock = other.proxy().lock(Duration::from_secs(10)).await.unwrap();
        sleep(millis(500)).await;
        lock.unlock().await.unwrap();
    };
    let flows = [mission()];
    let (report, ()) = tokio::join!(ground.run(load, &flows), holds);
    let assign = report.measurements.iter();
    let rejected = assign.filter(|it| it.class == ResultClass::Rejected);
    assert!(
        rejected.map(|it| it.latency.count()).sum::<u64>() > 3,
        "{:?}",
        report.errors
    );
    let locked = report
        .errors
        .iter()
        .find(|it| it.words.contains("API_DeviceLocked"))
        .unwrap();
    assert!(
        locked.first >= millis(400) && locked.last <= millis(1500),
        "{locked:?}"
    );
    // before it, and after it
    assert!(report.counts.done > 5, "{:?}", report.counts);
    // a cycle that was refused in its middle leaves the subarray where it is
    assert_eq!(conflicts(&report), [""; 0]);
}

#[tokio::test]
async fn a_device_that_does_not_answer_is_told_as_a_timeout_and_no_violation() {
    let ground = Ground::new(1, millis(1)).await;
    let subarray = ground.telescope.subarray(1).unwrap();
    let load = Load::new(Plan::closed("silent", stages("1, 0s; 1, 5s"))).unwrap();
    let load = load.with_fault(
        subarray.wire_fault(WireFault::Silent),
        millis(300),
        millis(3500),
    );
    let report = ground.run(load, &[mission()]).await;
    let timed_out = Summary::of(&report).total.of(ResultClass::TimedOut);
    assert!(timed_out >= 1, "{:?}", report.errors);
    // what was given up may be done later: it is not known, and held against nobody
    assert_eq!(conflicts(&report), [""; 0]);
}

#[tokio::test]
async fn a_command_that_nobody_aborted_has_failed_and_one_that_somebody_did_was_interrupted() {
    let configuring = || {
        flow(vec![
            until("AssignResources", "IDLE"),
            until("Configure", "READY"),
        ])
    };
    let class_of = |report: &LoadReport| {
        let mut errors = report.errors.iter();
        let error = errors.find(|it| it.action == "Configure until READY");
        let error = error.unwrap();
        (error.class, error.words.clone())
    };

    let ground = Ground::new(1, millis(20)).await;
    let subarray = ground.telescope.subarray(1).unwrap();
    let aborts = Transition::new().with_outcome(Outcome::Fail {
        message: "it aborts itself".to_owned(),
        result: ResultCode::Aborted,
    });
    let scope = Scope::instance(subarray.name()).command("Configure");
    subarray.transitions().set(&scope, aborts).unwrap();
    let load = Load::new(Plan::cycles("aborts itself", 1, 1)).unwrap();
    let report = ground.run(load, &[configuring()]).await;
    let (class, words) = class_of(&report);
    assert_eq!(class, ResultClass::DevFailed);
    assert!(words.contains("nobody had sent another"), "{words}");
    // it is not known where others send commands, too
    subarray.set_obs_state(ObsState::Idle).forget();
    let load = Load::new(Plan::cycles("shared", 1, 1)).unwrap();
    let fleet = ground.fleet().alone(false);
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let configure = flow(vec![until("Configure", "READY")]);
    let users = fleet.flows(&[configure], Default::default(), &[]).unwrap();
    let report = load.run(users, std::future::pending()).await;
    assert_eq!(class_of(&report).0, ResultClass::Interrupted);

    let ground = Ground::new(1, millis(300)).await;
    let load = Load::new(Plan::cycles("is aborted", 2, 1)).unwrap();
    let aborting = flow(vec![
        Step::Wait(reaches("CONFIGURING")),
        until("Abort", "ABORTED"),
    ]);
    let report = ground.run(load, &[configuring(), aborting]).await;
    assert_eq!(class_of(&report).0, ResultClass::Interrupted);
}
