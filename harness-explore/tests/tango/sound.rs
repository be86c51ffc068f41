//! A subarray without a bug.

use std::time::Duration;

use harness_explore::Explorer;
use harness_explore::cover::Cover;
use harness_explore::race::Race;
use harness_explore::tango::{SubarrayRules, subarray_lifecycle};
use harness_tango::control_model::ObsState;

use crate::bench::{Bench, lifecycle};

#[test]
fn exploring_finds_nothing() {
    let bench = Bench::new(None, Duration::from_millis(2), 1);
    let clients = bench.clients.clone();
    let machine = lifecycle().machine("Subarray", async move || clients.start_one().await);
    let explorer = Explorer::new(machine)
        .with_seed(1)
        .with_programs(5)
        .with_steps(30);
    let report = explorer.run_on(&bench.runtime).unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.steps > 100, "{report}");
}

#[test]
fn everything_is_covered() {
    let bench = Bench::new(None, Duration::from_millis(120), 1);
    let clients = bench.clients.clone();
    let lifecycle = lifecycle();
    let cover = Cover::new(&lifecycle, "Subarray", async move || {
        clients.start_one().await
    });
    let report = cover.run_on(&bench.runtime).unwrap();
    assert!(report.is_clean(), "{report}");
    let left = report
        .matrix
        .cells()
        .filter(|(_, cell)| !cell.verdict.is_exercised());
    let left: Vec<String> = left
        .map(|(row, cell)| format!("{} in {}", cell.command, row.state))
        .collect();
    // nothing leads to FAULT, nor to RESETTING without ObsReset
    let elsewhere = left
        .iter()
        .filter(|it| !it.ends_with("FAULT") && !it.ends_with("RESETTING"));
    assert_eq!(elsewhere.count(), 0, "{left:?}");
    assert_eq!(report.matrix.unseen().count(), 0, "{report}");
}

#[test]
fn races_of_every_pair_are_explained() {
    let bench = Bench::new(None, Duration::from_millis(250), 3);
    let clients = bench.clients.clone().believing_queued();
    let race = Race::of(lifecycle())
        .with_lag(Duration::from_millis(200))
        .with_heats(1);
    bench.runtime.block_on(async {
        for pair in race.pairs() {
            let report = race
                .run(&pair, async |count| clients.start(count).await)
                .await;
            let report = report.unwrap();
            assert_eq!(report.hits(), 0, "{report}");
        }
    });
}

#[test]
fn nothing_is_sent_that_is_not_among_the_commands_to_be_sent() {
    let bench = Bench::new(None, Duration::from_millis(2), 1);
    let few = ["AssignResources", "ReleaseAllResources"];
    let clients = bench.clients.clone().sending_only(few);
    let lifecycle = subarray_lifecycle(SubarrayRules::SkaTangoBase, |it| few.contains(&it));
    let machine = lifecycle.machine("Subarray", async move || clients.start_one().await);
    let explorer = Explorer::new(machine)
        .with_seed(1)
        .with_programs(3)
        .with_steps(20);
    let report = explorer.run_on(&bench.runtime).unwrap();
    assert!(report.is_clean(), "{report}");
    let calls = bench.device().calls();
    assert!(calls.len() > 10, "{calls:?}");
    let others: Vec<_> = calls
        .iter()
        .filter(|(it, _)| !few.contains(&it.as_str()))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_subarray_that_these_commands_do_not_bring_home_is_left_alone() {
    let bench = Bench::new(None, Duration::from_millis(2), 1);
    bench.device().set_obs_state(ObsState::Aborted).forget();
    let few = ["AssignResources", "ReleaseAllResources"];
    let clients = bench.clients.clone().sending_only(few);
    let started = bench.runtime.block_on(clients.start_one());
    let error = started.map(drop).unwrap_err().to_string();
    assert!(
        error.contains("from ABORTED none of the commands that may be sent leads to EMPTY"),
        "{error}"
    );
    assert_eq!(bench.device().calls(), []);
}

#[test]
fn a_subarray_is_brought_home_by_a_dearer_way_where_the_cheapest_may_not_be_sent() {
    let bench = Bench::new(None, Duration::from_millis(2), 1);
    bench.device().set_obs_state(ObsState::Ready).forget();
    let clients = bench.clients.clone().sending_only(["Abort", "Restart"]);
    let started = bench.runtime.block_on(clients.start_one());
    started.map(drop).unwrap();
    let sent = bench
        .device()
        .calls()
        .into_iter()
        .map(|(command, _)| command);
    assert_eq!(sent.collect::<Vec<_>>(), ["Abort", "Restart"]);
}

#[test]
fn a_subarray_that_is_gone_is_known_to_be() {
    let bench = Bench::new(None, Duration::from_millis(2), 1);
    assert!(bench.runtime.block_on(bench.clients.is_reached()));
    let Bench {
        runtime,
        clients,
        simulated,
        ..
    } = bench;
    runtime.block_on(simulated.shutdown());
    assert!(!runtime.block_on(clients.is_reached()));
}
