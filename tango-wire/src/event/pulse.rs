//! Seeing that the connection for events is dead while the other one still brings heartbeats.

use std::{future::pending, time::Duration};

use tokio::time::{sleep, timeout};

use crate::zmtp::SubscriberControl;

/// Ends when a publisher leaves a PING without an answer for `patience`, if it has answered one
/// before: now or, as `answers` says, earlier.
///
/// Between the events of a quiet device nothing else travels on their connection, so a router that
/// forgets it on the way would go unnoticed.
pub(super) async fn stops(publisher: SubscriberControl, patience: Duration, mut answers: bool) {
    loop {
        match timeout(patience, publisher.ping()).await {
            Ok(Ok(())) => answers = true,
            Err(_) if answers => return,
            // who never answers speaks ZMTP 3.0; the end of the connection is seen by its reader
            Ok(Err(_)) | Err(_) => pending().await,
        }
        sleep(patience / 2).await;
    }
}
