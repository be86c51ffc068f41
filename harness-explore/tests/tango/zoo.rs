//! Each bug is found by the tool that must find it, and how soon.

use std::collections::BTreeSet;
use std::time::Duration;

use harness_explore::race::{Contest, Entrant, Race};
use harness_explore::{Explorer, Finding};
use harness_sim::zoo::PlantedBug;
use harness_tango::control_model::ObsState;
use serde_json::json;

use crate::bench::{Bench, lifecycle};

/// Explores a subarray with this bug: what is found within so many programs, in each of five runs with
/// other seeds.
fn explored(bug: PlantedBug, programs: u64) -> Vec<Finding> {
    let bench = Bench::new(Some(bug), Duration::from_millis(2), 1);
    let mut findings = Vec::new();
    for seed in 0..5 {
        let clients = bench.clients.clone();
        let machine = lifecycle().machine("Subarray", async move || clients.start_one().await);
        let explorer = Explorer::new(machine)
            .with_seed(seed)
            .with_programs(programs)
            .with_confirmations(1);
        let report = explorer.run_on(&bench.runtime).unwrap();
        let finding = report.findings.first().cloned();
        findings.push(finding.unwrap_or_else(|| panic!("{bug} with seed {seed}: {report}")));
    }
    findings
}

fn commands(finding: &Finding) -> Vec<String> {
    let steps = finding.program.steps.iter();
    steps.map(|step| step.rule.to_string()).collect()
}

#[test]
fn exploring_finds_a_transient_state_that_is_not_left() {
    for finding in explored(PlantedBug::StuckTransient, 10) {
        let words = finding.violation.to_string();
        assert!(words.contains("stuck"), "{words}");
        assert_eq!(
            commands(&finding),
            ["AssignResources", "Configure", "Configure", "Configure"],
            "{words}"
        );
    }
}

#[test]
fn exploring_finds_a_wrong_state_after_an_abort() {
    for finding in explored(PlantedBug::WrongStateAfterAbort, 10) {
        assert_eq!(
            commands(&finding),
            ["AssignResources", "Configure", "Scan", "Abort"],
            "{}",
            finding.violation
        );
    }
}

#[test]
fn exploring_finds_a_leak() {
    for finding in explored(PlantedBug::Leak, 10) {
        let words = finding.violation.to_string();
        assert!(words.contains("leftovers"), "{words}");
        // going home is the teardown's
        assert!(commands(&finding).len() <= 5, "{:?}", commands(&finding));
    }
}

#[test]
fn exploring_finds_a_command_whose_end_is_not_told() {
    for finding in explored(PlantedBug::ReplyWithoutResult, 10) {
        let words = finding.violation.to_string();
        assert!(words.contains("no result"), "{words}");
    }
}

#[test]
fn exploring_finds_events_that_come_late() {
    for finding in explored(PlantedBug::LateEvent, 10) {
        let words = finding.violation.to_string();
        assert!(
            commands(&finding).len() <= 1,
            "{words}: {:?}",
            commands(&finding)
        );
    }
}

#[test]
fn a_race_finds_a_double_accept_at_the_barrier() {
    let bench = Bench::new(
        Some(PlantedBug::DoubleAccept),
        Duration::from_millis(100),
        3,
    );
    let clients = bench.clients.clone().believing_queued();
    let race = Race::of(lifecycle())
        .with_lag(Duration::from_millis(40))
        .with_heats(3);
    let contest = Contest::from(ObsState::Idle)
        .with("Configure")
        .with("Configure");
    let report = bench
        .runtime
        .block_on(race.run(&contest, async |count| clients.start(count).await));
    let report = report.unwrap();
    assert_eq!(report.hits(), 3, "{report}");
}

#[test]
fn a_race_finds_a_lost_update_at_the_barrier() {
    let bench = Bench::new(Some(PlantedBug::LostUpdate), Duration::from_millis(100), 3);
    let clients = bench.clients.clone().believing_queued();
    let race = Race::of(lifecycle())
        .with_lag(Duration::from_millis(40))
        .with_heats(20)
        .with_effect(|held, command, input| {
            let names = held.as_array().into_iter().flatten();
            let mut names: BTreeSet<String> = names
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect();
            match command {
                "AssignResources" => _ = names.insert(input.unwrap_or_default().to_owned()),
                "ReleaseAllResources" | "Restart" => names.clear(),
                _ => {}
            }
            json!(names)
        });
    let assign = |client, input: &str| Entrant {
        client,
        command: "AssignResources".to_owned(),
        input: Some(input.to_owned()),
        offset: Duration::ZERO,
    };
    let contest = Contest::from(ObsState::Empty)
        .with_entrant(assign(0, "A"))
        .with_entrant(assign(1, "B"));
    let report = bench
        .runtime
        .block_on(race.run(&contest, async |count| clients.start(count).await));
    let report = report.unwrap();
    assert!(report.hits() > 0, "{report}");
}
