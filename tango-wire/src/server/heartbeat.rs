//! Tells the subscribers of a server's events that it is alive.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::events::call_info;
use crate::{cdr::ByteOrder, zmtp::Publisher};

/// Clients take a server for lost after 10 seconds; cppTango beats every 9.
const INTERVAL: Duration = Duration::from_secs(5);

/// Beats for ever, on each of the topics.
pub(super) async fn send_heartbeats(publisher: Arc<Publisher>, topics: Vec<String>) {
    let Ok(call) = call_info(0, false) else {
        return;
    };
    let mut beat = interval(INTERVAL);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        for topic in &topics {
            publisher.publish(&[topic.as_bytes(), &[ByteOrder::Little.flag()], &call]);
        }
    }
}
