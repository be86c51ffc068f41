//! New connections that are refused, kept waiting, or closed.

use std::io::ErrorKind;

use harness_chaos::{Arrival, Direction, Ending};
use harness_core::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::bench::{Bench, LONG, Pair, is_reset, soon};

#[tokio::test]
async fn new_connections_are_refused_and_old_ones_live() {
    let bench = Bench::open().await;
    let mut old = bench.pair().await;
    let address = bench.gate.address();
    let fault = bench.gate.new_connections(Arrival::Refused);
    let guard = fault.start().await.unwrap();
    assert_eq!(guard.description(), "new connections are refused");
    assert_eq!(bench.gate.in_force(), ["new connections are refused"]);
    let error = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    old.flows(Direction::Requests).await;
    assert!(!bench.is_reached().await);
    guard.stop().await.unwrap();
    assert_eq!(bench.gate.in_force(), [""; 0]);
    assert_eq!(bench.gate.address(), address);
    bench.pair().await.flows(Direction::Replies).await;
}

#[tokio::test]
async fn nobody_else_gets_the_port_while_connections_are_refused() {
    let bench = Bench::open().await;
    let guard = bench.gate.new_connections(Arrival::Refused).start().await;
    let another = TcpSocket::new_v4().unwrap();
    another.set_reuseaddr(false).unwrap();
    let error = another.bind(bench.gate.address()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    guard.unwrap().stop().await.unwrap();
    bench.pair().await.flows(Direction::Requests).await;
}

#[tokio::test]
async fn new_connections_that_are_not_answered_are_served_afterwards() {
    let bench = Bench::open().await;
    let mut old = bench.pair().await;
    let fault = bench.gate.new_connections(Arrival::Unanswered);
    let guard = fault.start().await.unwrap();
    let mut client = soon(TcpStream::connect(bench.gate.address()))
        .await
        .unwrap();
    client.write_all(b"hello").await.unwrap();
    assert!(!bench.is_reached().await);
    old.flows(Direction::Replies).await;
    guard.stop().await.unwrap();
    let mut server = bench.accept().await;
    let mut words = [0; 5];
    soon(server.read_exact(&mut words)).await.unwrap();
    assert_eq!(&words, b"hello");
}

#[tokio::test]
async fn new_connections_are_closed_or_reset_at_once() {
    let bench = Bench::open().await;
    for (ending, reset) in [(Ending::Fin, false), (Ending::Reset, true)] {
        let fault = bench.gate.new_connections(Arrival::Closed(ending));
        let guard = fault.start().await.unwrap();
        let mut client = TcpStream::connect(bench.gate.address()).await.unwrap();
        assert_eq!(is_reset(&mut client).await, reset);
        assert!(!bench.is_reached().await);
        guard.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_network_that_is_cut_off_delivers_afterwards() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let cut = bench.gate.cut_off().start().await.unwrap();
    assert_eq!(cut.description(), "the network is cut off");
    for direction in Direction::BOTH {
        pair.send(direction, b"kept").await;
        assert!(pair.is_silent(direction).await);
    }
    let client = TcpStream::connect(bench.gate.address()).await.unwrap();
    assert!(!bench.is_reached().await);
    cut.stop().await.unwrap();
    for direction in Direction::BOTH {
        assert_eq!(pair.receive_all(direction, 4).await, b"kept");
    }
    let server = bench.accept().await;
    Pair { client, server }.flows(Direction::Requests).await;
}

#[tokio::test]
async fn a_server_that_is_down_comes_back_on_the_same_port() {
    let bench = Bench::open().await;
    let mut pair = bench.pair().await;
    let address = bench.gate.address();
    let down = bench.gate.down().start().await.unwrap();
    assert!(is_reset(&mut pair.client).await);
    assert!(is_reset(&mut pair.server).await);
    let error = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    bench.gate.wait_for_no_connections(LONG).await.unwrap();
    assert!(!bench.is_reached().await);
    down.stop().await.unwrap();
    bench.pair().await.flows(Direction::Requests).await;
}

#[tokio::test]
async fn a_port_that_was_taken_meanwhile_is_told_when_the_fault_ends() {
    let bench = Bench::open().await;
    let guard = bench.gate.new_connections(Arrival::Refused);
    let guard = guard.start().await.unwrap();
    let thief = tokio::net::TcpListener::bind(bench.gate.address())
        .await
        .unwrap();
    let error = guard.stop().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the fault could not be stopped: new connections are refused"
    );
    drop(thief);
    // it can be asked for again
    bench.gate.reset().await.unwrap();
    bench.pair().await.flows(Direction::Requests).await;
}
