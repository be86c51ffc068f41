//! Connections that conditions and testers close.

use std::time::{Duration, Instant};

use harness_chaos::{Close, Closed, Direction, Ending, Hold, LateEnd};
use harness_core::Fault;
use tokio::io::AsyncWriteExt;

use crate::bench::{Bench, LONG, MS, is_reset, soon};

#[tokio::test]
async fn data_closes_the_pair_it_came_on_and_no_other() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let (mut first, mut second) = (bench.pair().await, bench.pair().await);
        let guard = bench
            .fault(direction, Close::on_data())
            .start()
            .await
            .unwrap();
        first.send(direction, b"x").await;
        first.is_closed().await;
        assert_eq!(bench.gate.connections_count(), 1);
        guard.stop().await.unwrap();
        second.flows(Direction::Requests).await;
        second.flows(Direction::Replies).await;
    }
}

#[tokio::test]
async fn data_that_came_before_the_connection_was_made_closes_it_too() {
    let bench = Bench::open().await;
    let _guard = bench.gate.requests(Close::on_data()).start().await.unwrap();
    for _ in 0..1000 {
        let mut client = tokio::net::TcpStream::connect(bench.gate.address())
            .await
            .unwrap();
        client.write_all(b"early").await.unwrap();
        let server = bench.accept().await;
        let mut pair = crate::bench::Pair { client, server };
        pair.is_closed().await;
    }
    soon(bench.gate.wait_for_no_connections(LONG))
        .await
        .unwrap();
    assert_eq!(bench.gate.opened_count(), 1000);
}

#[tokio::test]
async fn so_many_octets_pass_on_each_connection() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let (mut first, mut second) = (bench.pair().await, bench.pair().await);
        let _guard = bench
            .fault(direction, Close::after_octets(8))
            .start()
            .await
            .unwrap();
        first.send(direction, b"hello").await;
        second.send(direction, b"eight888").await;
        assert_eq!(second.receive_all(direction, 8).await, b"eight888");
        second.is_closed().await;
        assert_eq!(first.receive_all(direction, 5).await, b"hello");
        first.send(direction, b"world").await;
        assert_eq!(first.receive_all(direction, 3).await, b"wor");
        first.is_closed().await;
        // and a new connection has all of it again
        let mut third = bench.pair().await;
        third.send(direction, b"eight888").await;
        assert_eq!(third.receive_all(direction, 8).await, b"eight888");
        third.is_closed().await;
    }
}

#[tokio::test]
async fn every_prefix_of_a_request_can_be_the_last_that_passes() {
    let bench = Bench::open().await;
    let request: Vec<u8> = (0..=255).collect();
    for length in 1..request.len() {
        let guard = bench
            .gate
            .requests(Close::after_octets(length as u64))
            .start()
            .await
            .unwrap();
        let mut pair = bench.pair().await;
        pair.send(Direction::Requests, &request).await;
        let came = pair.receive_all(Direction::Requests, length).await;
        assert_eq!(came, request[..length]);
        pair.is_closed().await;
        guard.stop().await.unwrap();
    }
    bench.pair().await.flows(Direction::Requests).await;
}

#[tokio::test]
async fn a_time_closes_also_an_idle_connection() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let begin = Instant::now();
        let mut old = bench.pair().await;
        let _guard = bench
            .fault(direction, Close::when_open_for(300 * MS))
            .start()
            .await
            .unwrap();
        old.flows(direction).await;
        old.is_closed().await;
        let took = begin.elapsed();
        assert!((300 * MS..2000 * MS).contains(&took), "{took:?}");
        let mut young = bench.pair().await;
        young.flows(direction).await;
        young.is_closed().await;
    }
}

#[tokio::test]
async fn silence_closes_and_talking_does_not() {
    let bench = Bench::open().await;
    let (mut silent, mut busy) = (bench.pair().await, bench.pair().await);
    let _guard = bench
        .gate
        .replies(Close::when_silent_for(300 * MS))
        .start()
        .await
        .unwrap();
    let begin = Instant::now();
    let closed = silent.is_closed();
    let talking = async {
        while begin.elapsed() < 600 * MS {
            busy.flows(Direction::Replies).await;
        }
    };
    soon(async { tokio::join!(closed, talking) }).await;
    assert_eq!(bench.gate.connections_count(), 1);
}

#[tokio::test]
async fn an_open_connection_is_reset_at_once_and_at_a_time_without_any_data() {
    for (close, least) in [
        (Close::at_once(), Duration::ZERO),
        (Close::after(200 * MS), 200 * MS),
    ] {
        let bench = Bench::open().await;
        let mut pair = bench.pair().await;
        let begin = Instant::now();
        let _guard = bench.gate.both(close.by_reset()).start().await.unwrap();
        assert!(is_reset(&mut pair.client).await);
        assert!(is_reset(&mut pair.server).await);
        assert!(begin.elapsed() >= least);
        bench.gate.wait_for_no_connections(LONG).await.unwrap();
        let ended = bench.gate.ended_connections();
        assert_eq!(ended[0].closed, Some(Closed::ByCondition(Ending::Reset)));
    }
}

#[tokio::test]
async fn all_connections_are_closed_or_reset_on_demand() {
    let bench = Bench::open().await;
    let mut pairs = [bench.pair().await, bench.pair().await, bench.pair().await];
    pairs[0].client.write_all(b"unread").await.unwrap();
    assert_eq!(bench.gate.close_all(Ending::Reset).await, 3);
    assert_eq!(bench.gate.connections_count(), 0);
    for pair in &mut pairs {
        assert!(is_reset(&mut pair.client).await);
        assert!(is_reset(&mut pair.server).await);
    }
    let (mut oldest, mut second) = (bench.pair().await, bench.pair().await);
    let first = bench.gate.connections()[0].identity;
    let closed = bench.gate.close_connections(Ending::Fin, |it| *it == first);
    assert_eq!(closed.await, 1);
    oldest.is_closed().await;
    second.flows(Direction::Requests).await;
}

#[tokio::test]
async fn a_close_in_good_order_is_seen_as_one_also_with_octets_that_nobody_read() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let mut pair = bench.pair().await;
        let _guard = bench.fault(direction, Hold).start().await.unwrap();
        pair.send(direction, &[1; 100_000]).await;
        assert_eq!(bench.gate.close_all(Ending::Fin).await, 1);
        pair.is_closed().await;
    }
}

#[tokio::test]
async fn all_that_was_passed_on_before_a_close_arrives_although_requests_were_never_read() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let _held = bench.gate.requests(Hold).start().await.unwrap();
    let limit = Close::after_octets(300_000);
    let _limit = bench.gate.replies(limit).start().await.unwrap();
    pair.send(Direction::Requests, &[1; 100_000]).await;
    pair.send(Direction::Replies, &[2; 300_000]).await;
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    let all = pair.receive_all(Direction::Replies, 300_000).await;
    assert!(all.iter().all(|octet| *octet == 2));
    pair.is_closed().await;
}

#[tokio::test]
async fn an_end_can_come_late() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let guard = bench
        .gate
        .requests(LateEnd::by(500 * MS))
        .start()
        .await
        .unwrap();
    let begin = Instant::now();
    pair.send(Direction::Requests, b"last").await;
    pair.client.shutdown().await.unwrap();
    assert_eq!(pair.receive_all(Direction::Requests, 4).await, b"last");
    assert!(begin.elapsed() < 500 * MS);
    assert_eq!(pair.receive(Direction::Requests).await, b"");
    assert!(begin.elapsed() >= 500 * MS);
    guard.stop().await.unwrap();
}
