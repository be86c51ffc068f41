//! Exploring and covering a system from its state graph alone.

mod covering;
mod declaring;
mod exploring;
mod faults;
mod subarray;

use harness_explore::lifecycle::Lifecycle;
use harness_explore::{Explorer, Report};
use tokio::runtime::{Builder, Runtime};

use subarray::{Bug, Obs, Subarray};

/// A runtime on which waiting takes no time.
fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("there is a runtime")
}

/// Explores a subarray that has a bug, or none.
fn explore(lifecycle: &Lifecycle<Obs>, bug: Option<Bug>, seed: u64) -> Report {
    let programs = if bug.is_some() { 500 } else { 100 };
    explore_with(lifecycle, seed, programs, move || Subarray::new(bug))
}

fn explore_with(
    lifecycle: &Lifecycle<Obs>,
    seed: u64,
    programs: u64,
    start: impl Fn() -> Subarray + 'static,
) -> Report {
    let machine = lifecycle.machine("Subarray", async move || Ok(start()));
    Explorer::new(machine)
        .with_seed(seed)
        .with_programs(programs)
        .run_on(&paused())
        .expect("it runs")
}
