//! Each bug is found by the tool that must find it, and how soon.

use std::collections::BTreeSet;
use std::time::Duration;

use harness_explore::race::{Contest, Entrant, Race};
use harness_explore::{Explorer, Finding};
use harness_sim::zoo::PlantedBug;
use harness_tango::control_model::ObsState;
use serde_json::json;

use crate::bench::{Bench, lifecycle};

/// How long transient states last: long enough that what comes next in a program comes while they do.
const DWELL: Duration = Duration::from_millis(20);

/// How many programs must be enough, of fifty steps each.
const PROGRAMS: u64 = 200;

/// Explores a subarray with this bug: what is found, in each of two runs with other seeds.
fn explored(bug: PlantedBug) -> Vec<Finding> {
    let bench = Bench::new(Some(bug), DWELL, 1);
    let mut findings = Vec::new();
    for seed in 0..2 {
        let clients = bench.clients.clone();
        let machine = lifecycle().machine("Subarray", async move || clients.start_one().await);
        let explorer = Explorer::new(machine)
            .with_seed(seed)
            .with_programs(PROGRAMS)
            .with_shrinking(20, Duration::from_secs(8))
            .with_confirmations(1);
        let report = explorer.run_on(&bench.runtime).unwrap();
        let finding = report.findings.first().cloned();
        findings.push(finding.unwrap_or_else(|| panic!("{bug} with seed {seed}: {report}")));
    }
    findings
}

/// That a finding is of this kind, and that its program has these commands in this order, whatever else
/// it has: on real time, shrinking ends before everything was tried.
fn shows(finding: &Finding, kind: &str, commands: &[&str]) {
    let words = finding.violation.to_string();
    assert!(words.contains(kind), "{finding}");
    let mut steps = finding.program.steps.iter();
    for command in commands {
        // one that is to be refused in a state that passes may come when it has passed
        let found = steps.any(|step| step.rule.ends_with(command));
        assert!(found, "{command} is missing: {finding}");
    }
}

#[test]
fn exploring_finds_a_transient_state_that_is_not_left() {
    for finding in explored(PlantedBug::StuckTransient) {
        let commands = ["AssignResources", "Configure", "Configure", "Configure"];
        shows(&finding, "stuck: ", &commands);
    }
}

#[test]
fn exploring_finds_a_wrong_state_after_an_abort() {
    for finding in explored(PlantedBug::WrongStateAfterAbort) {
        // told to be IDLE where ABORTED was to come, or found to allow what ABORTED does not
        let commands = ["AssignResources", "Configure", "Scan", "Abort"];
        shows(&finding, "ABORTED", &commands);
    }
}

#[test]
fn exploring_finds_a_leak() {
    for finding in explored(PlantedBug::Leak) {
        shows(
            &finding,
            "leftovers: ",
            &["AssignResources", "Configure", "Scan"],
        );
    }
}

#[test]
fn exploring_finds_a_command_whose_end_is_not_told() {
    for finding in explored(PlantedBug::ReplyWithoutResult) {
        shows(&finding, "no result: ", &["AssignResources"]);
    }
}

#[test]
fn exploring_finds_events_that_come_late() {
    for finding in explored(PlantedBug::LateEvent) {
        shows(&finding, "", &[]);
        assert!(finding.program.steps.len() <= 3, "{finding}");
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
        .with_heats(8);
    let contest = Contest::from(ObsState::Idle)
        .with("Configure")
        .with("Configure");
    let report = bench
        .runtime
        .block_on(race.run(&contest, async |count| clients.start(count).await));
    let report = report.unwrap();
    assert!(report.hits() > 0, "{report}");
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
