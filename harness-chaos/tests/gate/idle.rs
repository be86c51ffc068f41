//! What idle connections cost, and that they live.

use std::time::Duration;

use crate::bench::Bench;
use harness_chaos::Direction;

/// The processor time of this thread so far, in clock ticks of 10 ms.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_hundred_idle_connections_cost_nothing() {
    let bench = Bench::open().await;
    let mut pairs = Vec::new();
    for _ in 0..100 {
        pairs.push(bench.pair().await);
    }
    let before = ticks();
    // this is no wait for anything: it is the time that is measured
    tokio::time::sleep(Duration::from_secs(2)).await;
    let spent = ticks() - before;
    assert!(spent <= 2, "{spent} ticks in 2 s");
    for pair in &mut pairs {
        pair.flows(Direction::Requests).await;
    }
}

#[tokio::test]
async fn an_idle_connection_lives_on() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(24 * 3600)).await;
    tokio::time::resume();
    for direction in Direction::BOTH {
        pair.flows(direction).await;
    }
}
