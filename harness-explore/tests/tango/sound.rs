//! A subarray without a bug.

use std::time::Duration;

use harness_explore::Explorer;
use harness_explore::cover::Cover;
use harness_explore::race::Race;

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
    let bench = Bench::new(None, Duration::from_millis(40), 1);
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
    let bench = Bench::new(None, Duration::from_millis(60), 3);
    let clients = bench.clients.clone().believing_queued();
    let race = Race::of(lifecycle())
        .with_lag(Duration::from_millis(40))
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
