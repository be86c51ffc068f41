//! The one connection to a server's events, shared by all subscriptions to that server.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    SubscribeError,
    fingerprint::{Fingerprint, Fingerprints},
    point::Endpoints,
    pulse,
    route::EventSink,
};
use crate::client::{Directions, HostPort, Service};
use crate::zmtp::{Message, SubscriberControl, SubscriberSocket, ZmtpError};

/// How long one address of a server is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a publisher may take to take a subscription in, if it does not answer PING; what
/// cppTango's own client waits.
const SETTLING_TIME: Duration = Duration::from_millis(50);
/// How long it may take if it has to answer PING: the way may be long, and either machine busy.
const ANSWERING_TIME: Duration = Duration::from_secs(3);
/// libzmq answers PING in its I/O thread; the socket itself takes the subscription over up to about
/// a millisecond later, with its next message.
const TAKE_OVER_TIME: Duration = Duration::from_millis(5);

/// A live connection; ends when dropped.
#[derive(Debug)]
pub(super) struct EventChannel {
    /// Where it leads.
    endpoints: Endpoints,
    control: SubscriberControl,
    flushes: mpsc::UnboundedSender<oneshot::Sender<()>>,
    shared: Arc<Shared>,
    reading: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    topics: Mutex<HashMap<Vec<u8>, Topic>>,
    fingerprints: Fingerprints,
    /// Why the connection ended, once it has.
    ended: watch::Sender<Option<Arc<str>>>,
}

#[derive(Debug, Default)]
struct Topic {
    routes: Vec<Arc<dyn EventSink>>,
    last: Option<Fingerprint>,
}

impl EventChannel {
    /// Connects to both sockets of a server.
    pub(super) async fn connect(
        directions: &Directions,
        endpoints: &Endpoints,
        heartbeat_topic: &[u8],
        heartbeat_timeout: Duration,
    ) -> Result<Self, SubscribeError> {
        let heartbeats = connect(directions, &endpoints.heartbeats, Service::Heartbeats).await?;
        let events = connect(directions, &endpoints.events, Service::Events).await?;
        heartbeats
            .subscribe(heartbeat_topic)
            .map_err(|source| SubscribeError::Connect {
                endpoint: endpoints.heartbeats.clone(),
                source,
            })?;
        let events_control = events.control();
        let shared = Arc::new(Shared {
            topics: Mutex::default(),
            fingerprints: Fingerprints::new(),
            ended: watch::Sender::new(None),
        });
        let (flushes, flush_requests) = mpsc::unbounded_channel();
        let reader = ReadingEnd {
            events,
            heartbeats,
            flush_requests,
            patience: heartbeat_timeout,
        };
        Ok(Self {
            endpoints: endpoints.clone(),
            control: events_control,
            flushes,
            reading: tokio::spawn(reader.read_on(Arc::clone(&shared))),
            shared,
        })
    }

    /// Where it leads.
    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Whether it can still bring events.
    pub(super) fn is_live(&self) -> bool {
        self.shared.ended.borrow().is_none()
    }

    /// Waits for the end of the connection, and says why it ended. Cancel-safe.
    pub(super) async fn ended(&self) -> Arc<str> {
        let mut ended = self.shared.ended.subscribe();
        let reason = ended.wait_for(Option::is_some).await;
        reason
            .ok()
            .and_then(|reason| reason.clone())
            .unwrap_or_else(|| "closed".into())
    }

    /// Lets the events of a topic go to `route` as well.
    pub(super) fn add(
        &self,
        topic: &[u8],
        route: &Arc<dyn EventSink>,
    ) -> Result<(), SubscribeError> {
        let mut topics = self.shared.topics();
        if let Some(reason) = &*self.shared.ended.borrow() {
            return Err(SubscribeError::Ended {
                reason: reason.to_string(),
            });
        }
        let entry = topics.entry(topic.to_vec()).or_default();
        if entry.routes.is_empty() {
            self.control.subscribe(topic).map_err(ended)?;
        }
        entry.routes.push(Arc::clone(route));
        Ok(())
    }

    /// Takes a route out; the last one takes the topic with it.
    pub(super) fn remove(&self, topic: &[u8], route: &Arc<dyn EventSink>) {
        let mut topics = self.shared.topics();
        let Some(entry) = topics.get_mut(topic) else {
            return;
        };
        entry.routes.retain(|other| !Arc::ptr_eq(other, route));
        if entry.routes.is_empty() {
            topics.remove(topic);
            // on a connection that has ended there is nothing to take back
            let _ = self.control.unsubscribe(topic);
        }
    }

    /// Waits until the publisher has certainly taken in what was subscribed to. Cancel-safe.
    ///
    /// # Errors
    /// The publisher has to answer PING and does not.
    pub(super) async fn confirm(&self) -> Result<(), SubscribeError> {
        let begin = Instant::now();
        let pause = match timeout(self.answering_time(), self.control.ping()).await {
            Ok(answered) => {
                answered.map_err(ended)?;
                TAKE_OVER_TIME
            }
            Err(_) if self.control.answers_ping() => {
                let reason = format!("the publisher has not answered within {ANSWERING_TIME:?}");
                return Err(SubscribeError::Ended { reason });
            }
            Err(_) => SETTLING_TIME.saturating_sub(begin.elapsed()),
        };
        sleep(pause).await;
        Ok(())
    }

    fn answering_time(&self) -> Duration {
        if self.control.answers_ping() {
            ANSWERING_TIME
        } else {
            SETTLING_TIME
        }
    }

    /// Waits until what the publisher has sent so far is with the routes; not long, if it does not
    /// answer PING. Cancel-safe.
    pub(super) async fn catch_up(&self) {
        let _ = timeout(self.answering_time(), self.control.ping()).await;
        let (flushed, done) = oneshot::channel();
        if self.flushes.send(flushed).is_ok() {
            // under a flood of events the queue may never be empty
            let _ = timeout(SETTLING_TIME, done).await;
        }
    }
}

impl Drop for EventChannel {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Shared {
    fn topics(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Topic>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a message to the routes of its topic.
    fn dispatch(&self, message: &Message) {
        for route in self.accept(message) {
            route.take(message);
        }
    }

    /// Who gets a message: nobody if it is the one before it again.
    ///
    /// cppTango sends the first event after each subscription twice, with one counter; real events
    /// with a value differ in their time if in nothing else, also where the counter stays at 0. It
    /// does so to all whenever anybody subscribes, so any event may come twice, not the first one
    /// only.
    fn accept(&self, message: &Message) -> Vec<Arc<dyn EventSink>> {
        // before the lock is taken: it may be 64 MiB
        let this = Fingerprint::of(message, &self.fingerprints);
        let mut topics = self.topics();
        let Some(topic) = topics.get_mut(message.topic()) else {
            return Vec::new();
        };
        if topic.last.replace(this) == Some(this) && this.tells_doubles() {
            return Vec::new();
        }
        topic.routes.clone()
    }

    fn end(&self, reason: &str) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            if first {
                *ended = Some(reason.into());
            }
            first
        });
    }
}

/// Connects to a socket of a server, or to what stands before it.
async fn connect(
    directions: &Directions,
    endpoint: &str,
    service: Service,
) -> Result<SubscriberSocket, SubscribeError> {
    let failed = |source| SubscribeError::Connect {
        endpoint: endpoint.to_owned(),
        source,
    };
    let connecting = async {
        // what is no host:port is no destination that a book could know
        match endpoint.parse::<HostPort>() {
            Ok(place) => {
                let place = directions
                    .to(&place, service)
                    .await
                    .map_err(ZmtpError::Io)?;
                SubscriberSocket::connect(&place.to_string()).await
            }
            Err(_) => SubscriberSocket::connect(endpoint).await,
        }
    };
    match timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connected) => connected.map_err(failed),
        Err(_) => Err(failed(ZmtpError::HandshakeTimedOut(CONNECT_TIMEOUT))),
    }
}

fn ended(error: ZmtpError) -> SubscribeError {
    SubscribeError::Ended {
        reason: error.to_string(),
    }
}

/// What the reading task owns.
struct ReadingEnd {
    events: SubscriberSocket,
    heartbeats: SubscriberSocket,
    flush_requests: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    patience: Duration,
}

impl ReadingEnd {
    /// Reads both sockets until one of them fails or the heart stops.
    async fn read_on(mut self, shared: Arc<Shared>) {
        // a handler that panics takes this task with it: the subscriptions must hear of that, too
        let shared = EndWhenDropped(shared);
        let mut silent_at = Instant::now() + self.patience;
        let mut heard_at = Instant::now();
        let publisher = self.events.control();
        let mut pulse = pin!(pulse::stops(publisher.clone(), self.patience, false));
        let reason = loop {
            tokio::select! {
                // events first: a flush is done when no event is waiting, and a heartbeat that
                // waited behind a flood of events still counts before the silence does
                biased;
                message = self.events.next() => match message {
                    Ok(message) => {
                        let began = Instant::now();
                        shared.0.dispatch(&message);
                        heard_at = Instant::now();
                        // no silence of the server's: while a handler takes its time, nothing is
                        // listened to, and on this thread nothing may even be received
                        silent_at += heard_at - began;
                    }
                    Err(error) => break format!("the event connection broke: {error}"),
                },
                Some(flushed) = self.flush_requests.recv() => {
                    // who asked may have given up
                    let _ = flushed.send(());
                }
                beat = self.heartbeats.next() => match beat {
                    Ok(_) => silent_at = Instant::now() + self.patience,
                    Err(error) => break format!("the heartbeat connection broke: {error}"),
                },
                () = &mut pulse => {
                    let seconds = self.patience.as_secs_f64();
                    if heard_at.elapsed() >= self.patience {
                        break format!("the event connection has given no answer for {seconds} s");
                    }
                    // the answer is on its way, behind the events
                    pulse.set(pulse::stops(publisher.clone(), self.patience, true));
                }
                () = sleep_until(silent_at) => {
                    let seconds = self.patience.as_secs_f64();
                    break format!("the server has sent no heartbeat for {seconds} s");
                }
            }
        };
        shared.0.end(&reason);
    }
}

struct EndWhenDropped(Arc<Shared>);

impl Drop for EndWhenDropped {
    fn drop(&mut self) {
        self.0
            .end("the task that reads the events has ended; did an event handler panic?");
    }
}
