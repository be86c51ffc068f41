//! Guards, resets, and which connections a fault hits.

use harness_chaos::{Arrival, Close, Corrupt, Delay, Direction, Gate, Hold};
use harness_core::journal::{EntryKind, Journal, Phase};
use harness_core::{Fault, FaultGuard};

use crate::bench::{Bench, LONG, MS};

#[tokio::test]
async fn a_fault_lasts_as_long_as_its_guard() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let fault = bench.gate.both(Hold);
    for _ in 0..2 {
        let guard = fault.start().await.unwrap();
        assert_eq!(bench.gate.in_force(), ["requests and replies are not read"]);
        drop(guard);
        pair.flows(Direction::Requests).await;
        assert_eq!(bench.gate.in_force(), [""; 0]);
    }
    fault.start().await.unwrap().forget();
    assert_eq!(bench.gate.in_force().len(), 1);
}

#[tokio::test]
async fn a_guard_is_dropped_also_when_the_test_panics() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let gate = bench.gate.clone();
    let test = tokio::spawn(async move {
        let _guard = gate.both(Hold).start().await.unwrap();
        panic!("on purpose");
    });
    assert!(test.await.is_err());
    pair.flows(Direction::Requests).await;
    assert_eq!(bench.gate.in_force(), [""; 0]);
}

#[tokio::test]
async fn a_fault_is_told_as_people_say_it_with_what_repeats_it() {
    let bench = Bench::open_with(|it| it.named("CSP subarray 1").with_seed(42)).await;
    let gate = &bench.gate;
    let delay = Delay::of(200 * MS).with_jitter(50 * MS);
    for (fault, words) in [
        (
            gate.replies(delay),
            "CSP subarray 1: replies are delayed by 200 ms ± 50 ms (seed 42)",
        ),
        (
            gate.both(Close::on_data()).with_probability(0.25),
            "CSP subarray 1: requests and replies close their connection when data comes, on 25 % of \
             the connections (seed 42)",
        ),
        (
            gate.requests(Hold)
                .and(gate.new_connections(Arrival::Refused)),
            "CSP subarray 1: requests are not read, and new connections are refused",
        ),
        (
            gate.requests(Hold).on_connections(|it| it.ordinal == 1),
            "CSP subarray 1: requests are not read, on chosen connections",
        ),
    ] {
        assert_eq!(fault.describe(), words);
    }
}

#[tokio::test]
async fn a_fault_is_on_record_from_its_begin_to_its_end() {
    let bench = Bench::open().await;
    let journal = Journal::new();
    let mark = journal.mark();
    let guard: FaultGuard = bench.gate.replies(Hold).start().await.unwrap();
    guard.recorded_in(&journal).stop().await.unwrap();
    let entries: Vec<_> = journal
        .since(&mark)
        .iter()
        .map(|entry| match &*entry.kind {
            EntryKind::Fault { phase, .. } => phase.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(entries, [Phase::Started, Phase::Finished]);
}

#[tokio::test]
async fn a_reset_ends_all_faults_and_their_guards_do_no_harm() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let guards = [
        bench.gate.both(Hold).start().await.unwrap(),
        bench
            .gate
            .replies(Corrupt::inverted())
            .start()
            .await
            .unwrap(),
        bench
            .gate
            .new_connections(Arrival::Refused)
            .start()
            .await
            .unwrap(),
    ];
    bench.gate.reset().await.unwrap();
    assert_eq!(bench.gate.in_force(), [""; 0]);
    for direction in Direction::BOTH {
        pair.flows(direction).await;
    }
    let mut new = bench.pair().await;
    let again = bench.gate.requests(Hold).start().await.unwrap();
    for guard in guards {
        guard.stop().await.unwrap();
    }
    new.send(Direction::Requests, b"held").await;
    assert!(new.is_silent(Direction::Requests).await);
    again.stop().await.unwrap();
}

#[tokio::test]
async fn only_chosen_connections_are_hit() {
    let bench = Bench::open().await;
    let (mut first, mut second) = (bench.pair().await, bench.pair().await);
    let _guard = bench
        .gate
        .requests(Corrupt::inverted())
        .on_connections(|it| it.ordinal % 2 == 1)
        .start()
        .await
        .unwrap();
    let mut third = bench.pair().await;
    for (pair, octet) in [(&mut first, 255), (&mut second, 0), (&mut third, 255)] {
        pair.send(Direction::Requests, &[0]).await;
        assert_eq!(pair.receive_all(Direction::Requests, 1).await, [octet]);
    }
}

/// Which of a hundred connections are hit.
async fn hit(probability: f64, seed: u64) -> Vec<bool> {
    let bench = Bench::open_with(|it| it.with_seed(seed)).await;
    let _guard = bench
        .gate
        .requests(Corrupt::inverted())
        .with_probability(probability)
        .start()
        .await
        .unwrap();
    let mut hit = Vec::new();
    for _ in 0..100 {
        let mut pair = bench.pair().await;
        pair.send(Direction::Requests, &[0]).await;
        hit.push(pair.receive_all(Direction::Requests, 1).await == [255]);
    }
    hit
}

#[tokio::test]
async fn a_part_of_the_connections_is_hit_the_same_one_for_the_same_seed() {
    let some = hit(0.3, 7).await;
    let count = some.iter().filter(|hit| **hit).count();
    assert!((15..45).contains(&count), "{count}");
    assert_eq!(hit(0.3, 7).await, some);
    assert_ne!(hit(0.3, 8).await, some);
    assert_eq!(hit(0.0, 7).await, [false; 100]);
    assert_eq!(hit(1.0, 7).await, [true; 100]);
}

#[tokio::test]
async fn what_is_drawn_for_a_connection_is_not_drawn_again_when_another_fault_begins() {
    let bench = Bench::open_with(|it| it.with_seed(3)).await;
    let mut pairs = Vec::new();
    for _ in 0..20 {
        pairs.push(bench.pair().await);
    }
    let half = bench
        .gate
        .requests(Corrupt::inverted())
        .with_probability(0.5);
    let _guard = half.start().await.unwrap();
    let mut rounds = Vec::new();
    for _ in 0..3 {
        let mut round = Vec::new();
        for pair in &mut pairs {
            pair.send(Direction::Requests, &[0]).await;
            round.push(pair.receive_all(Direction::Requests, 1).await);
        }
        rounds.push(round);
        bench
            .gate
            .requests(Delay::of(MS))
            .start()
            .await
            .unwrap()
            .forget();
    }
    assert_eq!(rounds[0], rounds[1]);
    assert_eq!(rounds[1], rounds[2]);
}

#[tokio::test]
async fn a_fault_of_a_gate_that_is_gone_says_so() {
    let bench = Bench::open().await;
    let fault = bench.gate.both(Hold);
    let guard = fault.start().await.unwrap();
    let gate: Gate = bench.gate.clone();
    drop(bench);
    gate.shut_down(LONG).await;
    guard.stop().await.unwrap();
    let error = fault.start().await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the gate is closed; open it anew");
}

#[tokio::test]
async fn a_fault_can_become_another_one_with_no_moment_in_between() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let gate = &bench.gate;
    let fault = gate.both(Hold).start_adjustable().unwrap();
    pair.send(Direction::Requests, b"held").await;
    assert!(pair.is_silent(Direction::Requests).await);
    fault.become_another(&gate.replies(Hold)).unwrap();
    assert_eq!(gate.in_force(), ["replies are not read"]);
    assert_eq!(pair.receive(Direction::Requests).await, b"held");
    pair.send(Direction::Replies, b"held").await;
    assert!(pair.is_silent(Direction::Replies).await);
    drop(fault);
    assert_eq!(pair.receive(Direction::Replies).await, b"held");
    assert_eq!(gate.in_force(), [""; 0]);
}

#[tokio::test]
async fn only_one_condition_of_the_same_gate_is_adjustable() {
    let (bench, other) = (Bench::open().await, Bench::open().await);
    let gate = &bench.gate;
    assert!(gate.down().start_adjustable().is_err());
    let refused = gate.new_connections(Arrival::Refused);
    assert!(refused.start_adjustable().is_err());
    let fault = gate.both(Hold).start_adjustable().unwrap();
    assert!(fault.become_another(&gate.down()).is_err());
    assert!(fault.become_another(&other.gate.both(Hold)).is_err());
    let impossible = gate.both(Hold).with_probability(2);
    assert!(fault.become_another(&impossible).is_err());
    assert_eq!(gate.in_force(), ["requests and replies are not read"]);
}

#[tokio::test]
async fn what_is_drawn_for_a_connection_is_not_drawn_again_when_a_fault_becomes_another_one() {
    let bench = Bench::open_with(|it| it.with_seed(5)).await;
    let gate = &bench.gate;
    let mut pairs = Vec::new();
    for _ in 0..8 {
        pairs.push(bench.pair().await);
    }
    let half = gate.requests(Hold).with_probability(0.5);
    let fault = half.start_adjustable().unwrap();
    let mut hit = Vec::new();
    for pair in &mut pairs {
        pair.send(Direction::Requests, b"x").await;
        hit.push(pair.is_silent(Direction::Requests).await);
    }
    assert!(hit.contains(&true) && hit.contains(&false), "{hit:?}");
    fault
        .become_another(&gate.requests(Hold).with_probability(0.5))
        .unwrap();
    for (pair, hit) in pairs.iter_mut().zip(&hit) {
        assert_eq!(pair.is_silent(Direction::Requests).await, *hit);
    }
}
