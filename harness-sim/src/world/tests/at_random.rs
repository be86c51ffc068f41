//! Commands to any device at any moment: whatever happens, EMPTY can be reached again.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use serde_json::Value as Json;

use super::bench::{Bench, DWELL, configure, scan};

/// A generator of numbers that are the same in every run.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    pub(super) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

pub(super) const COMMANDS: &[&str] = &[
    "AssignResources",
    "Configure",
    "Scan",
    "EndScan",
    "End",
    "ReleaseAllResources",
    "Abort",
    "Restart",
    "ObsReset",
];

pub(super) fn argument(command: &str, bench: &mut Bench) -> Json {
    match command {
        "AssignResources" => bench.assign(),
        "Configure" => configure(3.0),
        "Scan" => scan(),
        _ => Json::Null,
    }
}

/// Aborts and restarts the node until it is EMPTY; it must get there soon.
pub(super) fn empty(bench: &mut Bench, node: &str, story: &[String]) {
    for _ in 0..6 {
        let command = match bench.obs_state(node) {
            ObsState::Empty => return,
            ObsState::Aborted | ObsState::Fault => "Restart",
            _ => "Abort",
        };
        bench.try_send(node, command, &Json::Null).ok();
        bench.elapse(5 * DWELL);
    }
    let state = bench.obs_state(node);
    println!("{:#?}", bench.result(node));
    panic!("{node} is {state} for ever after {story:#?}");
}

fn run(mut bench: Bench, node: &str, others: &[&str], seed: u64) {
    let mut numbers = Numbers(seed);
    let mut story = Vec::new();
    for _ in 0..60 {
        let command = numbers.one_of(COMMANDS);
        // mostly the node itself
        let device = match numbers.below(4) {
            0 => numbers.one_of(others),
            _ => node,
        };
        let argument = argument(command, &mut bench);
        let reply = bench.try_send(device, command, &argument);
        let outcome = match reply {
            Ok(reply) => reply.code.to_string(),
            Err(refusal) => refusal.to_string(),
        };
        let time = Duration::from_millis(numbers.one_of(&[0, 1, 333, 1000, 1500, 4000]));
        story.push(format!("{device} {command}: {outcome}; then {time:?}"));
        bench.elapse(time);
    }
    empty(&mut bench, node, &story);
    // and from there it works
    let assign = bench.assign();
    bench.send(node, "AssignResources", &assign);
    bench.elapse(DWELL);
    let parts: Vec<_> = others
        .iter()
        .map(|other| bench.telescope.status(other))
        .collect();
    if bench.obs_state(node) != ObsState::Idle {
        // a part may be elsewhere still, where only an abort reaches it
        empty(&mut bench, node, &story);
        let assign = bench.assign();
        bench.send(node, "AssignResources", &assign);
        bench.elapse(DWELL);
    }
    assert_eq!(
        bench.obs_state(node),
        ObsState::Idle,
        "{story:#?} {parts:#?}"
    );
}

#[tokio::test(start_paused = true)]
async fn low_is_never_wedged() {
    let others = [
        "low-csp/subarray/01",
        "low-sdp/subarray/01",
        "low-mccs/subarray/01",
        "low-tmc/subarray-leaf-node-csp/01",
        "low-tmc/subarray-leaf-node-sdp/01",
    ];
    for seed in 1..25 {
        run(
            Bench::low(),
            "low-tmc/subarray/01",
            &others,
            seed * 0x9e37_79b9,
        );
    }
}

#[tokio::test(start_paused = true)]
async fn mid_is_never_wedged() {
    let others = [
        "mid-csp/subarray/01",
        "mid-sdp/subarray/01",
        "mid-tmc/subarray-leaf-node-csp/01",
        "mid-tmc/leaf-node-dish/SKA001",
        "mid-dish/dish-manager/SKA036",
    ];
    for seed in 1..25 {
        let mut bench = Bench::mid();
        // dishes lack most of the commands
        bench.story(&[]);
        run(bench, "mid-tmc/subarray/01", &others, seed * 0x9e37_79b9);
    }
}
