//! The mission's loop, on many subarrays at once.

use std::collections::BTreeMap;

use harness_explore::load::{Load, Plan, Step, Summary, Verdict};
use harness_sim::zoo::PlantedBug;

use super::ground::{Ground, flow, millis, mission, perhaps, until, violations};

#[tokio::test]
async fn every_user_goes_through_every_cycle_and_leaves_nothing() {
    let ground = Ground::new(16, millis(20)).await;
    let load = Load::new(Plan::cycles("mission", 16, 10)).unwrap();
    let report = ground.run(load, &[mission()]).await;
    assert_eq!(violations(&report), [""; 0]);
    assert_eq!((report.counts.done, report.counts.failed), (160, 0));
    assert_eq!(report.verdict, Verdict::Passed);
    // each of its twelve actions once in each cycle
    let summary = Summary::of(&report);
    let counts: BTreeMap<_, _> = summary
        .rows
        .iter()
        .map(|row| (row.action.clone(), row.count()))
        .collect();
    assert_eq!(counts.len(), 12, "{counts:?}");
    assert!(counts.values().all(|count| *count == 160), "{counts:?}");
    // what was heard: of nine changes of state in a cycle each
    assert_eq!(
        (report.counts.transitions, report.counts.gaps),
        (9 * 160, 0)
    );
    assert_eq!(report.transitions.len(), 8 + 1, "{:?}", report.transitions);
    assert!(report.transitions.iter().all(|it| it.count == 160));
    assert!(report.dwell["CONFIGURING"].percentile(50.0).unwrap() >= millis(10));
    // and from which state each command was sent
    let scans = report.measurements.iter().filter(|it| it.action == "Scan");
    assert!(scans.clone().all(|it| it.from.as_deref() == Some("READY")));
    // on the device: nothing active, nothing held, and as many commands as there should be
    for subarray in ground.telescope.subarrays() {
        assert_eq!(subarray.obs_state().to_string(), "EMPTY");
        let calls = subarray.calls();
        assert_eq!(calls.len(), 60, "{calls:?}");
    }
}

#[tokio::test]
async fn what_is_done_at_the_beginning_and_the_end_is_done_once_by_each_user() {
    let ground = Ground::new(3, millis(1)).await;
    let mut flow = flow(vec![until("Scan", "SCANNING"), until("EndScan", "READY")]);
    flow.begin = vec![
        until("AssignResources", "IDLE"),
        until("Configure", "READY"),
    ];
    flow.end = vec![until("End", "IDLE"), until("ReleaseAllResources", "EMPTY")];
    let load = Load::new(Plan::cycles("scans", 3, 5)).unwrap();
    let report = ground.run(load, &[flow]).await;
    assert_eq!(violations(&report), [""; 0]);
    assert_eq!((report.counts.done, report.errors.len()), (15, 0));
    let actions: Vec<_> = report.series.keys().collect();
    let expected = [
        "EndScan",
        "EndScan until READY",
        "Scan",
        "Scan until SCANNING",
    ];
    assert_eq!(actions, expected);
    for subarray in ground.telescope.subarrays() {
        let calls = subarray.calls();
        let calls: Vec<&str> = calls.iter().map(|(command, _)| command.as_str()).collect();
        let scans = ["Scan", "EndScan"].repeat(5);
        let whole = [
            &["AssignResources", "Configure"][..],
            &scans,
            &["End", "ReleaseAllResources"],
        ];
        assert_eq!(calls, whole.concat());
    }
}

#[tokio::test]
async fn each_user_sends_its_own_data() {
    let ground = Ground::new(2, millis(1)).await;
    let configure = Step::Command {
        command: "Configure".into(),
        argument: Some(serde_json::json!({"beam": "${beam}", "name": "${name} at ${device}"})),
        until: Some(super::ground::reaches("READY")),
        may_be_rejected: false,
    };
    let mut steps = mission().steps;
    steps[1] = configure;
    let rows: Vec<_> = [(7, "ann"), (8, "bob")]
        .map(|(beam, name)| {
            [
                ("beam".to_owned(), beam.into()),
                ("name".to_owned(), name.into()),
            ]
            .into()
        })
        .into();
    let load = Load::new(Plan::cycles("data", 2, 3)).unwrap();
    let fleet = ground.fleet().connect(&load.recorder()).await.unwrap();
    let users = fleet
        .flows(&[flow(steps)], Default::default(), &rows)
        .unwrap();
    let report = load.run(users, std::future::pending()).await;
    assert_eq!(report.counts.done, 6, "{:?}", report.errors);
    let subarrays = ground.telescope.subarrays();
    for (subarray, row) in subarrays.zip([(7, "ann"), (8, "bob")]) {
        let calls = subarray.calls();
        let configured = calls.iter().filter(|(command, _)| command == "Configure");
        let expected = serde_json::json!({
            "beam": row.0,
            "name": format!("{} at {}", row.1, subarray.name()),
        });
        for (_, argument) in configured.clone() {
            let given: serde_json::Value = serde_json::from_str(argument).unwrap();
            assert_eq!(given, expected);
        }
        assert_eq!(configured.count(), 3);
    }
}

#[tokio::test]
async fn what_a_device_does_not_give_back_is_found() {
    let ground = Ground::new(2, millis(1)).await;
    ground.plant(PlantedBug::Leak);
    let mut steps = mission().steps;
    // the bug shows after a scan that is ended by force
    steps.truncate(3);
    steps.extend([until("Abort", "ABORTED"), until("Restart", "EMPTY")]);
    let load = Load::new(Plan::cycles("leak", 2, 1)).unwrap();
    let report = ground.run(load, &[flow(steps)]).await;
    assert_eq!(report.counts.done, 2, "{:?}", report.errors);
    let told = violations(&report);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("low-tmc/subarray/01 still holds A in assignedResources"),
        "{told:?}"
    );
    assert_eq!(report.verdict, Verdict::Failed);
}

#[tokio::test]
async fn a_device_that_is_not_brought_home_is_found() {
    let ground = Ground::new(1, millis(1)).await;
    let load = Load::new(Plan::cycles("left", 1, 1)).unwrap();
    let fleet = ground.fleet().connect(&load.recorder()).await.unwrap();
    let steps = vec![until("AssignResources", "IDLE")];
    let users = fleet
        .flows(&[flow(steps)], Default::default(), &[])
        .unwrap();
    let mut report = load.run(users, std::future::pending()).await;
    assert_eq!(report.verdict, Verdict::Passed);
    fleet.settle(&mut report, millis(200)).await;
    let told = violations(&report);
    assert!(
        told[0].ends_with("is in IDLE after the load, and not in EMPTY"),
        "{told:?}"
    );
    assert!(
        told[1].contains("still holds A, B in assignedResources"),
        "{told:?}"
    );
    assert_eq!((told.len(), report.verdict), (2, Verdict::Failed));
}

#[tokio::test]
async fn a_state_where_no_command_leads_is_found() {
    let ground = Ground::new(1, millis(1)).await;
    ground.plant(PlantedBug::WrongStateAfterAbort);
    let mut steps = mission().steps;
    steps.truncate(3);
    steps.push(perhaps("Abort"));
    steps.push(Step::Wait(super::ground::reaches("IDLE")));
    let load = Load::new(Plan::cycles("abort", 1, 1)).unwrap();
    let fleet = ground.fleet().connect(&load.recorder()).await.unwrap();
    let users = fleet
        .flows(&[flow(steps)], Default::default(), &[])
        .unwrap();
    let report = load.run(users, std::future::pending()).await;
    let told = violations(&report);
    let expected = "low-tmc/subarray/01 went from ABORTING to IDLE, where no command leads";
    assert_eq!(told, [expected]);
}

#[tokio::test]
async fn a_state_that_does_not_come_ends_the_cycle_and_is_told() {
    let ground = Ground::new(1, millis(1)).await;
    let subarray = ground.telescope.subarray(1).unwrap();
    let stuck = subarray.stick("Configure").unwrap();
    let mut steps = mission().steps;
    steps.truncate(2);
    if let Step::Command {
        until: Some(until), ..
    } = &mut steps[1]
    {
        until.within = millis(300);
    }
    let load = Load::new(Plan::cycles("stuck", 1, 1)).unwrap();
    let fleet = ground.fleet().connect(&load.recorder()).await.unwrap();
    let users = fleet
        .flows(&[flow(steps)], Default::default(), &[])
        .unwrap();
    let report = load.run(users, std::future::pending()).await;
    assert_eq!((report.counts.done, report.counts.failed), (0, 1));
    let error = &report.errors[0];
    assert_eq!(error.action, "Configure until READY");
    assert_eq!(error.words, "obsState was CONFIGURING after 300ms");
    drop(stuck);
}
