//! The gate for datagrams over real sockets on loopback.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use harness_chaos::{
    Bandwidth, Corrupt, DatagramCondition, Delay, Direction, Duplicate, Fate, GateError, Hold,
    Loss, Reorder, Rewrite, Truncate, UdpGate,
};
use harness_core::Fault;
use tokio::net::UdpSocket;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(10);
const MS: Duration = Duration::from_millis(1);

/// A gate, the server behind it, and a client that has a session.
struct Bench {
    gate: UdpGate,
    server: UdpSocket,
    client: UdpSocket,
    /// Where the server sees the client.
    session: SocketAddr,
}

async fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.unwrap()
}

async fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 65_535];
    let received = timeout(LONG, socket.recv_from(&mut buffer)).await;
    let (count, from) = received.expect("it takes too long").unwrap();
    buffer.truncate(count);
    (buffer, from)
}

async fn is_silent(socket: &UdpSocket) -> bool {
    timeout(50 * MS, socket.peek_from(&mut [0])).await.is_err()
}

impl Bench {
    async fn open() -> Bench {
        let server = socket().await;
        let gate = UdpGate::to(server.local_addr().unwrap());
        let gate = gate.with_seed(7).open().await.unwrap();
        let client = socket().await;
        client.connect(gate.address()).await.unwrap();
        client.send(b"hello").await.unwrap();
        let (hello, session) = receive(&server).await;
        assert_eq!(hello, b"hello");
        Bench {
            gate,
            server,
            client,
            session,
        }
    }

    async fn send(&self, direction: Direction, octets: &[u8]) {
        let sent = match direction {
            Direction::Requests => self.client.send(octets).await,
            Direction::Replies => self.server.send_to(octets, self.session).await,
        };
        assert_eq!(sent.unwrap(), octets.len());
    }

    fn receiver(&self, direction: Direction) -> &UdpSocket {
        match direction {
            Direction::Requests => &self.server,
            Direction::Replies => &self.client,
        }
    }

    async fn receive(&self, direction: Direction) -> Vec<u8> {
        receive(self.receiver(direction)).await.0
    }

    async fn is_silent(&self, direction: Direction) -> bool {
        is_silent(self.receiver(direction)).await
    }

    async fn flows(&self, direction: Direction) {
        self.send(direction, b"flows").await;
        assert_eq!(self.receive(direction).await, b"flows");
    }

    async fn start(
        &self,
        direction: Direction,
        condition: impl Into<DatagramCondition>,
    ) -> harness_core::FaultGuard {
        let fault = match direction {
            Direction::Requests => self.gate.requests(condition),
            Direction::Replies => self.gate.replies(condition),
        };
        fault.start().await.unwrap()
    }
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Requests => Direction::Replies,
        Direction::Replies => Direction::Requests,
    }
}

#[tokio::test]
async fn datagrams_pass_both_ways_and_a_session_can_be_closed() {
    let bench = Bench::open().await;
    assert!(bench.gate.is_alive());
    for direction in Direction::BOTH {
        bench.flows(direction).await;
    }
    assert_eq!(bench.gate.close_all().await, 1);
    assert!(!bench.gate.is_alive());
    // the next datagram opens another one
    bench.flows(Direction::Requests).await;
    bench.gate.wait_for_sessions(1, LONG).await.unwrap();
    assert_eq!(bench.gate.ended_sessions().len(), 1);
}

#[tokio::test]
async fn queues_of_datagrams_keep_their_order_and_their_borders_both_ways_at_once() {
    let bench = Bench::open().await;
    for number in 0..5_u8 {
        for direction in Direction::BOTH {
            bench
                .send(direction, &vec![number; usize::from(number)])
                .await;
        }
    }
    for number in 0..5_u8 {
        for direction in Direction::BOTH {
            let came = bench.receive(direction).await;
            assert_eq!(came, vec![number; usize::from(number)]);
        }
    }
}

#[tokio::test]
async fn a_hundred_datagrams_at_once_all_arrive() {
    let bench = Bench::open().await;
    for number in 0..100_u8 {
        bench.send(Direction::Requests, &[number]).await;
    }
    for number in 0..100_u8 {
        assert_eq!(bench.receive(Direction::Requests).await, [number]);
    }
}

#[tokio::test]
async fn the_largest_datagram_passes_whole() {
    let bench = Bench::open().await;
    let largest = vec![1; 65_507];
    for direction in Direction::BOTH {
        bench.send(direction, &largest).await;
        assert!(bench.receive(direction).await == largest);
    }
}

#[tokio::test]
async fn each_client_has_a_session_of_its_own() {
    let bench = Bench::open().await;
    let second = socket().await;
    second
        .send_to(b"second", bench.gate.address())
        .await
        .unwrap();
    let (came, session) = receive(&bench.server).await;
    assert_eq!(came, b"second");
    assert_ne!(session, bench.session);
    bench.server.send_to(b"for you", session).await.unwrap();
    let (answer, from) = receive(&second).await;
    assert_eq!(answer, b"for you");
    assert_eq!(from, bench.gate.address());
    assert!(bench.is_silent(Direction::Replies).await);
    assert_eq!(bench.gate.sessions_count(), 2);
}

#[tokio::test]
async fn what_is_held_arrives_afterwards() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let guard = bench.start(direction, Hold).await;
        bench.send(direction, b"one").await;
        bench.send(direction, b"two").await;
        assert!(bench.is_silent(direction).await);
        bench.flows(other(direction)).await;
        guard.stop().await.unwrap();
        assert_eq!(bench.receive(direction).await, b"one");
        assert_eq!(bench.receive(direction).await, b"two");
    }
}

#[tokio::test]
async fn what_is_lost_stays_lost() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let guard = bench.start(direction, Loss::all()).await;
        bench.send(direction, b"lost").await;
        let swallowed = bench.gate.wait_for_swallowed(direction, 4, LONG);
        swallowed.await.unwrap();
        bench.flows(other(direction)).await;
        guard.stop().await.unwrap();
        bench.flows(direction).await;
        assert_eq!(bench.gate.in_force(), [""; 0]);
    }
}

#[tokio::test]
async fn what_is_delayed_comes_late_and_the_rest_at_once() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let guard = bench.start(direction, Delay::of(300 * MS)).await;
        let begin = Instant::now();
        bench.send(direction, b"late").await;
        bench.flows(other(direction)).await;
        assert!(begin.elapsed() < 300 * MS);
        assert_eq!(bench.receive(direction).await, b"late");
        assert!(begin.elapsed() >= 300 * MS);
        guard.stop().await.unwrap();
        bench.flows(direction).await;
    }
}

#[tokio::test]
async fn what_is_corrupted_differs_and_has_the_same_length() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let guard = bench.start(direction, Corrupt::bits(1)).await;
        bench.send(direction, &[0; 8]).await;
        let came = bench.receive(direction).await;
        assert!(came.len() == 8 && came.iter().all(|octet| *octet != 0));
        guard.stop().await.unwrap();
        bench.flows(direction).await;
    }
}

#[tokio::test]
async fn words_are_replaced_and_datagrams_cut_off() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let words = bench
            .start(direction, Corrupt::replacing("old", "newer"))
            .await;
        bench.send(direction, b"an old word").await;
        assert_eq!(bench.receive(direction).await, b"an newer word");
        words.stop().await.unwrap();
        let _cut = bench.start(direction, Truncate::to(4)).await;
        bench.send(direction, b"an old word").await;
        assert_eq!(bench.receive(direction).await, b"an o");
    }
}

#[tokio::test]
async fn datagrams_come_twice_and_out_of_order() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let twice = bench.start(direction, Duplicate::of(1)).await;
        bench.send(direction, b"again").await;
        assert_eq!(bench.receive(direction).await, b"again");
        assert_eq!(bench.receive(direction).await, b"again");
        twice.stop().await.unwrap();

        let _mixed = bench.start(direction, Reorder::of(0.5)).await;
        for number in 0..50_u8 {
            bench.send(direction, &[number]).await;
        }
        let mut came = Vec::new();
        for _ in 0..50 {
            came.extend(bench.receive(direction).await);
        }
        assert!(!came.is_sorted());
        came.sort_unstable();
        assert_eq!(came, (0..50).collect::<Vec<u8>>());
    }
}

#[tokio::test]
async fn a_narrow_line_takes_its_time() {
    for direction in Direction::BOTH {
        let bench = Bench::open().await;
        let _narrow = bench
            .start(direction, Bandwidth::octets_per_second(50))
            .await;
        let begin = Instant::now();
        for _ in 0..5 {
            bench.send(direction, b"five5").await;
        }
        for _ in 0..5 {
            assert_eq!(bench.receive(direction).await, b"five5");
        }
        assert!(begin.elapsed() >= 500 * MS);
    }
}

#[tokio::test]
async fn a_closure_can_lose_the_third_datagram() {
    let bench = Bench::open().await;
    let third = Rewrite::each("lose their third", || {
        let mut count = 0;
        move |datagram| {
            count += 1;
            if count == 3 {
                Fate::Drop
            } else {
                Fate::Pass(datagram)
            }
        }
    });
    let _third = bench.start(Direction::Requests, third).await;
    for number in 1..=4_u8 {
        bench.send(Direction::Requests, &[number]).await;
    }
    for number in [1, 2, 4] {
        assert_eq!(bench.receive(Direction::Requests).await, [number]);
    }
}

#[tokio::test]
async fn a_server_that_is_down_disturbs_nothing_and_is_reached_when_it_is_up() {
    let bench = Bench::open().await;
    let address = bench.server.local_addr().unwrap();
    drop(bench.server);
    for _ in 0..3 {
        bench.client.send(b"anybody?").await.unwrap();
    }
    bench
        .gate
        .wait_for_octets(Direction::Requests, 5 + 3 * 8, LONG)
        .await
        .unwrap();
    let server = UdpSocket::bind(address).await.unwrap();
    let recovery = bench
        .gate
        .recovers_within(LONG, || async {
            bench.client.send(b"now?").await.unwrap();
            timeout(100 * MS, receive(&server)).await
        })
        .await
        .unwrap();
    assert!(recovery.attempts <= 3);
}

#[tokio::test]
async fn an_idle_session_ends_and_the_gate_answers_afterwards() {
    let server = socket().await;
    let gate = UdpGate::to(server.local_addr().unwrap()).with_idle_time(50 * MS);
    let gate = gate.open().await.unwrap();
    let client = socket().await;
    for _ in 0..2 {
        client.send_to(b"hello", gate.address()).await.unwrap();
        assert_eq!(receive(&server).await.0, b"hello");
        gate.wait_for_no_sessions(LONG).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_answers_after_minutes_of_silence() {
    let bench = Bench::open().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(300)).await;
    tokio::time::resume();
    for direction in Direction::BOTH {
        bench.flows(direction).await;
    }
    assert_eq!(bench.gate.sessions_count(), 1);
}

#[tokio::test]
async fn a_closed_gate_passes_nothing_and_its_address_is_free() {
    let bench = Bench::open().await;
    let address = bench.gate.address();
    bench.gate.shut_down().await;
    let _again = UdpSocket::bind(address).await.unwrap();
    bench.client.send(b"lost").await.unwrap();
    assert!(is_silent(&bench.server).await);
}

#[tokio::test]
async fn bad_input_is_refused() {
    let bench = Bench::open().await;
    let taken = UdpGate::to("127.0.0.1:1").listen_on(bench.gate.address());
    let error = taken.open().await.unwrap_err();
    assert!(matches!(error, GateError::Listen { .. }));
    let error = UdpGate::to("nowhere").open().await.unwrap_err();
    assert!(matches!(error, GateError::NoUpstream { .. }));
    let error = bench.gate.both(Loss::of(1.5)).start().await.unwrap_err();
    assert_eq!(
        error.source().unwrap().to_string(),
        "a part of the datagrams of 1.5 is impossible: give a number from 0 to 1"
    );
    for direction in Direction::BOTH {
        bench.flows(direction).await;
    }
}
