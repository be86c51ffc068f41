//! Against real sockets; every wait is for a condition.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::*;
use crate::{
    cdr::{ByteOrder, Writer},
    client::Directions,
    event::{EventOptions, SubscriptionPoint, point::Endpoints, source::SourceFuture},
    types::{AttributeReading, AttributeVersion, Value},
    zmtp::Publisher,
};

mod adversity;
mod slow_handlers;

/// The two publishers of a Tango server.
struct Server {
    events: Publisher,
    heartbeats: Publisher,
    /// Of each attribute, as servers count.
    counters: Mutex<HashMap<String, u32>>,
}

impl Server {
    async fn start() -> Arc<Self> {
        Arc::new(Self {
            events: Publisher::bind("127.0.0.1:0").await.unwrap(),
            heartbeats: Publisher::bind("127.0.0.1:0").await.unwrap(),
            counters: Mutex::default(),
        })
    }

    fn push(&self, attribute: &str, value: i16) {
        let message = self.message(attribute, value);
        self.publish(&message);
    }

    fn message(&self, attribute: &str, value: i16) -> Vec<Vec<u8>> {
        let counter = {
            let mut counters = self.counters.lock().unwrap();
            let counter = counters.entry(attribute.to_owned()).or_default();
            *counter += 1;
            *counter
        };
        let mut call = Writer::new(ByteOrder::Little);
        call.i32(1);
        call.u32(counter);
        call.string("");
        call.bytes(&[]);
        call.bool(false);
        let mut data = Writer::new(ByteOrder::Little);
        reading(attribute, value).write(&mut data, AttributeVersion::Five);
        let data = [&[0xc0, 0xde, 0xc0, 0xde], &data.finish().unwrap()[..]].concat();
        vec![topic(attribute), vec![1], call.finish().unwrap(), data]
    }

    fn publish(&self, message: &[Vec<u8>]) {
        let parts: Vec<&[u8]> = message.iter().map(Vec::as_slice).collect();
        self.events.publish(&parts);
    }

    fn subscribers(&self, attribute: &str) -> usize {
        self.events.subscribers(&topic(attribute))
    }
}

const HEARTBEAT: &[u8] = b"tango://h:1/dserver/x/y";

fn topic(attribute: &str) -> Vec<u8> {
    format!("tango://h:1/a/b/c/{attribute}.idl5_change").into_bytes()
}

fn reading(attribute: &str, value: i16) -> AttributeReading {
    AttributeReading::new(attribute, Value::Short(value), SystemTime::now())
}

/// A device whose server may come and go.
struct Device {
    attribute: &'static str,
    server: Mutex<Option<Arc<Server>>>,
    requests: AtomicUsize,
    value: i16,
}

impl Device {
    fn new(attribute: &'static str, server: &Arc<Server>) -> Arc<Self> {
        Arc::new(Self {
            attribute,
            server: Mutex::new(Some(Arc::clone(server))),
            requests: AtomicUsize::new(0),
            value: 42,
        })
    }

    fn move_to(&self, server: Option<Arc<Server>>) {
        *self.server.lock().unwrap() = server;
    }
}

impl EventSource<AttributeReading> for Device {
    fn name(&self) -> String {
        self.attribute.to_owned()
    }

    fn request(&self) -> SourceFuture<'_, SubscriptionPoint> {
        Box::pin(async {
            self.requests.fetch_add(1, Ordering::Relaxed);
            let server = self.server.lock().unwrap();
            let server = server.as_ref().ok_or(SubscribeError::Reply("no server"))?;
            Ok(SubscriptionPoint {
                endpoints: vec![Endpoints {
                    heartbeats: server.heartbeats.address().to_string(),
                    events: server.events.address().to_string(),
                }],
                topic: topic(self.attribute),
                heartbeat_topic: HEARTBEAT.to_vec(),
            })
        })
    }

    fn read(&self) -> SourceFuture<'_, Result<AttributeReading, DevFailed>> {
        Box::pin(async { Ok(Ok(reading(self.attribute, self.value))) })
    }
}

/// Collects notices in short form.
struct Listener(mpsc::UnboundedReceiver<String>);

impl Listener {
    fn new() -> (Self, Arc<dyn EventHandler>) {
        let (heard, listener) = mpsc::unbounded_channel();
        let handler = move |notice: EventNotice| {
            let short = match notice {
                EventNotice::Initial(reading) => format!("initial {}", number(&reading)),
                EventNotice::Event(reading) => format!("{} {}", reading.name, number(&reading)),
                EventNotice::Back(reading) => format!("back {}", number(&reading)),
                EventNotice::Gap { missed, .. } => format!("gap {missed:?}"),
                EventNotice::Lost { .. } => "lost".to_owned(),
                EventNotice::StillLost { reason, .. } => format!("still lost: {reason}"),
                EventNotice::Error(_) => "error".to_owned(),
            };
            let _ = heard.send(short);
        };
        (Self(listener), Arc::new(handler))
    }

    async fn next(&mut self) -> String {
        self.0.recv().await.unwrap()
    }

    async fn expect(&mut self, expected: &[&str]) {
        for &expected in expected {
            assert_eq!(self.next().await, expected);
        }
    }
}

fn number(reading: &AttributeReading) -> i16 {
    match reading.value {
        Value::Short(number) => number,
        ref other => panic!("not a short: {other:?}"),
    }
}

fn channels(options: EventOptions) -> EventChannels {
    let pause = Duration::from_millis(1);
    EventChannels::new(
        options.with_retry_pauses(pause, 4 * pause),
        Directions::default(),
    )
}

#[tokio::test]
async fn every_event_of_a_burst_arrives_in_order() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let channels = channels(EventOptions::default());
    let _subscription = subscribe(EventKind::Change, device, channels, handler)
        .await
        .unwrap();
    assert_eq!(listener.next().await, "initial 42");
    for value in 0..5000 {
        server.push("obsstate", value);
    }
    for value in 0..5000 {
        assert_eq!(listener.next().await, format!("obsstate {value}"));
    }
}

#[tokio::test]
async fn attributes_of_a_server_keep_their_common_order() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let channels = channels(EventOptions::default());
    let open = |attribute| {
        let device = Device::new(attribute, &server);
        subscribe(
            EventKind::Change,
            device,
            channels.clone(),
            Arc::clone(&handler),
        )
    };
    let (_first, _second) = tokio::try_join!(open("obsstate"), open("result")).unwrap();
    listener.expect(&["initial 42", "initial 42"]).await;
    for value in 0..100 {
        server.push("obsstate", value);
        server.push("result", value);
    }
    for value in 0..100 {
        assert_eq!(listener.next().await, format!("obsstate {value}"));
        assert_eq!(listener.next().await, format!("result {value}"));
    }
}

#[tokio::test]
async fn an_event_sent_twice_arrives_once() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let channels = channels(EventOptions::default());
    let _subscription = subscribe(EventKind::Change, device, channels, handler)
        .await
        .unwrap();
    let message = server.message("obsstate", 1);
    server.publish(&message);
    server.publish(&message);
    server.push("obsstate", 2);
    listener
        .expect(&["initial 42", "obsstate 1", "obsstate 2"])
        .await;
}

#[tokio::test]
async fn a_server_that_moves_is_found_again_and_the_gap_is_told() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let channels = channels(EventOptions::default());
    let _subscription = subscribe(EventKind::Change, device.clone(), channels, handler)
        .await
        .unwrap();
    server.push("obsstate", 1);
    listener.expect(&["initial 42", "obsstate 1"]).await;

    device.move_to(None);
    drop(server);
    listener.expect(&["lost"]).await;

    let elsewhere = Server::start().await;
    device.move_to(Some(Arc::clone(&elsewhere)));
    listener.expect(&["gap None", "back 42"]).await;
    elsewhere.push("obsstate", 2);
    listener.expect(&["obsstate 2"]).await;
}

#[tokio::test]
async fn a_server_that_stays_away_is_told_of_again_and_again() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let options = EventOptions::default().with_reminder_period(Duration::from_millis(5));
    let _subscription = subscribe(
        EventKind::Change,
        device.clone(),
        channels(options),
        handler,
    )
    .await
    .unwrap();
    device.move_to(None);
    drop(server);
    listener.expect(&["initial 42", "lost"]).await;
    for _ in 0..2 {
        let reminder = listener.next().await;
        assert!(reminder.starts_with("still lost: ") && reminder.ends_with("no server"));
    }
}

#[tokio::test]
async fn silence_of_the_heart_is_a_loss() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let patience = Duration::from_millis(200);
    let channels = channels(EventOptions::default().with_heartbeat_timeout(patience));
    let _subscription = subscribe(EventKind::Change, device, channels, handler)
        .await
        .unwrap();
    listener
        .expect(&["initial 42", "lost", "gap None", "back 42"])
        .await;
}

#[tokio::test]
async fn a_dead_connection_is_a_loss_though_the_heart_beats() {
    let server = Server::start().await;
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let via = relay.local_addr().unwrap().to_string();
    let events = server.events.address();
    let (cut, is_cut) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        let (mut near, _) = relay.accept().await.unwrap();
        let mut far = TcpStream::connect(events).await.unwrap();
        let mut until = is_cut.clone();
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
            _ = until.wait_for(|cut| *cut) => {}
        }
        // open, and forgotten by whatever carried it
        std::future::pending::<()>().await;
    });
    let beating = Arc::clone(&server);
    tokio::spawn(async move {
        let mut beats = tokio::time::interval(Duration::from_millis(10));
        loop {
            beats.tick().await;
            beating.heartbeats.publish(&[HEARTBEAT, b"", b""]);
        }
    });
    let patience = Duration::from_secs(1);
    let endpoints = Endpoints {
        heartbeats: server.heartbeats.address().to_string(),
        events: via,
    };
    let directions = Directions::default();
    let channel = EventChannel::connect(&directions, &endpoints, HEARTBEAT, patience);
    let channel = channel.await.unwrap();
    channel.confirm().await.unwrap();
    assert!(channel.is_live());
    cut.send(true).unwrap();
    let reason = channel.ended().await;
    assert!(reason.contains("has given no answer"), "{reason}");
}

#[tokio::test]
async fn a_subscription_is_renewed_and_a_refused_renewal_is_a_loss() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let period = Duration::from_millis(1);
    let channels = channels(EventOptions::default().with_renewal_period(period));
    let _subscription = subscribe(EventKind::Change, device.clone(), channels, handler)
        .await
        .unwrap();
    assert_eq!(listener.next().await, "initial 42");
    while device.requests.load(Ordering::Relaxed) < 4 {
        tokio::task::yield_now().await;
    }
    device.move_to(None);
    assert_eq!(listener.next().await, "lost");
}

#[tokio::test]
async fn a_handler_that_panics_is_heard_of_by_the_others() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let channels = channels(EventOptions::default());
    let device = Device::new("obsstate", &server);
    let _subscription = subscribe(EventKind::Change, device, channels.clone(), handler)
        .await
        .unwrap();
    assert_eq!(listener.next().await, "initial 42");
    let panics =
        |notice: EventNotice| assert!(matches!(notice, EventNotice::Initial(_)), "as intended");
    let device = Device::new("result", &server);
    let _other = subscribe(EventKind::Change, device, channels, Arc::new(panics))
        .await
        .unwrap();
    server.push("result", 1);
    listener.expect(&["lost", "gap None", "back 42"]).await;
    server.push("obsstate", 2);
    listener.expect(&["obsstate 2"]).await;
}

#[tokio::test]
async fn a_dropped_subscription_is_taken_back_and_says_nothing_more() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let channels = channels(EventOptions::default());
    let subscription = subscribe(EventKind::Change, device, channels, handler)
        .await
        .unwrap();
    assert_eq!(server.subscribers("obsstate"), 1);
    drop(subscription);
    while server.subscribers("obsstate") > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(listener.next().await, "initial 42");
    assert!(listener.0.recv().await.is_none(), "the handler is let go");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error_with_its_address() {
    let server = Server::start().await;
    let device = Device::new("obsstate", &server);
    let address = server.heartbeats.address().to_string();
    let gone = Arc::clone(&server);
    device.move_to(None);
    drop(server);
    let point = SubscriptionPoint {
        endpoints: vec![Endpoints {
            heartbeats: address.clone(),
            events: address.clone(),
        }],
        topic: Vec::new(),
        heartbeat_topic: Vec::new(),
    };
    drop(gone);
    // the port is free once the publisher's task has ended
    let channels = channels(EventOptions::default());
    let error = loop {
        match channels.open(&point).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains(&address), "{error}");
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_one_connection_share_its_failure() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = deaf.local_addr().unwrap().to_string();
    let point = SubscriptionPoint {
        endpoints: vec![Endpoints {
            heartbeats: address.clone(),
            events: address,
        }],
        topic: Vec::new(),
        heartbeat_topic: Vec::new(),
    };
    let channels = channels(EventOptions::default());
    let began = Instant::now();
    let outcomes = tokio::join!(
        channels.open(&point),
        channels.open(&point),
        channels.open(&point)
    );
    let once = began.elapsed();
    for outcome in [outcomes.0, outcomes.1, outcomes.2] {
        let error = outcome.unwrap_err();
        assert!(matches!(error, SubscribeError::Connect { .. }), "{error}");
    }
    assert!(channels.open(&point).await.is_err(), "it is tried again");
    assert!(began.elapsed() >= 2 * once, "{once:?}");
    assert!(once < Duration::from_secs(3), "{once:?}");
}
