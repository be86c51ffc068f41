//! Waiting for connections and octets, and what is known of them.

use std::time::Duration;

use harness_chaos::{Direction, Hold};
use harness_core::Fault;

use crate::bench::{Bench, LONG, MS, soon};

#[tokio::test]
async fn a_wait_for_connections_ends_when_there_are_enough() {
    let bench = Bench::open().await;
    let _first = bench.pair().await;
    bench
        .gate
        .wait_for_connections(1, Duration::ZERO)
        .await
        .unwrap();
    let error = bench.gate.wait_for_connections(2, 50 * MS).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "2 connections did not come within 50 ms; there is 1 connection"
    );
    let wait = bench.gate.wait_for_connections(2, LONG);
    let (waited, _second) = tokio::join!(wait, bench.pair());
    waited.unwrap();
    assert!(bench.gate.is_alive());
}

#[tokio::test]
async fn a_connection_that_has_ended_is_not_counted() {
    let bench = Bench::open().await;
    let pair = bench.pair().await;
    drop(pair.client);
    drop(pair.server);
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    assert_eq!(bench.gate.connections_count(), 0);
    assert!(!bench.gate.is_alive());
    assert_eq!(bench.gate.opened_count(), 1);
    let _second = bench.pair().await;
    let error = bench.gate.wait_for_no_connections(50 * MS).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "the end of all connections did not come within 50 ms; there is 1 connection"
    );
}

#[tokio::test]
async fn a_wait_for_octets_ends_when_they_have_passed() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let guard = bench.gate.requests(Hold).start().await.unwrap();
    pair.send(Direction::Requests, b"hello").await;
    let error = bench
        .gate
        .wait_for_octets(Direction::Requests, 5, 50 * MS)
        .await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "5 octets of requests did not come within 50 ms; there were 0"
    );
    let wait = bench.gate.wait_for_octets(Direction::Requests, 5, LONG);
    let (waited, stopped) = soon(async { tokio::join!(wait, guard.stop()) }).await;
    waited.unwrap();
    stopped.unwrap();
}

#[tokio::test]
async fn what_passed_is_counted_for_each_connection_and_direction() {
    let bench = Bench::open().await;
    let (mut first, mut second) = (bench.pair().await, bench.pair().await);
    first.flows(Direction::Requests).await;
    second.flows(Direction::Replies).await;
    second.flows(Direction::Replies).await;
    let [one, two] = bench.gate.connections()[..] else {
        panic!("{:?}", bench.gate.connections());
    };
    assert_eq!((one.requests.sent, one.replies.sent), (5, 0));
    assert_eq!((two.requests.sent, two.replies.sent), (0, 10));
    assert_eq!(two.replies.chunks, 2);
    assert_eq!(bench.gate.counts(Direction::Requests).received, 5);
    assert_eq!(bench.gate.counts(Direction::Replies).received, 10);
    assert_eq!(
        one.to_string(),
        format!(
            "connection 1 from {}: requests 5 octets in 1 chunk, 5 passed on; replies 0 octets in 0 \
             chunks, 0 passed on; open",
            first.client.local_addr().unwrap()
        )
    );
}
