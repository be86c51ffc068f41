//! A device that has stopped answering: everybody hears of it in time.

use std::time::Duration;

use tango_wire::{Client, Error, EventNotice};
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
