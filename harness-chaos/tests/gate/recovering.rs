//! Proof that what is behind a gate came back.

use std::time::Duration;

use harness_chaos::{Close, Direction};
use harness_core::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::bench::{LONG, MS};

/// A server that answers every octet.
async fn echo() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reader, mut writer) = stream.into_split();
                tokio::io::copy(&mut reader, &mut writer).await
            });
        }
    });
    address
}

/// One call, on a connection of its own.
async fn call(address: std::net::SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"?").await?;
    stream.read_exact(&mut [0]).await?;
    Ok(())
}

#[tokio::test]
async fn a_recovery_is_counted_from_the_end_of_the_fault() {
    let gate = harness_chaos::Gate::to(echo().await).open().await.unwrap();
    let address = gate.address();
    call(address).await.unwrap();
    let down = gate.down().start().await.unwrap();
    assert!(call(address).await.is_err());
    let error = gate.recovers_within(50 * MS, || call(address)).await;
    let error = error.unwrap_err();
    assert!(error.to_string().starts_with("no recovery within 50 ms"));
    assert!(std::error::Error::source(&error).is_some());
    down.stop().await.unwrap();
    let recovery = gate.recovers_within(LONG, || call(address)).await.unwrap();
    assert_eq!(recovery.attempts, 1);
    assert!(recovery.took < Duration::from_secs(5));
}

#[tokio::test]
async fn a_client_with_a_pool_of_dead_connections_recovers_when_it_has_consumed_them() {
    let gate = harness_chaos::Gate::to(echo().await).open().await.unwrap();
    let mut pool = Vec::new();
    for _ in 0..10 {
        pool.push(TcpStream::connect(gate.address()).await.unwrap());
    }
    gate.wait_for_connections(10, LONG).await.unwrap();
    let guard = gate.requests(Close::on_data()).start().await.unwrap();
    for stream in &mut pool {
        stream.write_all(b"?").await.unwrap();
        assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
    }
    gate.wait_for_no_connections(LONG).await.unwrap();
    guard.stop().await.unwrap();
    let address = gate.address();
    let recovery = gate
        .recovers_within(LONG, || {
            let dead = pool.pop();
            async move {
                match dead {
                    Some(mut stream) => {
                        stream.write_all(b"?").await?;
                        stream.read_exact(&mut [0]).await.map(|_| ())
                    }
                    None => call(address).await,
                }
            }
        })
        .await
        .unwrap();
    assert_eq!(recovery.attempts, 11);
    assert_eq!(gate.counts(Direction::Replies).sent, 1);
}

#[tokio::test]
async fn a_call_fails_while_nobody_accepts_and_works_again_afterwards() {
    let gate = harness_chaos::Gate::to(echo().await).open().await.unwrap();
    let address = gate.address();
    let mut kept = TcpStream::connect(address).await.unwrap();
    gate.wait_for_connections(1, LONG).await.unwrap();
    let refused = gate.new_connections(harness_chaos::Arrival::Refused);
    let guard = refused.start().await.unwrap();
    gate.close_all(harness_chaos::Ending::Fin).await;
    assert_eq!(kept.read(&mut [0]).await.unwrap(), 0);
    assert!(call(address).await.is_err());
    assert_eq!(gate.connections_count(), 0);
    guard.stop().await.unwrap();
    gate.recovers_within(LONG, || call(address)).await.unwrap();
}
