//! Networks of gates: ways, parts, faults of parts.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::ErrorKind;
use std::time::Duration;

use harness_chaos::{Arrival, Close, Link, Network, NetworkError, Profile};
use harness_core::Fault;
use harness_core::fault::Timetable;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// More than any answer takes, and never waited for in vain when all is well.
const LONG: Duration = Duration::from_secs(20);

/// A server that says again what it hears; its address.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reads, mut writes) = stream.split();
                tokio::io::copy(&mut reads, &mut writes).await
            });
        }
    });
    address
}

/// Whether what is said on a new connection comes back.
async fn answers(network: &Network, link: &Link, upstream: &str) -> bool {
    let way = network.way(link, upstream).await.unwrap();
    let Ok(mut client) = TcpStream::connect(way).await else {
        return false;
    };
    let answered = async {
        client.write_all(b"hello").await?;
        let mut answer = [0; 5];
        client.read_exact(&mut answer).await.map(|_| answer)
    };
    matches!(
        tokio::time::timeout(LONG, answered).await.unwrap(),
        Ok(answer) if answer == *b"hello"
    )
}

#[tokio::test]
async fn a_link_has_one_gate_for_each_place_it_leads_to() {
    let (network, one, other) = (Network::new(), echo().await, echo().await);
    let link = Link::new("low/sub/1", "calls");
    let way = network.way(&link, &one).await.unwrap();
    assert_eq!(network.way(&link, &one).await.unwrap(), way);
    assert_ne!(network.way(&link, &other).await.unwrap(), way);
    assert_ne!(
        network
            .way(&Link::new("low/sub/1", "events"), &one)
            .await
            .unwrap(),
        way
    );
    assert_eq!(network.gates().len(), 3);
    assert!(answers(&network, &link, &one).await);
}

#[tokio::test]
async fn a_fault_is_at_gates_that_are_open_and_at_those_that_are_opened_and_nowhere_else() {
    let (network, upstream) = (Network::new(), echo().await);
    let [first, events, second, third] = [
        Link::new("low/sub/1", "calls"),
        Link::new("low/sub/1", "events"),
        Link::new("low/sub/2", "calls"),
        Link::new("low/sub/3", "calls"),
    ];
    for link in [&first, &events, &third] {
        assert!(answers(&network, link, &upstream).await);
    }
    let part = network
        .to(["LOW/sub/1", "low/sub/2"])
        .for_services(["calls"]);
    let guard = part.both(Close::on_data()).start().await.unwrap();
    assert_eq!(
        guard.description(),
        "the network to low/sub/1, low/sub/2 (calls): requests and replies close their connection \
         when data comes"
    );
    assert!(!answers(&network, &first, &upstream).await);
    assert!(!answers(&network, &second, &upstream).await, "opened later");
    assert!(answers(&network, &events, &upstream).await);
    assert!(answers(&network, &third, &upstream).await);
    assert_eq!(network.in_force().await.len(), 1);

    guard.stop().await.unwrap();
    for link in [&first, &second] {
        assert!(answers(&network, link, &upstream).await);
    }
    assert!(network.in_force().await.is_empty());
}

#[tokio::test]
async fn a_guard_that_is_dropped_ends_it_too_and_faults_add_up() {
    let (network, upstream) = (Network::new(), echo().await);
    let link = Link::new("low/sub/1", "calls");
    let refused = network.all().new_connections(Arrival::Refused);
    let outer = refused.start().await.unwrap();
    let inner = network.all().down().start().await.unwrap();
    assert_eq!(
        outer.description(),
        "the network: new connections are refused"
    );
    assert_eq!(inner.description(), "the network is down");
    let way = network.way(&link, &upstream).await.unwrap();
    let connect = || TcpStream::connect(way);
    assert_eq!(
        connect().await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    drop(inner);
    let calm = async {
        while network.in_force().await.len() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, calm).await.unwrap();
    assert_eq!(
        connect().await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    outer.stop().await.unwrap();
    assert!(answers(&network, &link, &upstream).await);
}

#[tokio::test]
async fn nobody_behind_a_gate_is_a_refusal_and_not_a_broken_connection() {
    let network = Network::new();
    let link = Link::new("low/sub/1", "calls");
    let place = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let error = network.way(&link, &place).await.unwrap_err();
    assert!(matches!(error, NetworkError::Refused { .. }), "{error}");
    assert_eq!(
        std::io::Error::from(error).kind(),
        ErrorKind::ConnectionRefused
    );
    let error = network.way(&link, "nowhere").await.unwrap_err();
    assert!(matches!(error, NetworkError::Gate { .. }), "{error}");
}

#[tokio::test]
async fn what_is_impossible_does_not_begin_anywhere() {
    let (network, upstream) = (Network::new(), echo().await);
    let link = Link::new("low/sub/1", "calls");
    assert!(answers(&network, &link, &upstream).await);
    let half = network.all().down().with_probability(1.5);
    let error = half.start().await.unwrap_err();
    let why = std::error::Error::source(&error).unwrap();
    let why = why.source().unwrap().to_string();
    assert!(why.contains("a probability of 1.5 is impossible"), "{why}");
    assert!(network.in_force().await.is_empty());
    assert!(answers(&network, &link, &upstream).await);

    let fault = network.all().down();
    drop(network);
    assert!(fault.start().await.is_err(), "the network is gone");
}

#[tokio::test]
async fn a_seed_gives_each_link_the_same_seed_again() {
    let upstream = [echo().await, echo().await];
    let mut seeds = Vec::new();
    for number in [7, 7, 8] {
        let network = Network::new().with_seed(number);
        for (node, place) in [("a/b/1", 0), ("a/b/1", 1), ("a/b/2", 0)] {
            let link = Link::new(node, "calls");
            network.way(&link, &upstream[place]).await.unwrap();
        }
        let mut gates: Vec<u64> = network
            .gates()
            .iter()
            .map(|it| it.1.seed().number())
            .collect();
        gates.sort_unstable();
        gates.dedup();
        assert_eq!(gates.len(), 3, "each has another");
        seeds.push(gates);
    }
    assert_eq!(seeds[0], seeds[1]);
    assert_ne!(seeds[0], seeds[2]);
}

#[tokio::test]
async fn a_profile_is_a_fault_of_a_part() {
    let (network, upstream) = (Network::new(), echo().await);
    let link = Link::new("low/sub/1", "calls");
    let profile: Profile = "site-wan".parse().unwrap();
    let guard = network.all().like(&profile).start().await.unwrap();
    let begin = tokio::time::Instant::now();
    assert!(answers(&network, &link, &upstream).await);
    assert!(
        begin.elapsed() >= Duration::from_millis(36),
        "18 ms each way at least"
    );
    guard.stop().await.unwrap();
    for profile in Profile::ALL {
        let guard = network.all().like(profile).start().await.unwrap();
        guard.stop().await.unwrap();
    }
    assert!(answers(&network, &link, &upstream).await);
}

#[tokio::test]
async fn a_recovery_is_counted_from_the_end_of_what_ended_meanwhile() {
    let (network, upstream) = (Network::new(), echo().await);
    let link = Link::new("low/sub/1", "calls");
    assert!(answers(&network, &link, &upstream).await);
    let outage = Timetable::once(network.all().cut_off(), Duration::from_millis(600));
    let begin = tokio::time::Instant::now();
    let guard = outage.start().await.unwrap();
    let probe = || async {
        match answers(&network, &link, &upstream).await {
            true => Ok(()),
            false => Err("no answer"),
        }
    };
    let recovery = network.all().recovers_within(LONG, probe).await.unwrap();
    let lasted = begin.elapsed();
    assert!(
        recovery.took + Duration::from_millis(500) < lasted,
        "{recovery}, and all lasted {lasted:?}"
    );
    guard.stop().await.unwrap();
}
