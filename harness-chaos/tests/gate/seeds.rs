//! A seed repeats everything that is left to chance.

use harness_chaos::{Corrupt, Direction, Gate, Seed, Slice};
use harness_core::Fault;

use crate::bench::{Bench, MS, soon};

/// What comes of a thousand octets on each of three connections.
async fn noise(seed: u64, with_slices: bool) -> Vec<Vec<u8>> {
    let bench = Bench::open_with(|it| it.with_seed(seed)).await;
    let mut slices = None;
    if with_slices {
        let slice = Slice::into(50).with_variation(20).with_pause(MS / 10);
        slices = Some(bench.gate.both(slice).start().await.unwrap());
    }
    let _noise = bench.gate.both(Corrupt::bits(0.02)).start().await.unwrap();
    let mut all = Vec::new();
    for _ in 0..3 {
        let mut pair = bench.pair().await;
        for direction in Direction::BOTH {
            pair.send(direction, &[0; 1000]).await;
            all.push(pair.receive_all(direction, 1000).await);
        }
    }
    drop(slices);
    all
}

#[tokio::test]
async fn the_same_seed_spoils_the_same_bits_whatever_else_goes_wrong() {
    let first = noise(7, false).await;
    assert!(first.iter().all(|octets| octets.iter().any(|it| *it != 0)));
    assert_eq!(noise(7, false).await, first);
    assert_eq!(noise(7, true).await, first);
    assert_ne!(noise(8, false).await, first);
    // no two connections and no two directions are hit alike
    for (index, one) in first.iter().enumerate() {
        assert!(first.iter().skip(index + 1).all(|other| other != one));
    }
}

#[tokio::test]
async fn after_a_reset_a_gate_draws_as_when_it_was_opened() {
    let bench = Bench::open_with(|it| it.with_seed(7)).await;
    let mut pair = bench.pair().await;
    let mut rounds = Vec::new();
    for _ in 0..2 {
        let fault = bench.gate.requests(Corrupt::bits(0.02));
        let guard = fault.start().await.unwrap();
        pair.send(Direction::Requests, &[0; 1000]).await;
        rounds.push(pair.receive_all(Direction::Requests, 1000).await);
        guard.stop().await.unwrap();
        bench.gate.reset().await.unwrap();
    }
    assert_eq!(rounds[0], rounds[1]);
}

#[tokio::test]
async fn a_test_can_be_repeated_without_those_before_it() {
    let bench = Bench::open_with(|it| it.with_seed(7)).await;
    // one that closes, and one that stays
    drop(bench.pair().await);
    let mut old = bench.pair().await;
    let mut rounds = Vec::new();
    for _ in 0..3 {
        let guards = [
            bench.gate.requests(Corrupt::bits(0.02)).start().await,
            bench.gate.requests(Corrupt::bits(0.02)).start().await,
        ];
        let mut new = bench.pair().await;
        let mut heard = Vec::new();
        for pair in [&mut old, &mut new] {
            pair.send(Direction::Requests, &[0; 1000]).await;
            heard.push(pair.receive_all(Direction::Requests, 1000).await);
        }
        rounds.push(heard);
        for guard in guards {
            guard.unwrap().stop().await.unwrap();
        }
        drop(new);
        soon(async {
            while bench.gate.connections_count() > 1 {
                tokio::time::sleep(MS).await;
            }
        })
        .await;
        bench.gate.draw_anew();
    }
    // the first test was the first of the gate, with one more connection before it
    assert_ne!(rounds[0], rounds[1]);
    assert_eq!(rounds[1], rounds[2]);
}

#[tokio::test]
async fn the_seed_is_told() {
    let gate = Gate::to("127.0.0.1:1").with_seed(42).open().await.unwrap();
    assert_eq!(gate.seed(), Seed::new(42));
    let address = gate.address();
    assert_eq!(
        gate.to_string(),
        format!("gate {address} to 127.0.0.1:1 (seed 42)")
    );
    let chance = Gate::to("127.0.0.1:1").open().await.unwrap();
    assert!(chance.seed().number() < 1_000_000);
}
