//! The connection that brings all events of one server process, and the task that reads it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::opening::Opening;
use super::source::EventSource;
use super::topic::{Topic, with_sources};
use super::{EventHandler, EventNotice};
use crate::types::{AttributeReading, DevFailed};
use crate::zmtp::{Message, SubscriberControl, SubscriberSocket, ZmtpError};

/// A server sends a heartbeat every 9 s: this is two and a bit.
const SILENCE_LIMIT: Duration = Duration::from_secs(20);
/// How often the silence is measured.
const SILENCE_CHECK: Duration = Duration::from_millis(500);
/// How long a PONG is waited for. cppTango waits that long without asking.
const CONFIRMATION_LIMIT: Duration = Duration::from_millis(50);
/// libzmq's socket takes a subscription over from its connection up to about 1 ms after the PONG.
const SETTLING: Duration = Duration::from_millis(5);

/// So many events in a row, and commands get their turn even if more events wait.
const LONGEST_BURST: u32 = 1024;

/// A handle of the task. The task ends when the last handle is dropped.
#[derive(Debug)]
pub(super) struct Consumer {
    commands: mpsc::UnboundedSender<Command>,
    control: SubscriberControl,
    last_id: AtomicU64,
}

/// Who is told about the events of a topic.
struct Subscriber {
    id: u64,
    handler: Arc<dyn EventHandler>,
    /// False once the subscription was dropped.
    wanted: Arc<AtomicBool>,
    /// Told when events are lost, and why.
    lost: Option<oneshot::Sender<String>>,
    /// The notices that came before the subscription was opened; none are kept afterwards.
    kept: Option<Vec<EventNotice>>,
}

enum Command {
    Register {
        topic: String,
        subscriber: Subscriber,
        done: oneshot::Sender<()>,
    },
    Open {
        topic: String,
        id: u64,
        notices: OpeningNotices,
        done: oneshot::Sender<()>,
    },
    Lose {
        topic: String,
        id: u64,
        reason: String,
    },
    Unregister {
        topic: String,
        id: u64,
    },
}

type OpeningNotices = (Opening, Result<AttributeReading, DevFailed>);

/// The connection has ended, or ends before it brought what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection for events was closed")]
pub(super) struct ConsumerGone;

impl Consumer {
    /// Connects to a server's events and heartbeat and starts the task.
    pub(super) async fn connect(
        source: &EventSource,
        limit: Duration,
    ) -> Result<Arc<Consumer>, ZmtpError> {
        let mut failure = ZmtpError::Closed;
        for (heartbeat, events) in &source.places {
            let connecting = async {
                let events = SubscriberSocket::connect(events.as_str()).await?;
                let heartbeat = SubscriberSocket::connect(heartbeat.as_str()).await?;
                heartbeat.subscribe(source.heartbeat_topic.as_bytes())?;
                Ok::<_, ZmtpError>((events, heartbeat))
            };
            match timeout(limit, connecting).await {
                Ok(Ok((events, heartbeat))) => return Ok(Consumer::start(events, heartbeat)),
                Ok(Err(error)) => failure = error,
                Err(_) => failure = ZmtpError::HandshakeTimedOut(limit),
            }
        }
        Err(failure)
    }

    fn start(events: SubscriberSocket, heartbeat: SubscriberSocket) -> Arc<Consumer> {
        let (commands, queue) = mpsc::unbounded_channel();
        let control = events.control();
        let state = State {
            control: control.clone(),
            topics: HashMap::new(),
        };
        tokio::spawn(run(state, events, heartbeat, queue));
        Arc::new(Consumer {
            commands,
            control,
            last_id: AtomicU64::new(0),
        })
    }

    /// False once the connection has ended.
    pub(super) fn is_alive(&self) -> bool {
        !self.commands.is_closed()
    }

    /// Subscribes to a topic. Notices are kept until [`Registration::open`].
    pub(super) async fn register(
        self: &Arc<Self>,
        topic: &str,
        handler: Arc<dyn EventHandler>,
        wanted: Arc<AtomicBool>,
    ) -> Result<Registration, ConsumerGone> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed);
        let (lost, is_lost) = oneshot::channel();
        let (done, is_done) = oneshot::channel();
        let subscriber = Subscriber {
            id,
            handler,
            wanted,
            lost: Some(lost),
            kept: Some(Vec::new()),
        };
        let topic = topic.to_owned();
        let registration = Registration {
            consumer: Arc::clone(self),
            topic: topic.clone(),
            id,
            is_lost,
        };
        self.send(Command::Register {
            topic,
            subscriber,
            done,
        })?;
        is_done.await.map_err(|_| ConsumerGone)?;
        Ok(registration)
    }

    /// Waits until the server must have taken in the subscriptions made so far.
    pub(super) async fn confirm(&self) -> Result<(), ConsumerGone> {
        match timeout(CONFIRMATION_LIMIT, self.control.ping()).await {
            Ok(Ok(())) => sleep(SETTLING).await,
            Ok(Err(_)) => return Err(ConsumerGone),
            // no PONG: a server that old does as cppTango expects of it
            Err(_) => {}
        }
        Ok(())
    }

    /// Waits until the events that were sent so far have arrived.
    pub(super) async fn catch_up(&self) -> Result<(), ConsumerGone> {
        match timeout(CONFIRMATION_LIMIT, self.control.ping()).await {
            Ok(Err(_)) => Err(ConsumerGone),
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    fn send(&self, command: Command) -> Result<(), ConsumerGone> {
        self.commands.send(command).map_err(|_| ConsumerGone)
    }
}

/// A place among the subscribers of a topic; dropping it gives it up.
#[derive(Debug)]
pub(super) struct Registration {
    consumer: Arc<Consumer>,
    topic: String,
    id: u64,
    is_lost: oneshot::Receiver<String>,
}

impl Registration {
    /// Hands the handler the reading and what was kept, and from then on every event.
    pub(super) async fn open(
        &self,
        opening: Opening,
        outcome: Result<AttributeReading, DevFailed>,
    ) -> Result<(), ConsumerGone> {
        let (done, is_done) = oneshot::channel();
        let (topic, id) = (self.topic.clone(), self.id);
        self.consumer.send(Command::Open {
            topic,
            id,
            notices: (opening, outcome),
            done,
        })?;
        is_done.await.map_err(|_| ConsumerGone)
    }

    /// Waits until no more events come, and says why. Cancel-safe.
    pub(super) async fn lost(&mut self) -> String {
        match (&mut self.is_lost).await {
            Ok(reason) => reason,
            Err(_) => ConsumerGone.to_string(),
        }
    }

    /// Tells the handler that events are lost, for a reason that is seen from elsewhere.
    pub(super) fn lose(&self, reason: String) {
        let (topic, id) = (self.topic.clone(), self.id);
        // if the task has ended, the handler was told already
        let _ = self.consumer.send(Command::Lose { topic, id, reason });
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let (topic, id) = (std::mem::take(&mut self.topic), self.id);
        let _ = self.consumer.send(Command::Unregister { topic, id });
    }
}

/// What the task keeps.
struct State {
    control: SubscriberControl,
    topics: HashMap<String, (Topic, Vec<Subscriber>)>,
}

async fn run(
    mut state: State,
    mut events: SubscriberSocket,
    mut heartbeat: SubscriberSocket,
    mut commands: mpsc::UnboundedReceiver<Command>,
) {
    let mut last_sign = Instant::now();
    let mut burst = 0_u32;
    let mut check = interval(SILENCE_CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let reason = loop {
        tokio::select! {
            // events first: what has arrived belongs before a command that comes after it
            biased;
            message = events.next() => match message {
                Ok(message) => {
                    last_sign = Instant::now();
                    state.deliver(message);
                    burst += 1;
                    if burst == LONGEST_BURST {
                        burst = 0;
                        while let Ok(command) = commands.try_recv() {
                            state.obey(command);
                        }
                    }
                }
                Err(error) => break format!("the connection for events: {}", with_sources(&error)),
            },
            command = commands.recv() => match command {
                Some(command) => state.obey(command),
                None => return, // nobody is interested any more
            },
            message = heartbeat.next() => match message {
                Ok(_) => last_sign = Instant::now(),
                Err(error) => {
                    break format!("the connection for heartbeats: {}", with_sources(&error));
                }
            },
            _ = check.tick() => {
                if last_sign.elapsed() >= SILENCE_LIMIT {
                    break format!("no sign of life for {} s", SILENCE_LIMIT.as_secs());
                }
            }
        }
    };
    // refuse what comes from now on before anyone learns of the end
    commands.close();
    tracing::debug!(reason, "events lost");
    state.lose_all(&reason);
}

impl State {
    fn deliver(&mut self, message: Message) {
        let Ok(name) = std::str::from_utf8(message.topic()) else {
            return;
        };
        // a topic is subscribed to by its start, so others may come too
        let Some((topic, subscribers)) = self.topics.get_mut(name) else {
            return;
        };
        for notice in topic.notices(message) {
            for subscriber in subscribers.iter_mut() {
                match &mut subscriber.kept {
                    Some(kept) => kept.push(notice.clone()),
                    None => subscriber.tell(notice.clone()),
                }
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Register {
                topic,
                subscriber,
                done,
            } => {
                let is_new = !self.topics.contains_key(&topic);
                if is_new && self.control.subscribe(topic.as_bytes()).is_err() {
                    return; // the end of the connection is about to be noticed
                }
                self.topics.entry(topic).or_default().1.push(subscriber);
                let _ = done.send(());
            }
            Command::Open {
                topic,
                id,
                notices: (opening, outcome),
                done,
            } => {
                let Some(subscriber) = self.find(&topic, id) else {
                    return;
                };
                let kept = subscriber.kept.take().unwrap_or_default();
                for notice in opening.notices(outcome, kept) {
                    subscriber.tell(notice);
                }
                let _ = done.send(());
            }
            Command::Lose { topic, id, reason } => {
                if let Some(subscriber) = self.find(&topic, id) {
                    subscriber.lose(&reason);
                }
                self.remove(&topic, id);
            }
            Command::Unregister { topic, id } => self.remove(&topic, id),
        }
    }

    fn find(&mut self, topic: &str, id: u64) -> Option<&mut Subscriber> {
        let (_, subscribers) = self.topics.get_mut(topic)?;
        subscribers
            .iter_mut()
            .find(|subscriber| subscriber.id == id)
    }

    fn remove(&mut self, topic: &str, id: u64) {
        let Some((_, subscribers)) = self.topics.get_mut(topic) else {
            return;
        };
        subscribers.retain(|subscriber| subscriber.id != id);
        if subscribers.is_empty() {
            self.topics.remove(topic);
            let _ = self.control.unsubscribe(topic.as_bytes());
        }
    }

    fn lose_all(&mut self, reason: &str) {
        let topics = std::mem::take(&mut self.topics).into_values();
        let mut subscribers: Vec<_> = topics.flat_map(|(_, subscribers)| subscribers).collect();
        subscribers.sort_by_key(|subscriber| subscriber.id);
        for subscriber in &mut subscribers {
            subscriber.lose(reason);
        }
    }
}

impl Subscriber {
    fn tell(&self, notice: EventNotice) {
        if !self.wanted.load(Ordering::Acquire) {
            return;
        }
        let handled = catch_unwind(AssertUnwindSafe(|| self.handler.handle(notice)));
        if handled.is_err() {
            tracing::error!(
                "an event handler panicked; the subscription goes on without that notice"
            );
        }
    }

    fn lose(&mut self, reason: &str) {
        // one that was never opened has nothing to lose: whoever opens it gets an error
        if self.kept.is_none() {
            self.tell(EventNotice::Lost {
                reason: reason.to_owned(),
            });
        }
        if let Some(lost) = self.lost.take() {
            let _ = lost.send(reason.to_owned());
        }
    }
}
