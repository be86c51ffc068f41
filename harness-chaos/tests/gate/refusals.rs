//! Bad input: a clear error, and nothing is changed.

use std::error::Error;

use harness_chaos::{Bandwidth, Condition, Corrupt, Direction, Gate, GateError, Hold, Slice};
use harness_core::Fault;

use crate::bench::Bench;

#[tokio::test]
async fn an_address_that_is_in_use_is_refused() {
    let first = Gate::to("127.0.0.1:1").open().await.unwrap();
    let second = Gate::to("127.0.0.1:1").listen_on(first.address());
    let error = second.open().await.unwrap_err();
    assert!(matches!(error, GateError::Listen { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "cannot listen on {}; another program may, or it is an address of another computer",
            first.address()
        )
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let error = Gate::to("nonsense").open().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "nonsense is no address to connect to; give one such as 127.0.0.1:10000"
    );
    let error = Gate::to("127.0.0.1:1").listen_on("127.0.0.1:port");
    assert_eq!(
        error.open().await.unwrap_err().to_string(),
        "127.0.0.1:port is no address to listen on; give one such as 127.0.0.1:0"
    );
}

#[tokio::test]
async fn an_impossible_condition_is_refused_and_nothing_is_changed() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let impossible: [Condition; 4] = [
        Bandwidth::octets_per_second(-5).into(),
        Bandwidth::octets_per_second(f64::NAN).into(),
        Corrupt::bits(f64::INFINITY).into(),
        Slice::into(0).into(),
    ];
    for condition in impossible {
        // the possible part of it does not begin either
        let fault = bench.gate.both(Hold).and(bench.gate.both(condition));
        let error = fault.start().await.unwrap_err();
        assert!(
            error.to_string().starts_with(
                "the fault could not be started: requests and replies are not read, and"
            )
        );
        assert!(error.source().unwrap().to_string().contains("impossible"));
        assert_eq!(bench.gate.in_force(), [""; 0]);
    }
    for probability in [-0.1, 1.1, f64::NAN] {
        let fault = bench.gate.both(Hold).with_probability(probability);
        let error = fault.start().await.unwrap_err();
        assert_eq!(
            error.source().unwrap().to_string(),
            format!("a probability of {probability} is impossible: give a number from 0 to 1")
        );
    }
    for direction in Direction::BOTH {
        pair.flows(direction).await;
    }
}
