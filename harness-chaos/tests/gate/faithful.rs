//! What passes as it came: ends, resets, half-closed connections, and slow readers.

use std::time::Instant;

use harness_chaos::{Closed, Direction, Gate, Hold, Side};
use harness_core::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bench::{Bench, LONG, MS, Pair, is_reset, soon};

#[tokio::test]
async fn the_end_of_a_stream_is_seen_by_the_other_side_at_once() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let mut quickest = LONG;
        // a machine that is busy with something else is not the gate's doing
        for _ in 0..5 {
            let mut pair = bench.pair().await;
            let begin = Instant::now();
            pair.ends(direction).0.shutdown().await.unwrap();
            assert_eq!(pair.receive(direction).await, b"");
            quickest = quickest.min(begin.elapsed());
        }
        assert!(quickest < 50 * MS, "{quickest:?}");
    }
}

#[tokio::test]
async fn a_closed_socket_ends_the_connection_when_the_other_side_closes_too() {
    let bench = Bench::open().await;
    let Pair { client, mut server } = bench.pair().await;
    drop(client);
    assert_eq!(server.read(&mut [0]).await.unwrap(), 0);
    drop(server);
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    let ended = bench.gate.ended_connections();
    assert_eq!(ended[0].closed, Some(Closed::Ended));
}

#[tokio::test]
async fn a_half_closed_connection_still_carries_the_answer() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    pair.send(Direction::Requests, b"question").await;
    pair.client.shutdown().await.unwrap();
    let mut question = Vec::new();
    soon(pair.server.read_to_end(&mut question)).await.unwrap();
    assert_eq!(question, b"question");
    let answer = vec![9; 1 << 20];
    let reading = tokio::spawn(async move {
        let mut answer = Vec::new();
        pair.client.read_to_end(&mut answer).await.map(|_| answer)
    });
    soon(pair.server.write_all(&answer)).await.unwrap();
    drop(pair.server);
    assert_eq!(soon(reading).await.unwrap().unwrap(), answer);
}

#[tokio::test]
async fn a_reset_comes_out_as_a_reset() {
    for (direction, side) in [
        (Direction::Requests, Side::Client),
        (Direction::Replies, Side::Upstream),
    ] {
        let bench = Bench::open().await;
        let mut pair = bench.pair().await;
        pair.flows(direction).await;
        pair.ends(direction).0.set_zero_linger().unwrap();
        let Pair { client, server } = pair;
        let (gone, mut left) = match side {
            Side::Client => (client, server),
            Side::Upstream => (server, client),
        };
        drop(gone);
        assert!(is_reset(&mut left).await);
        bench.gate.wait_for_no_connections(LONG).await.unwrap();
        let ended = bench.gate.ended_connections();
        assert_eq!(ended[0].closed, Some(Closed::ResetBy(side)));
    }
}

#[tokio::test]
async fn a_reset_is_seen_also_while_nothing_is_read() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let _guard = bench.gate.both(Hold).start().await.unwrap();
    pair.send(Direction::Requests, b"held").await;
    pair.client.set_zero_linger().unwrap();
    drop(pair.client);
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    assert!(is_reset(&mut pair.server).await);
}

#[tokio::test]
async fn what_was_said_before_a_reset_still_arrives_while_the_other_side_talks() {
    let bench = Bench::open().await;
    let Pair { mut client, server } = bench.pair().await;
    let piece = [5; 64 * 1024];
    while tokio::time::timeout(100 * MS, client.write(&piece))
        .await
        .is_ok()
    {}
    // the gate has all of it before it, at once
    assert_eq!(server.try_write(b"go away").unwrap(), 7);
    server.set_zero_linger().unwrap();
    drop(server);
    let mut words = [0; 7];
    soon(client.read_exact(&mut words)).await.unwrap();
    assert_eq!(&words, b"go away");
    assert!(is_reset(&mut client).await);
}

#[tokio::test]
async fn one_who_does_not_read_holds_the_sender_up() {
    let bench = Bench::open().await;
    let Pair {
        mut client,
        mut server,
    } = bench.pair().await;
    let piece = [5; 64 * 1024];
    let mut sent = 0;
    while let Ok(count) = tokio::time::timeout(100 * MS, client.write(&piece)).await {
        sent += count.unwrap();
        assert!(sent < 64 << 20, "the sender is not held up");
    }
    assert!(bench.gate.counts(Direction::Requests).held() <= 512 * 1024);
    let mut all = vec![0; sent];
    soon(server.read_exact(&mut all)).await.unwrap();
    assert!(all.iter().all(|octet| *octet == 5));
    client.write_all(b"on").await.unwrap();
    let mut more = [0; 2];
    soon(server.read_exact(&mut more)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_streams_pass_both_ways_at_once_unchanged() {
    let bench = Bench::open().await;
    let Pair { client, server } = bench.pair().await;
    let octets: std::sync::Arc<Vec<u8>> = std::sync::Arc::new(
        (0..8 << 20)
            .map(|number: u32| (number % 251) as u8)
            .collect(),
    );
    let mut tasks = Vec::new();
    for stream in [client, server] {
        let (mut reader, mut writer) = stream.into_split();
        let (sent, expected) = (octets.clone(), octets.clone());
        tasks.push(tokio::spawn(async move {
            writer.write_all(&sent).await.unwrap();
            writer.shutdown().await.unwrap();
        }));
        tasks.push(tokio::spawn(async move {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).await.unwrap();
            assert!(all == *expected);
        }));
    }
    for task in tasks {
        soon(task).await.unwrap();
    }
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    let summary = bench.gate.ended_connections()[0];
    assert_eq!(summary.requests.sent, 8 << 20);
    assert_eq!(summary.replies.received, 8 << 20);
    assert_eq!(summary.closed, Some(Closed::Ended));
}

#[tokio::test]
async fn a_server_that_is_down_resets_the_client() {
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let gate = Gate::to(nobody).open().await.unwrap();
    let mut client = TcpStream::connect(gate.address()).await.unwrap();
    assert!(is_reset(&mut client).await);
    assert_eq!(gate.unreachable_count(), 1);
    assert_eq!(gate.connections_count(), 0);
    assert_eq!(gate.opened_count(), 0);
}

#[tokio::test]
async fn dropping_the_last_handle_closes_everything() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let address = bench.gate.address();
    let same = bench.gate.clone();
    drop(bench);
    pair.flows(Direction::Requests).await;
    drop(same);
    pair.is_closed().await;
    let refused = async { while TcpStream::connect(address).await.is_ok() {} };
    soon(refused).await;
}

#[tokio::test]
async fn shutting_down_waits_for_those_that_are_at_work() {
    let bench = Bench::open().await;
    let Pair { mut client, server } = bench.pair().await;
    let _idle = bench.pair().await;
    let address = bench.gate.address();
    let done = tokio::spawn(bench.gate.shut_down(300 * MS));
    soon(async { while TcpStream::connect(address).await.is_ok() {} }).await;
    client.write_all(b"last words").await.unwrap();
    drop(client);
    let mut words = String::new();
    let mut server = server;
    soon(server.read_to_string(&mut words)).await.unwrap();
    assert_eq!(words, "last words");
    drop(server);
    assert_eq!(soon(done).await.unwrap(), 1, "only the idle one is left");
}
