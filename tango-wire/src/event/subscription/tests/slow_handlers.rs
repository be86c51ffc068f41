//! Handlers that block: the connection lives on, within bounds, and what is lost is told.

use std::{
    sync::{Condvar, atomic::AtomicBool},
    thread,
};

use super::*;
use crate::zmtp::PublisherOptions;

/// A server on a thread of its own, with a beating heart: it goes on whoever blocks here.
struct Aside {
    server: Arc<Server>,
    beats: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
}

impl Aside {
    fn start(options: PublisherOptions) -> Self {
        let beats = Arc::new(AtomicUsize::new(0));
        let ends = Arc::new(AtomicBool::new(false));
        let (started, server) = std::sync::mpsc::channel();
        let (beating, ending) = (Arc::clone(&beats), Arc::clone(&ends));
        thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async move {
                let server = Arc::new(Server {
                    events: Publisher::bind_with("127.0.0.1:0", options).await.unwrap(),
                    heartbeats: Publisher::bind("127.0.0.1:0").await.unwrap(),
                    counters: Mutex::default(),
                });
                started.send(Arc::clone(&server)).unwrap();
                let mut beats = tokio::time::interval(Duration::from_millis(5));
                while !ending.load(Ordering::Relaxed) {
                    beats.tick().await;
                    server.heartbeats.publish(&[HEARTBEAT, b"", b""]);
                    beating.fetch_add(1, Ordering::Relaxed);
                }
            });
        });
        Self {
            server: server.recv().unwrap(),
            beats,
            ends,
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn a_server_is_not_dead_while_a_handler_blocks() {
    let aside = Aside::start(PublisherOptions::default());
    let patience = Duration::from_millis(200);
    let channels = channels(EventOptions::default().with_heartbeat_timeout(patience));
    let (heard, mut notices) = mpsc::unbounded_channel();
    let beats = Arc::clone(&aside.beats);
    let handler = move |notice: EventNotice| {
        let blocks = matches!(&notice, EventNotice::Event(reading) if number(reading) == 1);
        let _ = heard.send(notice);
        // until the server has beaten for far longer than we are patient
        let enough = beats.load(Ordering::Relaxed) + 120;
        while blocks && beats.load(Ordering::Relaxed) < enough {
            thread::yield_now();
        }
    };
    let device = Device::new("obsstate", &aside.server);
    let _subscription = subscribe(EventKind::Change, device, channels, Arc::new(handler))
        .await
        .unwrap();
    assert!(matches!(
        notices.recv().await,
        Some(EventNotice::Initial(_))
    ));
    for round in 0..2 {
        aside.server.push("obsstate", 1);
        let event = notices.recv().await;
        assert!(
            matches!(event, Some(EventNotice::Event(_))),
            "{round}: {event:?}"
        );
    }
    aside.server.push("obsstate", 2);
    match notices.recv().await {
        Some(EventNotice::Event(reading)) => assert_eq!(number(&reading), 2),
        other => panic!("{other:?}"),
    }
}

/// Closed or open; who comes to a closed one waits.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn pass(&self) {
        let open = self.0.lock().unwrap();
        drop(self.1.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

struct OpenWhenDropped(Arc<Gate>);

impl Drop for OpenWhenDropped {
    fn drop(&mut self) {
        self.0.open();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_costs_no_more_than_what_is_read_ahead() {
    const SIZE: usize = 8 << 20;
    let options = PublisherOptions {
        high_water_size: 1,
        ..PublisherOptions::default()
    };
    let aside = Aside::start(options);
    let (heard, mut notices) = mpsc::unbounded_channel();
    let gate = Arc::new(Gate::default());
    let closed = Arc::clone(&gate);
    // also when this test fails: a runtime waits for its threads
    let gate = OpenWhenDropped(gate);
    let handler = move |notice: EventNotice| {
        if matches!(notice, EventNotice::Event(_)) {
            closed.pass();
        }
        // not the octets: only what is under way shall count here
        let _ = heard.send(match notice {
            EventNotice::Initial(_) => (0, None),
            EventNotice::Event(_) => (1, None),
            EventNotice::Gap { missed, .. } => (2, missed),
            other => panic!("{other:?}"),
        });
    };
    let device = Device::new("map", &aside.server);
    let channels = channels(EventOptions::default());
    let _subscription = subscribe(EventKind::Change, device, channels, Arc::new(handler))
        .await
        .unwrap();
    assert_eq!(notices.recv().await, Some((0, None)));

    // as long as the publisher can get rid of them: then it loses what it has no room for, and
    // after a while nothing moves any more
    let filling = vec![0; SIZE];
    let (mut sent, mut lost, mut lost_in_a_row) = (0u64, 0u64, 0);
    while lost_in_a_row < 200 {
        let message = aside.server.message("map", 1);
        let data = [&message[3], &filling[..]].concat();
        let parts = [&message[0][..], &message[1], &message[2], &data];
        if aside.server.events.publish(&parts).dropped == 0 {
            sent += 1;
            lost_in_a_row = 0;
        } else {
            lost += 1;
            lost_in_a_row += 1;
        }
        // 128 MiB ahead, one in each hand, and what the kernel holds
        assert!(sent <= 22, "{sent}");
    }
    drop(gate);
    let (mut events, mut missed) = (0, 0);
    while events < sent {
        match notices.recv().await {
            Some((1, _)) => events += 1,
            Some((2, count)) => missed += count.unwrap(),
            other => panic!("{other:?}"),
        }
    }
    // what was dropped last shows when the next one arrives
    aside.server.push("map", 2);
    while missed < lost {
        match notices.recv().await {
            Some((2, count)) => missed += count.unwrap(),
            Some((1, _)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(missed, lost);
}
