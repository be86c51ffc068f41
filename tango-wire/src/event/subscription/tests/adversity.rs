//! Servers that move while they live, slow ways to them, and handlers that end their own
//! subscription.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::*;

const LONG: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_device_that_moves_while_its_old_server_lives_is_followed() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let options = EventOptions::default().with_renewal_period(Duration::from_millis(1));
    let _subscription = subscribe(
        EventKind::Change,
        device.clone(),
        channels(options),
        handler,
    )
    .await
    .unwrap();
    assert_eq!(listener.next().await, "initial 42");

    // with a database the topic names no server: it is the same at the next one
    let elsewhere = Server::start().await;
    device.move_to(Some(Arc::clone(&elsewhere)));
    let notices = listener.expect(&["lost", "gap None", "back 42"]);
    timeout(LONG, notices).await.unwrap();
    elsewhere.push("obsstate", 2);
    listener.expect(&["obsstate 2"]).await;
    drop(server);
}

#[tokio::test]
async fn patience_without_end_is_no_error() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    let options = EventOptions::default()
        .with_heartbeat_timeout(Duration::MAX)
        .with_renewal_period(Duration::MAX)
        .with_reminder_period(Duration::MAX);
    let channels = EventChannels::new(
        options.with_retry_pauses(Duration::MAX, Duration::MAX),
        Directions::default(),
    );
    let _subscription = subscribe(EventKind::Change, device, channels, handler)
        .await
        .unwrap();
    server.push("obsstate", 1);
    listener.expect(&["initial 42", "obsstate 1"]).await;
}

#[tokio::test]
async fn a_server_that_comes_and_goes_is_not_stormed() {
    let server = Server::start().await;
    let (mut listener, handler) = Listener::new();
    let device = Device::new("obsstate", &server);
    // there is no heartbeat: each time it is lost again at once
    let options = EventOptions::default()
        .with_heartbeat_timeout(Duration::from_millis(20))
        .with_retry_pauses(Duration::from_millis(50), Duration::from_secs(10));
    let began = Instant::now();
    let channels = EventChannels::new(options, Directions::default());
    // the first attempt may already be too late
    let _subscription = loop {
        let made = subscribe(
            EventKind::Change,
            device.clone(),
            channels.clone(),
            Arc::clone(&handler),
        );
        if let Ok(subscription) = made.await {
            break subscription;
        }
    };
    let mut losses = 0;
    while losses < 4 {
        losses += usize::from(listener.next().await == "lost");
    }
    let lasting = began.elapsed();
    assert!(lasting >= Duration::from_millis(350), "{lasting:?}");
}

/// A place from which a connection leads to `far`, what goes there taking its time.
async fn slow_way_to(far: std::net::SocketAddr, delay: Duration) -> String {
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = relay.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (near, _) = relay.accept().await.unwrap();
        let far = TcpStream::connect(far).await.unwrap();
        let (mut near_reader, mut near_writer) = near.into_split();
        let (mut far_reader, mut far_writer) = far.into_split();
        tokio::spawn(async move {
            let _ = tokio::io::copy(&mut far_reader, &mut near_writer).await;
        });
        let mut octets = [0; 4096];
        while let Ok(read @ 1..) = near_reader.read(&mut octets).await {
            sleep(delay).await;
            far_writer.write_all(&octets[..read]).await.unwrap();
        }
    });
    place
}

#[tokio::test]
async fn a_subscription_is_not_made_before_the_publisher_has_it() {
    let server = Server::start().await;
    let delay = Duration::from_millis(200);
    let endpoints = Endpoints {
        heartbeats: server.heartbeats.address().to_string(),
        events: slow_way_to(server.events.address(), delay).await,
    };
    let channel = EventChannel::connect(&Directions::default(), &endpoints, HEARTBEAT, LONG)
        .await
        .unwrap();
    let (_, handler) = Listener::new();
    let route = Route::<AttributeReading>::new(EventKind::Change, handler);
    let route: Arc<dyn EventSink> = Arc::new(route);
    channel.add(&topic("obsstate"), &route).unwrap();
    channel.confirm().await.unwrap();
    assert_eq!(server.subscribers("obsstate"), 1);
}

#[tokio::test]
async fn a_handler_may_end_its_own_subscription() {
    let server = Server::start().await;
    let device = Device::new("obsstate", &server);
    let (heard, mut listener) = mpsc::unbounded_channel();
    let own: Arc<Mutex<Option<EventSubscription>>> = Arc::default();
    let in_handler = Arc::clone(&own);
    let handler = move |notice: EventNotice| {
        drop(in_handler.lock().unwrap().take());
        let _ = heard.send(matches!(notice, EventNotice::Initial(_)));
    };
    let channels = channels(EventOptions::default());
    let subscription = subscribe(EventKind::Change, device, channels, Arc::new(handler))
        .await
        .unwrap();
    *own.lock().unwrap() = Some(subscription);
    assert_eq!(listener.recv().await, Some(true));
    // one behind the other: the second finds the subscription closed
    server.push("obsstate", 1);
    server.push("obsstate", 2);
    assert_eq!(listener.recv().await, Some(false));
    assert_eq!(listener.recv().await, None, "the handler is let go");
}
