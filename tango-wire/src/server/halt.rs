//! Stops a server, once, whoever asks first.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    task::JoinHandle,
    time::sleep,
};

use super::{EventPublisher, ServerError, events::RunningEvents, registration::Registration};
use crate::zmtp::Publisher;

/// Time for the reply to a client that has asked a server to stop; cppTango gives as much.
const FAREWELL: Duration = Duration::from_millis(500);

/// What of a running server must be stopped.
#[derive(Debug)]
pub(super) struct Halt {
    events: EventPublisher,
    /// What this server has attached to the publisher, which another server may have by now.
    publishing: Weak<RunningEvents>,
    working: Mutex<Option<Working>>,
    stopped: watch::Sender<bool>,
}

/// Taken by the one that stops the server.
#[derive(Debug)]
struct Working {
    tasks: Tasks,
    registration: Option<Registration>,
}

#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) accepting: JoinHandle<()>,
    pub(super) beating: JoinHandle<()>,
    pub(super) heartbeats: Arc<Publisher>,
    /// Calls that still run end when this is sent, or dropped.
    pub(super) stop: watch::Sender<()>,
}

impl Tasks {
    fn abort(&self) {
        self.stop.send_replace(());
        self.accepting.abort();
        self.beating.abort();
    }

    /// Stops them and waits until they are gone, their ports with them.
    async fn stop(&mut self) {
        self.abort();
        for task in [&mut self.accepting, &mut self.beating] {
            // it was cancelled: nothing else to learn
            let _ = task.await;
        }
        self.heartbeats.close().await;
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.abort();
    }
}

impl Halt {
    pub(super) fn new(
        events: EventPublisher,
        publishing: Weak<RunningEvents>,
        tasks: Tasks,
    ) -> Self {
        Self {
            events,
            publishing,
            working: Mutex::new(Some(Working {
                tasks,
                registration: None,
            })),
            stopped: watch::Sender::new(false),
        }
    }

    /// Notes what the database has to be told in the end.
    pub(super) fn register(&self, registration: Registration) {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(working) = working.as_mut() {
            working.registration = Some(registration);
        }
    }

    fn take(&self) -> Option<Working> {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        working.take()
    }

    /// Tells the database, then stops everything and waits until the ports are free. If somebody
    /// else has begun with it, waits for him. If this is cancelled the rest is stopped at once.
    pub(super) async fn stop(&self) -> Result<(), ServerError> {
        let Some(mut working) = self.take() else {
            self.stopped().await;
            return Ok(());
        };
        let told = match &working.registration {
            Some(registration) => registration.unexport().await,
            None => Ok(()),
        };
        let events = self.events.detach(&self.publishing);
        working.tasks.stop().await;
        if let Some(events) = events {
            events.close().await;
        }
        self.stopped.send_replace(true);
        told
    }

    /// Waits until it has stopped.
    pub(super) async fn stopped(&self) {
        // the sender is our own: it does not go away meanwhile
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Stops when a client asks for it.
    pub(super) async fn stop_on(self: Arc<Self>, killed: Arc<Notify>) {
        killed.notified().await;
        tracing::info!("a client has stopped the server by the command Kill");
        sleep(FAREWELL).await;
        if let Err(error) = self.stop().await {
            tracing::warn!(%error, "could not take a server out of the database");
        }
    }

    /// Stops at once; the database is told in the background.
    pub(super) fn stop_now(&self, address: SocketAddr) {
        self.events.detach(&self.publishing);
        if let Some(mut working) = self.take()
            && let Some(registration) = working.registration.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let Working { mut tasks, .. } = working;
            tasks.abort();
            runtime.spawn(async move {
                tasks.stop().await;
                drop(tasks);
                if let Err(error) = registration.unexport_late(address).await {
                    tracing::debug!(%error, "could not take a server out of the database");
                }
            });
        }
    }
}
