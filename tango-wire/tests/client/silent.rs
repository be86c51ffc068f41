//! Servers that have stopped answering: everybody hears of it in time, and they cost little.

use std::time::Duration;

use tango_wire::{Client, Error, EventNotice};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::peer::Peer;

#[tokio::test]
async fn many_subscriptions_to_a_hung_device_fail_together() {
    let peer = Peer::start(6, |_| None).await;
    let timeout = Duration::from_secs(3);
    let client = Client::new().with_timeout(timeout);
    let device = client.device(&peer.url()).await.unwrap();
    // from here on nothing is answered: the clock may run ahead
    tokio::time::pause();
    let began = Instant::now();
    let mut subscribing = JoinSet::new();
    for _ in 0..50 {
        let device = device.clone();
        subscribing.spawn(async move { device.subscribe("power", |_: EventNotice| ()).await });
    }
    for outcome in subscribing.join_all().await {
        assert!(matches!(outcome.unwrap_err(), Error::TimedOut { .. }));
    }
    let lasting = began.elapsed();
    assert!(lasting < 3 * timeout, "{lasting:?}");
}

#[tokio::test]
async fn a_crowd_of_calls_does_not_use_up_all_connections() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("tango://{}/a/b/c#dbase=no", deaf.local_addr().unwrap());
    let client = Client::new().with_timeout(Duration::from_millis(500));
    let mut calling = JoinSet::new();
    for _ in 0..400 {
        let (client, url) = (client.clone(), url.clone());
        calling.spawn(async move { client.device(&url).await });
    }
    let mut accepted = Vec::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = deaf.accept() => accepted.push(stream),
            outcome = calling.join_next() => match outcome {
                Some(outcome) => {
                    let error = outcome.unwrap().unwrap_err();
                    assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
                }
                None => break,
            },
        }
    }
    assert_eq!(accepted.len(), 256);
}
