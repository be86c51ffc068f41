//! Publisher and subscriber against each other, and against peers that do not behave.

use std::time::Duration;

use tango_wire::zmtp::{
    Delivery, Limits, Publisher, PublisherOptions, SubscriberSocket, ZmtpError,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const SOON: Duration = Duration::from_secs(5);

async fn subscribed(publisher: &Publisher, topic: &[u8]) -> SubscriberSocket {
    let socket = SubscriberSocket::connect(publisher.address())
        .await
        .expect("connects");
    socket.subscribe(topic).expect("subscribes");
    socket.ping().await.expect("confirmed");
    socket
}

async fn next_topic(socket: &mut SubscriberSocket) -> Vec<u8> {
    let message = timeout(SOON, socket.next()).await.expect("in time");
    message.expect("a message").topic().to_vec()
}

/// A subscriber that speaks in octets.
async fn raw_subscriber(publisher: &Publisher) -> TcpStream {
    let mut stream = TcpStream::connect(publisher.address())
        .await
        .expect("connects");
    let mut hello = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1];
    hello.extend(b"NULL");
    hello.resize(64, 0);
    hello.extend(b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB");
    stream.write_all(&hello).await.expect("writes");
    let mut answer = [0; 64 + 27];
    stream.read_exact(&mut answer).await.expect("answers");
    assert_eq!(
        &answer[64..],
        b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03PUB"
    );
    stream
}

#[tokio::test]
async fn each_subscriber_gets_its_prefixes_in_order() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let mut first = subscribed(&publisher, b"a/").await;
    let mut second = subscribed(&publisher, b"b/").await;
    second.subscribe(b"a/2").expect("subscribes");
    second.ping().await.expect("confirmed");
    assert_eq!(publisher.subscribers(b"a/2"), 2);

    for topic in [&b"a/1"[..], b"a/2", b"b/1", b"c/1"] {
        publisher.publish(&[topic, b"data"]);
    }
    assert_eq!(next_topic(&mut first).await, b"a/1");
    assert_eq!(next_topic(&mut first).await, b"a/2");
    assert_eq!(next_topic(&mut second).await, b"a/2");
    assert_eq!(next_topic(&mut second).await, b"b/1");

    second.unsubscribe(b"a/2").expect("unsubscribes");
    second.ping().await.expect("confirmed");
    assert_eq!(publisher.subscribers(b"a/2"), 1);
}

#[tokio::test]
async fn a_pong_comes_after_what_was_published_before() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let mut socket = subscribed(&publisher, b"").await;
    for number in 0u32..10_000 {
        let delivery = publisher.publish(&[&number.to_be_bytes()]);
        let all = Delivery {
            queued: 1,
            dropped: 0,
        };
        assert_eq!(delivery, all, "nothing is lost in a burst");
    }
    timeout(SOON, socket.ping())
        .await
        .expect("in time")
        .expect("confirmed");
    for number in 0u32..10_000 {
        assert_eq!(next_topic(&mut socket).await, number.to_be_bytes());
    }
}

#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let mut socket = subscribed(&publisher, b"").await;
    let body = vec![7; 100_000];
    for number in 0u8..20 {
        publisher.publish(&[&[number], &body]);
    }
    let mut received = Vec::new();
    while received.len() < 20 {
        // each of these is dropped in the middle of a message now and then
        tokio::select! {
            biased;
            message = socket.next() => {
                let message = message.expect("a message");
                assert_eq!(message.part(1), Some(body.as_slice()));
                received.push(message.topic()[0]);
            }
            () = tokio::task::yield_now() => drop(socket.ping()),
        }
    }
    assert_eq!(received, (0..20).collect::<Vec<u8>>());
}

#[tokio::test]
async fn subscriptions_as_commands_are_understood() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let mut stream = raw_subscriber(&publisher).await;
    stream
        .write_all(b"\x04\x0b\x09SUBSCRIBEx\x04\x08\x04PING\0\0x")
        .await
        .expect("writes");
    let mut pong = [0; 8];
    stream.read_exact(&mut pong).await.expect("answers");
    assert_eq!(&pong, b"\x04\x06\x04PONGx");
    assert_eq!(publisher.subscribers(b"xyz"), 1);

    stream
        .write_all(b"\x04\x08\x06CANCELx\x04\x07\x04PING\0\0")
        .await
        .expect("writes");
    stream.read_exact(&mut pong[..7]).await.expect("answers");
    assert_eq!(publisher.subscribers(b"xyz"), 0);
}

#[tokio::test]
async fn a_slow_subscriber_loses_counted_messages_and_stops_nobody() {
    for (high_water_mark, high_water_size) in [(100, usize::MAX), (usize::MAX >> 4, 1 << 20)] {
        lose_messages(PublisherOptions {
            high_water_mark,
            high_water_size,
            ..PublisherOptions::default()
        })
        .await;
    }
}

async fn lose_messages(options: PublisherOptions) {
    let publisher = Publisher::bind_with("127.0.0.1:0", options)
        .await
        .expect("binds");
    let mut slow = raw_subscriber(&publisher).await;
    slow.write_all(b"\0\x01\x01\x04\x07\x04PING\0\0")
        .await
        .expect("writes");
    let mut pong = [0; 7];
    slow.read_exact(&mut pong).await.expect("answers");
    let mut quick = subscribed(&publisher, b"").await;

    let body = vec![0; 64 << 10];
    for number in 0u32..1000 {
        publisher.publish(&[&number.to_be_bytes(), &body]);
        assert_eq!(next_topic(&mut quick).await, number.to_be_bytes());
    }
    assert!(publisher.dropped() > 0, "64 MB cannot all be under way");
    drop(slow);
}

#[tokio::test]
async fn both_sides_notice_the_other_leaving() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let socket = subscribed(&publisher, b"a").await;
    let control = socket.control();
    drop(socket);
    assert!(matches!(control.ping().await, Err(ZmtpError::Closed)));
    timeout(SOON, async {
        while publisher.subscribers(b"a") > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the publisher forgets it");

    let mut socket = subscribed(&publisher, b"a").await;
    drop(publisher);
    let ended = timeout(SOON, socket.next()).await.expect("in time");
    assert!(ended.is_err());
    assert!(matches!(socket.next().await, Err(ZmtpError::Closed)));
    assert!(socket.ping().await.is_err());
}

#[tokio::test]
async fn a_message_beyond_the_limits_ends_the_connection() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let limits = Limits {
        message_size: 10,
        ..Limits::default()
    };
    let mut socket = SubscriberSocket::connect_with_limits(publisher.address(), limits)
        .await
        .expect("connects");
    socket.subscribe(b"").expect("subscribes");
    socket.ping().await.expect("confirmed");
    publisher.publish(&[&[0; 11]]);
    let ended = timeout(SOON, socket.next()).await.expect("in time");
    assert!(matches!(ended, Err(ZmtpError::TooLarge { limit: 10, .. })));
}

#[tokio::test]
async fn garbage_closes_one_connection_and_no_other() {
    let publisher = Publisher::bind("127.0.0.1:0").await.expect("binds");
    let mut good = subscribed(&publisher, b"").await;
    for garbage in [
        &b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        &[0xff; 200],
        &[0; 200],
    ] {
        let mut stream = TcpStream::connect(publisher.address())
            .await
            .expect("connects");
        stream.write_all(garbage).await.expect("writes");
        let mut rest = Vec::new();
        // a reset is as good as an end: the connection is closed
        let _ = timeout(SOON, stream.read_to_end(&mut rest))
            .await
            .expect("closed");
    }
    for command in [&b"\x04\x02\x09S"[..], b"\x80\0", b"\x01\x01\x01\0\0"] {
        let mut stream = raw_subscriber(&publisher).await;
        stream.write_all(command).await.expect("writes");
        let mut rest = Vec::new();
        let _ = timeout(SOON, stream.read_to_end(&mut rest))
            .await
            .expect("closed");
    }
    publisher.publish(&[b"still here"]);
    assert_eq!(next_topic(&mut good).await, b"still here");
}

#[tokio::test]
async fn a_publisher_that_speaks_something_else_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let server = async {
        let (mut stream, _) = listener.accept().await.expect("accepts");
        stream
            .write_all(b"SSH-2.0-OpenSSH_9.6\r\n")
            .await
            .expect("writes");
        stream
    };
    let (connected, _stream) = tokio::join!(SubscriberSocket::connect(address), server);
    assert!(matches!(connected, Err(ZmtpError::Protocol(_))));
}
