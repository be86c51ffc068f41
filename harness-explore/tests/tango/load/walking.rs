//! Users that wander over the state graph.

use std::sync::atomic::{AtomicU64, Ordering};

use harness_core::Value;
use harness_explore::load::{Load, LoadReport, Plan, ResultClass, Summary};

use super::ground::{Ground, conflicts, lifecycle, millis, violations};

fn given(_: &str, command: &str) -> Option<Value> {
    Some(match command {
        "AssignResources" => r#"{"resources": ["A"]}"#.into(),
        "Configure" => r#"{"id": "x"}"#.into(),
        "Scan" => r#"{"scan_id": 1}"#.into(),
        _ => Value::Void,
    })
}

/// What so many users of so many subarrays did.
async fn walked(ground: &Ground, users: u32, cycles: u64, seed: u64) -> LoadReport {
    let plan = Plan::cycles("walk", users, cycles).with_seed(seed);
    let load = Load::new(plan).unwrap();
    let fleet = ground.fleet().believing_queued();
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let users = fleet.walk(&lifecycle(), given).unwrap();
    let mut report = load.run(users, std::future::pending()).await;
    fleet.settle(&mut report, millis(500)).await;
    report
}

#[tokio::test]
async fn a_cycle_is_a_round_from_home_to_home_and_the_same_for_a_seed() {
    let mut programs = Vec::new();
    for seed in [1, 1, 2] {
        let ground = Ground::new(3, millis(1)).await;
        let report = walked(&ground, 3, 4, seed).await;
        assert_eq!(violations(&report), [""; 0]);
        assert_eq!(
            (report.counts.done, report.counts.failed),
            (12, 0),
            "{:?}",
            report.errors
        );
        let calls = ground.telescope.subarrays().map(|it| it.calls());
        programs.push(calls.collect::<Vec<_>>());
    }
    assert_eq!(programs[0], programs[1]);
    assert_ne!(programs[0], programs[2]);
    assert_ne!(programs[0][0], programs[0][1], "every user has its own way");
}

#[tokio::test]
async fn users_of_one_device_get_into_each_others_way_and_that_is_no_error() {
    let ground = Ground::new(1, millis(3)).await;
    let report = walked(&ground, 4, 5, 7).await;
    assert_eq!(report.counts.failed, 0, "{:?}", report.errors);
    assert_eq!(report.counts.done, 20);
    assert_eq!(conflicts(&report), [""; 0]);
    let total = Summary::of(&report).total;
    assert!(total.of(ResultClass::Rejected) > 0);
}

#[tokio::test]
async fn what_a_command_is_given_is_made_anew_for_each_device_whenever_it_is_sent() {
    let ground = Ground::new(2, millis(1)).await;
    let load = Load::new(Plan::cycles("walk", 2, 3)).unwrap();
    let fleet = ground.fleet().connect(&load.recorder()).await.unwrap();
    let sent = AtomicU64::new(0);
    let inputs = move |device: &str, command: &str| match command {
        "AssignResources" => {
            let number = sent.fetch_add(1, Ordering::Relaxed);
            let short = device.rsplit('/').next().unwrap_or_default();
            Some(Value::from(format!(
                r#"{{"resources": ["{short}-{number}"]}}"#
            )))
        }
        _ => given(device, command),
    };
    let users = fleet.walk(&lifecycle(), inputs).unwrap();
    let report = load.run(users, std::future::pending()).await;
    assert_eq!((report.counts.done, report.counts.failed), (6, 0));
    let mut all = Vec::new();
    for subarray in ground.telescope.subarrays() {
        let name = subarray.name();
        let short = name.rsplit('/').next().unwrap();
        for (command, given) in subarray.calls() {
            if command == "AssignResources" {
                assert!(given.contains(&format!("{short}-")), "{given} to {name}");
                all.push(given);
            }
        }
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert!(all.len() == count && count >= 6, "{all:?}");
}
