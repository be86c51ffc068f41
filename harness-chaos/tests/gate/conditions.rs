//! Each condition, in each direction: what it does, that the other direction flows, and that all flows
//! when it has ended.

use std::time::Instant;

use harness_chaos::{
    Bandwidth, Coalesce, Condition, Corrupt, Delay, Direction, Fate, Gate, Hold, Rewrite, Slice,
    Swallow,
};
use harness_core::{Fault, FaultGuard};
use tokio::io::AsyncWriteExt;

use crate::bench::{Bench, LONG, MS, Pair, soon};

async fn with(direction: Direction, condition: impl Into<Condition>) -> (Bench, Pair, FaultGuard) {
    let bench = Bench::open().await;
    let pair = bench.pair().await;
    let guard = bench.fault(direction, condition).start().await.unwrap();
    (bench, pair, guard)
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Requests => Direction::Replies,
        Direction::Replies => Direction::Requests,
    }
}

#[tokio::test]
async fn without_any_everything_passes_both_ways() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    for direction in Direction::BOTH {
        pair.flows(direction).await;
    }
    assert_eq!(bench.gate.connections_count(), 1);
    assert_eq!(bench.gate.close_all(Default::default()).await, 1);
    assert_eq!(bench.gate.connections_count(), 0);
}

#[tokio::test]
async fn what_is_not_read_arrives_afterwards() {
    for direction in Direction::BOTH {
        let (bench, mut pair, guard) = with(direction, Hold).await;
        pair.send(direction, b"held").await;
        pair.flows(other(direction)).await;
        assert!(pair.is_silent(direction).await);
        assert_eq!(bench.gate.counts(direction).received, 0);
        guard.stop().await.unwrap();
        assert_eq!(pair.receive_all(direction, 4).await, b"held");
        for direction in Direction::BOTH {
            pair.flows(direction).await;
        }
    }
}

#[tokio::test]
async fn what_is_not_read_holds_the_sender_up() {
    let (_bench, mut pair, guard) = with(Direction::Requests, Hold).await;
    let piece = [7; 64 * 1024];
    let mut sent = 0;
    while let Ok(count) = tokio::time::timeout(100 * MS, pair.client.write(&piece)).await {
        sent += count.unwrap();
        assert!(sent < 64 << 20, "the sender is not held up");
    }
    guard.stop().await.unwrap();
    let all = pair.receive_all(Direction::Requests, sent).await;
    assert!(all.iter().all(|octet| *octet == 7));
}

#[tokio::test]
async fn what_is_swallowed_is_lost_for_good() {
    for direction in Direction::BOTH {
        let (bench, mut pair, guard) = with(direction, Swallow).await;
        pair.send(direction, b"lost").await;
        pair.flows(other(direction)).await;
        assert!(pair.is_silent(direction).await);
        guard.stop().await.unwrap();
        pair.flows(direction).await;
        let counts = bench.gate.counts(direction);
        assert_eq!((counts.swallowed, counts.sent), (4, 5));
    }
}

#[tokio::test]
async fn what_is_delayed_comes_late_and_the_rest_at_once() {
    for direction in Direction::BOTH {
        let (_bench, mut pair, guard) = with(direction, Delay::of(300 * MS)).await;
        let begin = Instant::now();
        pair.send(direction, b"late").await;
        pair.flows(other(direction)).await;
        assert!(begin.elapsed() < 300 * MS);
        assert_eq!(pair.receive_all(direction, 4).await, b"late");
        assert!(begin.elapsed() >= 300 * MS);
        guard.stop().await.unwrap();
        pair.flows(direction).await;
    }
}

#[tokio::test]
async fn a_delay_does_not_lower_the_throughput() {
    let (_bench, mut pair, _guard) = with(Direction::Requests, Delay::of(200 * MS)).await;
    let begin = Instant::now();
    let sent = vec![3; 4 << 20];
    let Pair { client, server } = &mut pair;
    let mut received = vec![0; sent.len()];
    let (written, read) = soon(async {
        tokio::join!(
            client.write_all(&sent),
            tokio::io::AsyncReadExt::read_exact(server, &mut received)
        )
    })
    .await;
    written.unwrap();
    read.unwrap();
    // one that serialised would take 200 ms for each of at least 16 chunks
    let took = begin.elapsed();
    assert!((200 * MS..1600 * MS).contains(&took), "{took:?}");
    assert_eq!(received, sent);
}

#[tokio::test]
async fn what_is_corrupted_differs_and_has_the_same_length() {
    for direction in Direction::BOTH {
        for corrupt in [Corrupt::inverted(), Corrupt::bits(1)] {
            let (_bench, mut pair, guard) = with(direction, corrupt).await;
            pair.send(direction, b"data").await;
            let came = pair.receive_all(direction, 4).await;
            assert!(came.iter().zip(b"data").all(|(came, sent)| came != sent));
            pair.flows(other(direction)).await;
            guard.stop().await.unwrap();
            pair.flows(direction).await;
        }
    }
}

#[tokio::test]
async fn words_are_replaced_also_across_chunks() {
    for direction in Direction::BOTH {
        let (bench, mut pair, guard) = with(direction, Corrupt::replacing("hello", "bye")).await;
        pair.send(direction, b"hel").await;
        let received = || bench.gate.counts(direction).received;
        while received() < 3 {
            tokio::task::yield_now().await;
        }
        pair.send(direction, b"lo hello, others").await;
        assert_eq!(pair.receive_all(direction, 15).await, b"bye bye, others");
        pair.flows(other(direction)).await;
        guard.stop().await.unwrap();
        pair.send(direction, b"hello").await;
        assert_eq!(pair.receive_all(direction, 5).await, b"hello");
    }
}

#[tokio::test]
async fn a_narrow_line_lets_octets_through_one_by_one() {
    for direction in Direction::BOTH {
        let (_bench, mut pair, guard) = with(direction, Bandwidth::octets_per_second(10)).await;
        let begin = Instant::now();
        pair.send(direction, b"hello").await;
        pair.flows(other(direction)).await;
        let first = pair.receive(direction).await;
        assert!(first.len() < 5, "{first:?}");
        let rest = pair.receive_all(direction, 5 - first.len()).await;
        assert_eq!([first, rest].concat(), b"hello");
        assert!(begin.elapsed() >= 500 * MS);
        guard.stop().await.unwrap();
        pair.flows(direction).await;
    }
}

#[tokio::test]
async fn what_is_sliced_arrives_in_pieces() {
    for direction in Direction::BOTH {
        let (_bench, mut pair, guard) = with(direction, Slice::into(2).with_pause(20 * MS)).await;
        pair.send(direction, b"hello").await;
        let first = pair.receive(direction).await;
        assert!(first.len() < 5, "{first:?}");
        let rest = pair.receive_all(direction, 5 - first.len()).await;
        assert_eq!([first, rest].concat(), b"hello");
        pair.flows(other(direction)).await;
        guard.stop().await.unwrap();
        pair.flows(direction).await;
    }
}

#[tokio::test]
async fn what_is_coalesced_arrives_at_once_on_each_connection_by_itself() {
    for direction in Direction::BOTH {
        let (bench, mut pair, guard) = with(direction, Coalesce::until(10)).await;
        let mut second = bench.pair().await;
        pair.send(direction, b"hello").await;
        second.send(direction, b"HELLO").await;
        assert!(pair.is_silent(direction).await);
        pair.flows(other(direction)).await;
        pair.send(direction, b"world").await;
        assert_eq!(pair.receive(direction).await, b"helloworld");
        assert!(second.is_silent(direction).await);
        guard.stop().await.unwrap();
        assert_eq!(second.receive(direction).await, b"HELLO");
        pair.flows(direction).await;
    }
}

#[tokio::test]
async fn a_closure_can_put_an_error_in_place_of_a_reply_and_close() {
    let lines = |octets: &[u8]| octets.iter().position(|it| *it == b'\n').map(|end| end + 1);
    let error = Rewrite::each("are errors", || {
        |_| Fate::Last(b"error\n".to_vec(), Default::default())
    })
    .framed_by(lines);
    let (bench, mut pair, guard) = with(Direction::Replies, error).await;
    pair.flows(Direction::Requests).await;
    pair.send(Direction::Replies, b"all ").await;
    assert!(pair.is_silent(Direction::Replies).await);
    pair.send(Direction::Replies, b"well\n").await;
    assert_eq!(pair.receive_all(Direction::Replies, 6).await, b"error\n");
    pair.is_closed().await;
    guard.stop().await.unwrap();
    bench.pair().await.flows(Direction::Replies).await;
}

#[tokio::test]
async fn conditions_add_up() {
    let (bench, mut pair, _delay) = with(Direction::Replies, Delay::of(100 * MS)).await;
    let _narrow = bench
        .gate
        .replies(Bandwidth::octets_per_second(100))
        .start()
        .await
        .unwrap();
    let _noise = bench
        .gate
        .replies(Corrupt::inverted())
        .start()
        .await
        .unwrap();
    let begin = Instant::now();
    pair.send(Direction::Replies, &[0; 20]).await;
    assert_eq!(pair.receive_all(Direction::Replies, 20).await, [255; 20]);
    assert!(begin.elapsed() >= 300 * MS);
    assert_eq!(
        bench.gate.in_force(),
        [
            "replies are delayed by 100 ms",
            "replies pass at 100 octets a second",
            "replies are corrupted, all bits inverted",
        ]
    );
}

#[tokio::test]
async fn nothing_is_lost_while_conditions_come_and_go() {
    let bench = Bench::open().await;
    let Pair { mut client, server } = bench.pair().await;
    let (mut from_client, mut to_client) = server.into_split();
    let echo = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_client).await });
    let gate: Gate = bench.gate.clone();
    for number in 0..100_u8 {
        let delay = gate.both(Delay::of(MS)).start().await.unwrap();
        let slice = gate
            .requests(Slice::into(3).with_pause(MS / 10))
            .start()
            .await
            .unwrap();
        client.write_all(&[number; 50]).await.unwrap();
        if number % 2 == 0 {
            delay.stop().await.unwrap();
        } else {
            drop(delay);
        }
        let mut back = [0; 50];
        soon(tokio::io::AsyncReadExt::read_exact(&mut client, &mut back))
            .await
            .unwrap();
        assert_eq!(back, [number; 50]);
        slice.stop().await.unwrap();
    }
    drop(client);
    soon(echo).await.unwrap().unwrap();
    gate.wait_for_no_connections(LONG).await.unwrap();
}
