//! Several users on one device: conflicting commands are not both accepted, or it is found.

use harness_explore::load::{Load, LoadReport, Plan, ResultClass, Stage, Step, Summary};
use harness_sim::zoo::PlantedBug;

use super::ground::{
    Ground, conflicts, flow, millis, perhaps, reaches, seconds, until, violations,
};

/// Two users of one subarray that is IDLE: both configure at once, and wait for READY, so many times.
async fn both_configure(bug: Option<PlantedBug>, cycles: u64, seed: u64) -> LoadReport {
    // long beside the lag, after which a state counts as told
    let ground = Ground::new(1, millis(600)).await;
    if let Some(bug) = bug {
        ground.plant(bug);
    }
    ground.devices[0]
        .command("AssignResources", r#"{"resources": ["A"]}"#.into())
        .await
        .unwrap();
    let subarray = ground.telescope.subarray(1).unwrap();
    while subarray.obs_state().to_string() != "IDLE" {
        tokio::time::sleep(millis(5)).await;
    }
    let steps = vec![perhaps("Configure"), Step::Wait(reaches("READY"))];
    let plan = Plan::cycles("conflict", 2, cycles).with_seed(seed);
    let load = Load::new(plan).unwrap();
    let fleet = ground.fleet().believing_queued();
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let users = fleet
        .flows(&[flow(steps)], Default::default(), &[])
        .unwrap();
    let mut report = load.run(users, std::future::pending()).await;
    // let what was taken come to its end
    fleet.settle(&mut report, millis(1500)).await;
    report
}

#[tokio::test]
async fn of_two_commands_that_exclude_each_other_one_is_accepted() {
    let report = both_configure(None, 3, 0).await;
    assert_eq!(conflicts(&report), [""; 0]);
    let configure = report
        .measurements
        .iter()
        .filter(|it| it.action == "Configure");
    let of = |class| -> u64 {
        let counts = configure.clone().filter(|it| it.class == class);
        counts.map(|it| it.latency.count()).sum()
    };
    assert_eq!(of(ResultClass::Ok) + of(ResultClass::Rejected), 6);
    assert!(of(ResultClass::Rejected) >= 1, "{:?}", report.errors);
    // each that was accepted was done
    let begun = report
        .transitions
        .iter()
        .filter(|it| it.to == "CONFIGURING");
    assert_eq!(begun.map(|it| it.count).sum::<u64>(), of(ResultClass::Ok));
    assert_eq!(report.counts.failed, 0, "a refusal is no error");
}

#[tokio::test]
async fn two_that_are_both_accepted_are_found() {
    for seed in 0..3 {
        let report = both_configure(Some(PlantedBug::DoubleAccept), 1, seed).await;
        let told = conflicts(&report);
        let [words] = told.as_slice() else {
            panic!("{told:?}");
        };
        let beginning = "low-tmc/subarray/01 accepted both Configure (user ";
        assert!(words.starts_with(beginning), "{words}");
        for part in [
            "user 0, sent at ",
            "user 1, sent at ",
            "IDLE -> CONFIGURING at ",
        ] {
            assert!(words.contains(part), "{words}");
        }
    }
}

#[tokio::test]
async fn what_many_users_do_to_few_devices_is_explained() {
    let ground = Ground::new(2, millis(5)).await;
    // everybody tries everything
    let all = [
        "AssignResources",
        "Configure",
        "Scan",
        "EndScan",
        "End",
        "ReleaseAllResources",
    ];
    let mut flow = flow(all.map(perhaps).into());
    flow.steps.push(Step::Pause(millis(0), millis(5)));
    let stages = Stage::parse_all("12, 0s; 12, 3s").unwrap();
    let load = Load::new(Plan::closed("hammer", stages)).unwrap();
    let fleet = ground.fleet().believing_queued();
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let users = fleet.flows(&[flow], Default::default(), &[]).unwrap();
    let mut report = load.run(users, std::future::pending()).await;
    fleet.settle(&mut report, millis(300)).await;
    assert_eq!(conflicts(&report), [""; 0]);
    let total = Summary::of(&report).total;
    assert!(
        total.of(ResultClass::Rejected) > 100 && total.of(ResultClass::Ok) > 100,
        "{total:?}"
    );
    assert!(report.counts.transitions > 100);
}

#[tokio::test]
async fn commands_of_others_are_found_unless_it_is_said_that_there_are_others() {
    for alone in [true, false] {
        let ground = Ground::new(1, millis(5)).await;
        let load = Load::new(Plan::cycles("others", 1, 1)).unwrap();
        let fleet = ground.fleet().alone(alone);
        let fleet = fleet.connect(&load.recorder()).await.unwrap();
        let steps = vec![
            Step::Wait(reaches("IDLE")),
            until("ReleaseAllResources", "EMPTY"),
        ];
        let users = fleet
            .flows(&[flow(steps)], Default::default(), &[])
            .unwrap();
        let subarray = ground.telescope.subarray(1).unwrap();
        let other = async {
            subarray
                .submit("AssignResources", r#"{"resources": ["A"]}"#)
                .unwrap();
        };
        let (mut report, ()) = tokio::join!(load.run(users, std::future::pending()), other);
        fleet.settle(&mut report, seconds(1)).await;
        let told = violations(&report);
        let words = "went EMPTY -> RESOURCING at ";
        let found = told
            .iter()
            .any(|it| it.contains(words) && it.contains("no command asked for"));
        assert_eq!((found, told.len()), (alone, usize::from(alone)), "{told:?}");
    }
}
